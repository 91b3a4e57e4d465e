/** `orrery run`: one run of a scenario, printed and written down. */
import { invariant } from '../../../core/errors.ts';
import { randomWalk } from '../../../explore/strategies/random-walk.ts';
import { runSystem } from '../../../kernel/run.ts';
import type { Run, RunOptions } from '../../../kernel/run.ts';
import { formatTape, parseTape } from '../../../kernel/tape.ts';
import { remarksOf } from '../../../runtime/remarks.ts';
import type { System } from '../../../runtime/system.ts';
import { formatTrace, recordTrace } from '../../../trace/record.ts';
import { eager } from '../eager.ts';
import { writeText } from '../files.ts';
import { findScenario } from '../find-scenario.ts';
import { closing, createLog } from '../log.ts';
import { parseParams, stage } from '../scenario.ts';
import type { Result, Session } from '../session.ts';
import { declare } from './command.ts';
import type { CommonOptions, Shell } from './command.ts';
import { count, list } from './options.ts';

interface Options extends CommonOptions {
  readonly out?: string;
  readonly param?: readonly string[];
  readonly quiet?: true;
  readonly seed?: number;
  readonly stepsMax: number;
  readonly tape?: string;
}

/** Adds the command. */
export function addRun(shell: Shell): void {
  declare(shell, {
    usage: 'run <scenario>',
    description: 'run a scenario (see "orrery list") or a module of your own, once',
    examples: [
      'orrery run ping-pong',
      'orrery run two-phase-commit --param repeats=false --seed 7 --out two-phase-commit.trace.json',
    ],
  })
    .option('--param <name=value>', 'set a parameter; may be given several times', list)
    .option('--seed <number>', 'choose at random, from this seed; else nothing goes wrong', count)
    .option('--tape <tape>', 'take these departures, as a trace shows them')
    .option('--out <file>', 'write the trace there')
    .option('--steps-max <number>', 'end after so many steps', count, 10_000)
    .option('--quiet', 'print no event log')
    .action((scenario: string, options: Options) =>
      shell.run(options.json === true, (session) => run(session, scenario, options)),
    );
}

async function run(session: Session, name: string, options: Options): Promise<Result> {
  invariant(
    options.seed === undefined || options.tape === undefined,
    'cli/bad-option',
    'A run follows a seed or a tape, not both. Leave out --seed or --tape.',
  );
  const found = await findScenario(name);
  const { params, scenario, system } = stage(
    name,
    found,
    parseParams(name, found.params, options.param ?? []),
  );
  const log = options.quiet ? undefined : createLog(session, scenario);
  const made = runSystem(system, {
    ...guide(options),
    stepsMax: options.stepsMax,
    ...(log === undefined ? {} : { onStep: log }),
  });
  const outcome = scenario.outcome?.(made, params);
  if (outcome !== undefined) session.say(`outcome ${JSON.stringify(outcome)}`);
  const remarks = remarksOf(system, made);
  session.say(closing(made));
  for (const remark of remarks) session.say(session.colors.yellow(remark));
  const hint = waitsForInputs(system, made) && options.seed === undefined ? waiting : undefined;
  if (hint !== undefined) session.say(hint);
  if (options.out !== undefined) {
    writeText(options.out, formatTrace(recordTrace(system, made, { params })));
    session.say(`trace ${options.out}`);
  }
  return {
    code: 0,
    report: reportOf(made, { hint, name, params, outcome, out: options.out, remarks }),
  };
}

const waiting =
  'nothing happened: this system waits for inputs, which only chance gives; try --seed 1';

/** The empty tape takes no inputs: some systems do nothing without. */
function waitsForInputs(system: System, { ended, steps, world }: Run): boolean {
  const isStart = ended === 'quiescent' && steps.length === 1;
  return isStart && system.choices(world).some(({ type }) => type === 'input');
}

function guide({ seed, tape }: Options): RunOptions {
  if (seed !== undefined) return { chooser: eager(randomWalk(seed)) };
  return tape === undefined ? {} : { tape: parseTape(tape), replay: 'strict' };
}

interface Circumstances {
  readonly hint: string | undefined;
  readonly name: string;
  readonly out: string | undefined;
  readonly outcome: unknown;
  readonly params: unknown;
  readonly remarks: readonly string[];
}

function reportOf(
  made: Run,
  { hint, name, out, outcome, params, remarks }: Circumstances,
): Result['report'] {
  return {
    scenario: name,
    params,
    ended: made.ended,
    steps: made.steps.length - 1,
    timeUs: made.steps.at(-1)?.at ?? 0,
    tape: formatTape(made.tape),
    hash: made.hash,
    ...(hint === undefined ? {} : { hint }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(remarks.length === 0 ? {} : { remarks }),
    ...(out === undefined ? {} : { trace: out }),
  };
}
