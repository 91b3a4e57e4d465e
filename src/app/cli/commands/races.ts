/** `orrery races`: the museum of real bugs, each found by a property that does not know it. */
import { join } from 'node:path';

import type { Exhibit } from '../../../../examples/races/exhibit.ts';
import { museum } from '../../../../examples/races/museum.ts';
import { SimulationError } from '../../../core/errors.ts';
import { nearestWords } from '../../../core/nearest.ts';
import type { Report } from '../../../explore/check/report.ts';
import { formatTrace } from '../../../trace/record.ts';
import { prepareFolder, writeText } from '../files.ts';
import { sayExhibit } from '../races/exhibit-story.ts';
import { measure, partsOf } from '../races/measure.ts';
import type { Measuring } from '../races/measure.ts';
import { inJson, racesLegend, racesTable } from '../races/races-table.ts';
import type { Shown } from '../races/races-table.ts';
import { isStillSo, recordedOf, traceFileOf } from '../races/record.ts';
import type { Result, Session } from '../session.ts';
import { createProgress } from '../terminal/progress.ts';
import { declare } from './command.ts';
import type { CommonOptions, Shell } from './command.ts';
import { positive } from './options.ts';

interface Options extends CommonOptions {
  readonly measure?: true;
  readonly out: string;
  readonly schedules: number;
  readonly seeds: number;
  readonly statesMax: number;
}

/** Adds the command. */
export function addRaces(shell: Shell): void {
  declare(shell, {
    usage: 'races [id]',
    description:
      'the museum of races: real bugs with the fix beside each; one of them is found now, made small and told',
    examples: ['orrery races', 'orrery races delete-overtakes-create', 'orrery races --measure'],
  })
    .option('--measure', 'measure all of them now, instead of what was recorded')
    .option('--seeds <number>', 'campaigns of each strategy; their median counts', positive, 20)
    .option('--schedules <number>', 'runs of a campaign at most', positive, 10_000)
    .option('--states-max <number>', 'worlds of a fixed variant at most', positive, 300_000)
    .option('--out <folder>', 'where traces go', 'traces')
    .action((id: string | undefined, options: Options) =>
      shell.run(options.json === true, (session) =>
        id === undefined
          ? showMuseum(session, options)
          : showExhibit(session, exhibitOf(id), options),
      ),
    );
}

function exhibitOf(id: string): Exhibit {
  const found = museum.find((exhibit) => exhibit.id === id);
  if (found !== undefined) return found;
  const ids = museum.map((exhibit) => exhibit.id);
  throw new SimulationError(
    'cli/unknown-race',
    `There is no race "${id}".${nearestWords(id, ids)} All ${ids.length} are listed by orrery races.`,
  );
}

/** What was recorded is shown where its trace still comes out step by step; all else is measured now. */
function showMuseum(session: Session, options: Options): Result {
  const known = new Map(
    (options.measure ? [] : museum).flatMap((exhibit) => {
      const recorded = recordedOf(exhibit);
      return recorded !== undefined && isStillSo(exhibit) ? [[exhibit.id, recorded] as const] : [];
    }),
  );
  const rest = museum.filter(({ id }) => !known.has(id));
  const measured = new Map(
    measureAll(session, rest, options).map((one) => [one.exhibit.id, one] as const),
  );
  const shown = museum.flatMap((exhibit): readonly Shown[] => {
    const finding = known.get(exhibit.id);
    const now = measured.get(exhibit.id);
    if (finding === undefined) return now === undefined ? [] : [now];
    return [{ exhibit, finding, trace: traceFileOf(exhibit) }];
  });
  const { colors, say } = session;
  say(racesTable(shown));
  say(racesLegend);
  const commits = [...new Set([...known.values()].map(({ commit }) => commit))];
  if (known.size > 0) {
    say(
      colors.dim(
        `${known.size} were measured before (on ${commits.join(', ')}); their traces were replayed now and came ` +
          'out alike. --measure measures all of them now.',
      ),
    );
  }
  say(`See one being found with: ${session.io.command} races ${museum[0]?.id}`);
  return resultOf(shown);
}

function showExhibit(session: Session, exhibit: Exhibit, options: Options): Result {
  const [shown] = measureAll(session, [exhibit], options);
  if (shown === undefined) return { code: 1, report: [] };
  sayExhibit(session, shown);
  return resultOf([shown]);
}

/** Not to be found, or to be broken although it is fixed, is a mismatch. */
function resultOf(shown: readonly Shown[]): Result {
  const isFine = shown.every(({ finding: { fixed, found } }) => found && fixed.broken === null);
  return { code: isFine ? 0 : 1, report: shown.map((one) => inJson(one)) };
}

interface ShownNow extends Shown {
  readonly report: Report;
}

function measureAll(
  { io }: Session,
  exhibits: readonly Exhibit[],
  { out, schedules, seeds, statesMax }: Options,
): readonly ShownNow[] {
  if (exhibits.length > 0) prepareFolder(out);
  const progress = createProgress(io, exhibits.length * partsOf({ seeds }), 'parts');
  const measuring: Measuring = {
    onPart: progress.tick,
    fixedStatesMax: statesMax,
    schedulesMax: schedules,
    seeds,
  };
  try {
    return exhibits.map((exhibit) => {
      const { finding, report, trace } = measure(exhibit, measuring);
      if (trace === undefined) return { exhibit, finding, report, trace: null };
      const file = join(out, `${exhibit.id}.trace.json`);
      writeText(file, formatTrace(trace));
      return { exhibit, finding, report, trace: file };
    });
  } finally {
    progress.done();
  }
}
