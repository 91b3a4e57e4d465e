/** `orrery demo`: recorded programs under many schedules, a backward pass drawn, and what to try next. */
import Table from 'cli-table3';

import { runSystem } from '../../../kernel/run.ts';
import { formatTrace, recordTrace } from '../../../trace/record.ts';
import { spaceTime } from '../../../trace/space-time.ts';
import { firstDisagreement } from '../conform/agreement.ts';
import type { Verdict } from '../conform/judge.ts';
import { shippedPrograms } from '../conform/programs.ts';
import type { Shipped } from '../conform/programs.ts';
import type { TutorialOptions } from '../demo/demo-tutorial.ts';
import { demoTutorial } from '../demo/demo-tutorial.ts';
import { writeText } from '../files.ts';
import { findScenario } from '../find-scenario.ts';
import { judgeAll } from '../judge-all.ts';
import { stage } from '../scenario.ts';
import type { Result, Session } from '../session.ts';
import { createProgress } from '../terminal/progress.ts';
import { plainStyle } from '../terminal/style.ts';
import { declare } from './command.ts';
import type { CommonOptions, Shell } from './command.ts';
import { count } from './options.ts';

interface Options extends CommonOptions, TutorialOptions {
  readonly out: string;
  readonly schedules: number;
  readonly seed: number;
}

/** Adds the command. */
export function addDemo(shell: Shell): void {
  declare(shell, {
    usage: 'demo [tutorial]',
    description:
      'the main job: recorded programs under many schedules, and a backward pass drawn; ' +
      'or a tutorial that trains, with its curve',
    examples: ['orrery demo --schedules 50', 'orrery demo pipeline --svg loss.svg'],
  })
    .option('--schedules <number>', 'random schedules for each program', count, 200)
    .option('--seed <number>', 'the first schedule is drawn from this seed', count, 1)
    .option('--out <file>', 'where the trace of the drawn run goes', 'traces/backward.trace.json')
    .option('--svg <file>', 'where the curve of a tutorial goes as a picture')
    .action((tutorial: string | undefined, options: Options) =>
      shell.run(options.json === true, (session) =>
        tutorial === undefined ? demo(session, options) : demoTutorial(session, tutorial, options),
      ),
    );
}

interface Judged extends Shipped {
  readonly verdict: Verdict;
  /** Where the outcome is not what PyTorch gave. */
  readonly difference: string | undefined;
}

async function demo(session: Session, options: Options): Promise<Result> {
  const { colors, say } = session;
  const judged = await judgeShipped(session, options);
  say(tableOf(judged, options.schedules));
  const wrong = judged.filter((one) => !isFine(one));
  for (const { difference, program, verdict } of wrong) {
    say(colors.red(`${program.id}: ${difference ?? verdict.dissent?.difference}`));
  }
  await drawBackward(session, options.out);
  sayNext(session, options.out);
  return {
    code: wrong.length === 0 ? 0 : 1,
    report: {
      programs: judged.length,
      agree: judged.length - wrong.length,
      schedules: options.schedules,
      seed: options.seed,
      mismatches: wrong.map(({ difference, program, verdict }) => ({
        id: program.id,
        difference: difference ?? verdict.dissent?.difference,
        ...(verdict.dissent === undefined ? {} : { seed: verdict.dissent.seed }),
      })),
      trace: options.out,
    },
  };
}

function isFine({ difference, verdict }: Judged): boolean {
  return difference === undefined && verdict.dissent === undefined;
}

async function judgeShipped({ io, say }: Session, options: Options): Promise<readonly Judged[]> {
  const { schedules, seed } = options;
  const shipped = shippedPrograms();
  say(
    `${shipped.length} programs that ran on real PyTorch, each in order and under ${schedules} random schedules:`,
  );
  const progress = createProgress(io, shipped.length * (schedules + 1));
  const programs = shipped.map(({ program }) => program);
  const { tick } = progress;
  const verdicts = await judgeAll(programs, {
    count: schedules,
    seed,
    processes: io.processes,
    tick,
  });
  progress.done();
  return shipped.flatMap((one, index) => {
    const verdict = verdicts[index];
    if (verdict === undefined) return [];
    return [{ ...one, difference: firstDisagreement(verdict.outcome, one.golden), verdict }];
  });
}

function tableOf(judged: readonly Judged[], schedules: number): string {
  const table = new Table({
    head: ['program', 'workers', 'values', 'messages', 'what PyTorch gave', 'here', 'schedules'],
    style: plainStyle,
  });
  for (const { difference, golden, program, verdict } of judged) {
    table.push([
      program.id,
      program.workers,
      program.values.length,
      verdict.messages,
      inWords(golden),
      difference === undefined ? 'the same' : 'DIFFERS',
      verdict.dissent === undefined ? `${schedules} alike` : `seed ${verdict.dissent.seed} DIFFERS`,
    ]);
  }
  return table.toString();
}

function inWords({ error, gradients }: Shipped['golden']): string {
  if (isRecord(error)) return String(error['message']);
  const leaves = isRecord(gradients) ? Object.keys(gradients).length : 0;
  return `${leaves} ${leaves === 1 ? 'gradient' : 'gradients'}`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

async function drawBackward({ say, width }: Session, out: string): Promise<void> {
  const name = 'traced-call';
  const { params, scenario, system } = stage(name, await findScenario(name), {});
  const run = runSystem(system);
  say();
  say('One call from worker0 to worker1 with its backward pass:');
  say();
  say(spaceTime(run.steps, { width, ...(scenario.label && { label: scenario.label }) }).trimEnd());
  writeText(out, formatTrace(recordTrace(system, run, { params })));
}

function sayNext({ colors, io, say }: Session, out: string): void {
  say();
  say('Its trace was written. Try next:');
  say(`  ${colors.bold(`${io.command} replay ${out}`)}`);
  say(`  ${colors.bold(`${io.command} show ${out} --format mermaid`)}`);
  say(`  ${colors.bold(`${io.command} run sharing-among-users --seed 7`)}`);
}
