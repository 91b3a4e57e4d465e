/** `orrery replay`: a trace made to happen again. */
import { invariant } from '../../../core/errors.ts';
import type { Run } from '../../../kernel/run.ts';
import type { Step } from '../../../kernel/step.ts';
import { remarksOf } from '../../../runtime/remarks.ts';
import { followTrace } from '../../../trace/follow.ts';
import { replayTrace } from '../../../trace/replay.ts';
import { closing, createLog } from '../log.ts';
import type { Result, Session } from '../session.ts';
import { stageTrace } from '../staging/staged-trace.ts';
import type { StagedTrace } from '../staging/staged-trace.ts';
import { sayBroken, tracedProperty } from '../staging/traced-property.ts';
import { declare } from './command.ts';
import type { CommonOptions, Shell } from './command.ts';
import { count } from './options.ts';

interface Options extends CommonOptions {
  readonly module?: string;
  readonly quiet?: true;
  readonly to?: number;
  readonly tolerant?: true;
}

/** Adds the command. */
export function addReplay(shell: Shell): void {
  declare(shell, {
    usage: 'replay <trace>',
    description: 'replay a trace file: the same event log and hash, or where and why it differs',
    examples: [
      'orrery replay two-phase-commit.trace.json',
      'orrery replay bug.trace.json --to 12',
      'orrery replay bug.trace.json --tolerant',
    ],
  })
    .option('--to <step>', 'stop after this step', count)
    .option('--tolerant', 'the code has changed: follow as far as choices of these names come')
    .option('--module <file>', 'the module of a scenario of your own')
    .option('--quiet', 'print no event log')
    .action((trace: string, options: Options) =>
      shell.run(options.json === true, async (session) => {
        const staged = await stageTrace(trace, options.module);
        return options.tolerant
          ? follow(session, staged, options)
          : replay(session, staged, options);
      }),
    );
}

function replay(session: Session, staged: StagedTrace, options: Options): Result {
  const { path, system, trace } = staged;
  const isWhole = options.to === undefined;
  const replayed = replayTrace(trace, system, {
    ...logging(session, staged, options),
    ...(options.to === undefined ? {} : { to: options.to }),
  });
  const { run } = replayed;
  if (isWhole) sayOutcome(session, staged, run);
  session.say(closing(run));
  const isSame = replayed.type === 'same';
  session.say(
    isSame
      ? session.colors.green('the same as recorded')
      : session.colors.red(`differs from the recording at step ${replayed.step}: ${replayed.why}`),
  );
  const broken = isSame && isWhole ? sayBroken(session, staged, run) : undefined;
  return {
    // What was recorded as broken and holds now is a mismatch too.
    code: isSame && broken !== false ? 0 : 1,
    report: {
      trace: path,
      scenario: trace.system.name,
      same: isSame,
      ...(isSame ? {} : { step: replayed.step, why: replayed.why }),
      ...(broken === undefined ? {} : { broken }),
      steps: run.steps.length - 1,
      hash: run.hash,
    },
  };
}

function follow(session: Session, staged: StagedTrace, options: Options): Result {
  invariant(
    options.to === undefined,
    'cli/bad-option',
    'Steps have no fixed numbers once the code has changed. Leave out --to or --tolerant.',
  );
  const { path, system, trace } = staged;
  const property = tracedProperty(staged);
  const { isSameStart, run, skipped } = followTrace(trace, system, {
    ...logging(session, staged, options),
    ...(property === undefined ? {} : { property }),
  });
  const { colors, say } = session;
  sayOutcome(session, staged, run);
  say(closing(run));
  if (!isSameStart) {
    say(colors.yellow(`"${system.name}" starts otherwise than when this was recorded`));
  }
  const taken = trace.departures.length - skipped.length;
  say(`${taken} of ${trace.departures.length} departures taken`);
  for (const { at, take } of skipped) say(colors.yellow(`skipped: ${take} where ${at} is next`));
  const broken = sayBroken(session, staged, run);
  return {
    code: broken === true ? 1 : 0,
    report: {
      trace: path,
      scenario: trace.system.name,
      same: run.hash === trace.hash,
      sameStart: isSameStart,
      skipped,
      ...(broken === undefined ? {} : { broken }),
      steps: run.steps.length - 1,
      hash: run.hash,
    },
  };
}

function logging(
  session: Session,
  { scenario }: StagedTrace,
  { quiet }: Options,
): { readonly onStep?: (step: Step) => void } {
  return quiet ? {} : { onStep: createLog(session, scenario) };
}

function sayOutcome(
  { colors, say }: Session,
  { params, scenario, system }: StagedTrace,
  run: Run,
): void {
  const outcome = scenario.outcome?.(run, params);
  if (outcome !== undefined) say(`outcome ${JSON.stringify(outcome)}`);
  for (const remark of remarksOf(system, run)) say(colors.yellow(remark));
}
