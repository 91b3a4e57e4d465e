/** `orrery replay`: a trace made to happen again. */
import { replayTrace } from '../../trace/replay.ts';
import type { Replay } from '../../trace/replay.ts';
import { declare } from './command.ts';
import type { CommonOptions, Shell } from './command.ts';
import { closing, createLog } from './log.ts';
import { count } from './options.ts';
import type { Result, Session } from './session.ts';
import { stageTrace } from './staged-trace.ts';

interface Options extends CommonOptions {
  readonly module?: string;
  readonly quiet?: true;
  readonly to?: number;
}

/** Adds the command. */
export function addReplay(shell: Shell): void {
  declare(shell, {
    usage: 'replay <trace>',
    description: 'replay a trace file: the same event log and hash, or where and why it differs',
    examples: ['orrery replay two-phase-commit.trace.json', 'orrery replay bug.trace.json --to 12'],
  })
    .option('--to <step>', 'stop after this step', count)
    .option('--module <file>', 'the module of a scenario of your own')
    .option('--quiet', 'print no event log')
    .action((trace: string, options: Options) =>
      shell.run(options.json === true, (session) => replay(session, trace, options)),
    );
}

async function replay(session: Session, path: string, options: Options): Promise<Result> {
  const { params, scenario, system, trace } = await stageTrace(path, options.module);
  const log = createLog(session, scenario);
  const replayed = replayTrace(trace, system, {
    ...(options.quiet ? {} : { onStep: log }),
    ...(options.to === undefined ? {} : { to: options.to }),
  });
  const { run } = replayed;
  const outcome = options.to === undefined ? scenario.outcome?.(run, params) : undefined;
  if (outcome !== undefined) session.say(`outcome ${JSON.stringify(outcome)}`);
  session.say(closing(run));
  const isSame = replayed.type === 'same';
  session.say(isSame ? session.colors.green('the same as recorded') : differs(session, replayed));
  if (trace.property !== undefined) {
    session.say(`recorded because "${trace.property.name}" is broken: ${trace.property.message}`);
  }
  return {
    code: isSame ? 0 : 1,
    report: {
      trace: path,
      scenario: trace.system.name,
      same: isSame,
      ...(isSame ? {} : { step: replayed.step, why: replayed.why }),
      steps: run.steps.length - 1,
      hash: run.hash,
    },
  };
}

function differs(
  { colors }: Session,
  { step, why }: Replay & { readonly type: 'differs' },
): string {
  return colors.red(`differs from the recording at step ${step}: ${why}`);
}
