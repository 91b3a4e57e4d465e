/** `orrery show`: a trace as a picture. */
import { Option } from 'commander';

import { unreachable } from '../../../core/errors.ts';
import type { Run } from '../../../kernel/run.ts';
import { itf } from '../../../trace/exports/itf.ts';
import { mermaid } from '../../../trace/exports/mermaid.ts';
import { perfetto } from '../../../trace/exports/perfetto.ts';
import { shiviz } from '../../../trace/exports/shiviz.ts';
import { svg } from '../../../trace/exports/svg.ts';
import { replayTrace } from '../../../trace/replay.ts';
import { spaceTime } from '../../../trace/space-time.ts';
import { writeText } from '../files.ts';
import { pageOfTrace } from '../page/page-file.ts';
import type { Result, Session } from '../session.ts';
import { stageTrace } from '../staging/staged-trace.ts';
import type { StagedTrace } from '../staging/staged-trace.ts';
import { declare } from './command.ts';
import type { CommonOptions, Shell } from './command.ts';
import { count } from './options.ts';

const formats = ['text', 'mermaid', 'shiviz', 'perfetto', 'itf', 'svg', 'html'] as const;

type Format = (typeof formats)[number];

interface Options extends CommonOptions {
  readonly format: Format;
  readonly module?: string;
  readonly out?: string;
  readonly rows: number;
  readonly width?: number;
}

/** Adds the command. */
export function addShow(shell: Shell): void {
  declare(shell, {
    usage: 'show <trace>',
    description: 'draw a trace file, or write it for another tool',
    examples: [
      'orrery show two-phase-commit.trace.json',
      'orrery show two-phase-commit.trace.json --format mermaid',
      'orrery show two-phase-commit.trace.json --format svg --out run.svg',
      'orrery show two-phase-commit.trace.json --format html --out run.html',
    ],
  })
    .addOption(
      new Option('--format <format>', 'for a terminal, a picture, or what another tool reads')
        .choices(formats)
        .default('text'),
    )
    .option('--out <file>', 'write it to a file instead')
    .option('--width <columns>', 'columns of the text; 100, or those of a narrower terminal', count)
    .option('--rows <number>', 'rows after which the rest is only counted', count, 500)
    .option('--module <file>', 'the module of a scenario of your own')
    .action((trace: string, options: Options) =>
      shell.run(options.json === true, (session) => show(session, trace, options)),
    );
}

async function show(session: Session, path: string, options: Options): Promise<Result> {
  const staged = await stageTrace(path, options.module);
  const { system, trace } = staged;
  const replayed = replayTrace(trace, system);
  const look = { ...options, width: options.width ?? session.width };
  const text = await draw(staged, replayed.run, look);
  if (options.out === undefined) session.say(text.trimEnd());
  else {
    writeText(options.out, text);
    session.say(`${options.format} in ${options.out}`);
  }
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

/** The text of a run in one of the formats. */
async function draw(
  staged: StagedTrace,
  run: Run,
  { format, module, rows, width }: Options & { readonly width: number },
): Promise<string> {
  const { scenario, system, trace } = staged;
  const naming = scenario.label === undefined ? {} : { label: scenario.label };
  const look = { ...naming, rowsMax: rows };
  switch (format) {
    case 'text':
      return spaceTime(run.steps, { ...look, width });
    case 'mermaid':
      return mermaid(run.steps, look);
    case 'svg':
      return svg(run.steps, { ...look, title: `A run of ${trace.system.name}` });
    case 'shiviz':
      return shiviz(run.steps, naming);
    case 'perfetto':
      return perfetto(run.steps, naming);
    case 'html':
      return pageOfTrace(staged, module);
    case 'itf': {
      const loopFrom = trace.property?.loop?.from;
      return itf(system, run, loopFrom === undefined ? {} : { loopFrom });
    }
    default:
      return unreachable(format);
  }
}
