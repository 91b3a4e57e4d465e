/** `orrery conform`: programs that ran on real PyTorch, run here. */
import { basename, dirname, join } from 'node:path';

import type { ConformanceProgram } from '../../../../actors/conformance/program.ts';
import { backwardModes, profileNames } from '../../../../actors/index.ts';
import type { BackwardMode, Profile } from '../../../../actors/index.ts';
import { invariant } from '../../../core/errors.ts';
import { firstDisagreement } from '../conform/agreement.ts';
import { plainSetting } from '../conform/judge.ts';
import type { Verdict } from '../conform/judge.ts';
import { readGolden, readPrograms } from '../conform/programs.ts';
import type { Golden } from '../conform/programs.ts';
import { writeText } from '../files.ts';
import { judgeAll } from '../judge-all.ts';
import type { Result, Session } from '../session.ts';
import { createProgress } from '../terminal/progress.ts';
import { declare } from './command.ts';
import type { CommonOptions, Shell } from './command.ts';
import { count, oneOf, secondsOf } from './options.ts';

interface Options extends CommonOptions {
  readonly golden?: string;
  readonly mode: BackwardMode;
  readonly profile: Profile;
  readonly rpcTimeout: number;
  readonly out?: string;
  readonly schedules: number;
  readonly seed: number;
  readonly traces?: string;
}

/** Adds the command. */
export function addConform(shell: Shell): void {
  declare(shell, {
    usage: 'conform <programs>',
    description: 'run recorded programs (JSONL) and compare what comes out with what PyTorch gave',
    examples: [
      'orrery conform programs.jsonl --out outcomes.jsonl',
      'orrery conform programs.jsonl --golden programs.golden.jsonl --schedules 20 --seed 1',
      'orrery conform unused.jsonl --golden unused.golden.jsonl --mode smart',
    ],
  })
    .option('--out <file>', 'write the outcomes there, a line for each program, in the same order')
    .option('--golden <file>', 'compare with these outcomes')
    .option(
      '--mode <mode>',
      `how backward finds the messages that it needs: ${backwardModes.join(', ')}`,
      oneOf(backwardModes),
      plainSetting.mode,
    )
    .option(
      '--profile <profile>',
      `with PyTorch's bugs or without: ${profileNames.join(', ')}`,
      oneOf(profileNames),
      plainSetting.profile,
    )
    .option(
      '--rpc-timeout <seconds>',
      'the time-out of calls; 0 is without end',
      secondsOf,
      plainSetting.rpcTimeout,
    )
    .option('--schedules <number>', 'run each also under so many random schedules', count, 0)
    .option('--seed <number>', 'the first schedule is drawn from this seed', count, 1)
    .option('--traces <folder>', 'where traces of mismatches go; beside --out, or here')
    .action((programs: string, options: Options) =>
      shell.run(options.json === true, (session) => conform(session, programs, options)),
    );
}

interface Judged {
  readonly expected: Golden | undefined;
  readonly id: string;
  readonly verdict: Verdict;
}

async function conform(session: Session, path: string, options: Options): Promise<Result> {
  const started = performance.now();
  const programs = readPrograms(path);
  const golden = options.golden === undefined ? undefined : readGolden(options.golden);
  requireGolden(programs, golden, options.golden ?? '');
  const progress = createProgress(session.io, programs.length * (options.schedules + 1));
  const verdicts = await judgeAll(programs, {
    count: options.schedules,
    seed: options.seed,
    processes: session.io.processes,
    setting: { mode: options.mode, profile: options.profile, rpcTimeout: options.rpcTimeout },
    tick: progress.tick,
  }).finally(progress.done);
  const judged = verdicts.map((verdict): Judged => ({
    expected: golden?.get(verdict.outcome.id),
    id: verdict.outcome.id,
    verdict,
  }));
  if (options.out !== undefined) {
    const lines = judged.map(({ verdict }) => `${JSON.stringify(verdict.outcome)}\n`);
    writeText(options.out, lines.join(''));
  }
  return summarise(session, judged, { ...options, elapsedMs: performance.now() - started });
}

function requireGolden(
  programs: readonly ConformanceProgram[],
  golden: ReadonlyMap<string, Golden> | undefined,
  path: string,
): void {
  const missing = programs.find(({ id }) => golden?.has(id) === false);
  invariant(
    missing === undefined,
    'cli/no-golden',
    `"${path}" has no outcome of the program "${missing?.id}". Record one, or leave the program out.`,
  );
}

/** A program that cannot be run agrees with nothing. */
function differenceOf({ outcome }: Verdict, expected: Golden | undefined): string | undefined {
  if (outcome.outcome === 'failed') return outcome.message;
  return expected && firstDisagreement(outcome, expected);
}

interface Circumstances extends Options {
  readonly elapsedMs: number;
}

function summarise(session: Session, judged: readonly Judged[], options: Circumstances): Result {
  const { colors, say } = session;
  const wrong = judged.flatMap(({ expected, id, verdict }) => {
    const difference = differenceOf(verdict, expected);
    return difference === undefined ? [] : [{ id, difference }];
  });
  const dissents = judged.flatMap(({ id, verdict }) => {
    if (verdict.dissent === undefined) return [];
    const { difference, file, seed, trace } = verdict.dissent;
    const place = join(options.traces ?? dirname(options.out ?? basename(file)), file);
    writeText(place, trace);
    return [{ id, seed, difference, trace: place }];
  });
  for (const { id, verdict } of judged) {
    const [first, ...more] = verdict.outcome.waits ?? [];
    if (first === undefined) continue;
    say(`${id}: ${first}${more.length === 0 ? '' : ` (and ${more.length} more that wait)`}`);
  }
  for (const { difference, id } of wrong) say(colors.red(`${id}: ${difference}`));
  for (const { difference, id, seed, trace } of dissents) {
    say(colors.red(`${id}, seed ${seed}: ${difference}; replay it with: orrery replay ${trace}`));
  }
  const total = judged.length;
  const seconds = Number((options.elapsedMs / 1_000).toFixed(1));
  if (options.golden !== undefined)
    say(`${total - wrong.length} of ${total} agree with ${options.golden}`);
  const failed = judged.filter(({ verdict }) => verdict.outcome.outcome === 'failed').length;
  if (failed > 0) say(`${failed} of ${total} cannot be run`);
  if (options.schedules > 0) {
    say(
      `${total - dissents.length - failed} of ${total} come out alike under ${options.schedules} random schedules each`,
    );
  }
  say(
    `${total} programs, ${seconds} s${options.out === undefined ? '' : `, outcomes in ${options.out}`}`,
  );
  return {
    code: wrong.length + dissents.length === 0 ? 0 : 1,
    report: {
      programs: total,
      ...(options.golden === undefined ? {} : { agree: total - wrong.length }),
      ...(options.golden === undefined && failed === 0 ? {} : { mismatches: wrong }),
      ...(options.schedules === 0
        ? {}
        : { schedules: options.schedules, seed: options.seed, dissents }),
      ...(options.out === undefined ? {} : { out: options.out }),
      seconds,
    },
  };
}
