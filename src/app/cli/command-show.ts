/** `orrery show`: a trace as a picture. */
import { Option } from 'commander';

import { mermaid } from '../../trace/mermaid.ts';
import { replayTrace } from '../../trace/replay.ts';
import { spaceTime } from '../../trace/space-time.ts';
import { declare } from './command.ts';
import type { CommonOptions, Shell } from './command.ts';
import { count } from './options.ts';
import type { Result, Session } from './session.ts';
import { stageTrace } from './staged-trace.ts';

interface Options extends CommonOptions {
  readonly format: 'mermaid' | 'text';
  readonly module?: string;
  readonly rows: number;
  readonly width?: number;
}

/** Adds the command. */
export function addShow(shell: Shell): void {
  declare(shell, {
    usage: 'show <trace>',
    description: 'draw a trace file: a column for each node, an arrow for each message',
    examples: [
      'orrery show two-phase-commit.trace.json',
      'orrery show two-phase-commit.trace.json --format mermaid',
    ],
  })
    .addOption(
      new Option('--format <format>', 'for a terminal, or a Mermaid sequence diagram')
        .choices(['text', 'mermaid'])
        .default('text'),
    )
    .option('--width <columns>', 'columns of the text; 100, or those of a narrower terminal', count)
    .option('--rows <number>', 'rows after which the rest is only counted', count, 500)
    .option('--module <file>', 'the module of a scenario of your own')
    .action((trace: string, options: Options) =>
      shell.run(options.json === true, (session) => show(session, trace, options)),
    );
}

async function show(session: Session, path: string, options: Options): Promise<Result> {
  const { scenario, system, trace } = await stageTrace(path, options.module);
  const replayed = replayTrace(trace, system);
  const { run } = replayed;
  const look = {
    rowsMax: options.rows,
    ...(scenario.label === undefined ? {} : { label: scenario.label }),
  };
  const text =
    options.format === 'mermaid'
      ? mermaid(run.steps, look)
      : spaceTime(run.steps, { ...look, width: options.width ?? session.width });
  session.say(text.trimEnd());
  if (replayed.type === 'differs') {
    session.io.err(`differs from the recording at step ${replayed.step}: ${replayed.why}\n`);
  }
  return {
    code: replayed.type === 'same' ? 0 : 1,
    report: {
      trace: path,
      scenario: trace.system.name,
      same: replayed.type === 'same',
      format: options.format,
      diagram: text,
    },
  };
}
