import { plantedBugs } from '../examples/protocols/planted-bugs.ts';
import type { PlantedBug } from '../examples/protocols/planted-bugs.ts';
import type { Property, Run, Strategy, System } from '../src/index.ts';
import { built } from './built.ts';
import type { Section } from './section.ts';

const { byRandom, defineSystem, sample, search, shrink } = built;

/** Failing runs of each strategy that are made small, and schedules in which they are looked for. */
const runsEach = 4;
const schedulesMax = 3_000;
const stepsMax = 300;
const seeds = [1, 2, 3, 4];

const strategies: Readonly<Record<string, () => Strategy>> = { random: () => byRandom() };

/** How small failing runs become, against the shortest that there is. */
export function shrinking(): Section {
  const rows = plantedBugs.flatMap(rowOf);
  const [steps, departures, shortest] = [
    meanOf(rows, 'steps'),
    meanOf(rows, 'departures'),
    meanOf(rows, 'shortest'),
  ];
  return {
    title: 'Shrinking',
    method:
      `Failing runs of ${Object.keys(strategies).join(' and ')} schedules, up to ${runsEach} of each, made small; ` +
      'against the shortest run that exhaustive search finds, breadth first. Ratios are means over the ' +
      'runs of a mistake; the last row is their mean over all mistakes, and the bar is 1.5 in steps. ' +
      '`fewest: steps` is what comes out where steps count before departures.',
    header: [
      'protocol, mistake',
      'shortest: steps (departures)',
      'found: mean steps',
      'shrunk: mean steps (departures)',
      'steps ratio',
      'departures ratio',
      '`fewest: steps` ratio',
      'CPU a shrink',
    ],
    rows: [
      ...rows.map(({ cells }) => cells),
      ['all', '', '', '', steps.toFixed(2), departures.toFixed(2), shortest.toFixed(2), ''],
    ],
  };
}

interface Row {
  readonly cells: readonly string[];
  readonly departures: number;
  readonly shortest: number;
  readonly steps: number;
}

function rowOf({ breaks, bug, definition, protocol }: PlantedBug): readonly Row[] {
  const system = defineSystem({ ...definition, rememberedMax: 100_000 });
  const property = definition.properties?.find(({ name }) => name === breaks);
  if (property === undefined) return [];
  const [violation] = search(system, { properties: [property] }).violations;
  const best = violation?.run;
  // What only a run without end shows, or none, has no last world to shrink to.
  if (best === undefined || violation?.loop !== undefined) return [];
  const found = failingRuns(system, property);
  if (found.length === 0) return [];
  const before = process.cpuUsage();
  const small = found.map((run) => shrink(system, { property, run }));
  const { system: kernel, user } = process.cpuUsage(before);
  const short = found.map((run) => shrink(system, { fewest: 'steps', property, run }));
  const [steps, departures] = [best.steps.length - 1, Math.max(1, best.tape.length)];
  const smallSteps = mean(small.map(({ size }) => size.steps));
  const smallDepartures = mean(small.map(({ size }) => size.departures));
  const ratios = {
    departures: smallDepartures / departures,
    shortest: mean(short.map(({ size }) => size.steps)) / steps,
    steps: smallSteps / steps,
  };
  const cells = [
    `${protocol}, ${bug}`,
    `${steps} (${best.tape.length})`,
    `${mean(found.map((run) => run.steps.length - 1)).toFixed(1)} (of ${found.length})`,
    `${smallSteps.toFixed(1)} (${smallDepartures.toFixed(1)})`,
    ratios.steps.toFixed(2),
    ratios.departures.toFixed(2),
    ratios.shortest.toFixed(2),
    `${((user + kernel) / 1_000_000 / found.length).toFixed(2)} s`,
  ];
  return [{ ...ratios, cells }];
}

/** The first runs of each strategy that break a property, from several seeds. */
function failingRuns(system: System, property: Property): readonly Run[] {
  return Object.values(strategies).flatMap((strategy) =>
    seeds
      .flatMap((seed) => {
        const report = sample(system, {
          properties: [property],
          schedules: schedulesMax,
          seed,
          statesMax: 0,
          stepsMax,
          strategy: strategy(),
        });
        return report.violations.flatMap(({ run }) => (run === undefined ? [] : [run]));
      })
      .slice(0, runsEach),
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function meanOf(rows: readonly Row[], key: 'departures' | 'shortest' | 'steps'): number {
  return mean(rows.map((row) => row[key]));
}
