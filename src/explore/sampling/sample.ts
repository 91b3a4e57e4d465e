/** Many runs of a system, each judged by its properties. */
import { invariant } from '../../core/errors.ts';
import type { Property } from '../../runtime/property.ts';
import type { System } from '../../runtime/system.ts';
import { divergenceOf } from '../divergence.ts';
import { byRandom } from '../strategies/random-walk.ts';
import type { Strategy } from '../strategies/strategy.ts';
import type { Estimate, SampleProgress, SampleReport, SampleViolation } from './report.ts';
import { createRuns } from './runs.ts';
import type { Runs } from './runs.ts';
import type { Made } from './sampler.ts';
import type { Sightings } from './sightings.ts';

/** How to sample. */
export interface SampleOptions {
  /** Told now and then how far the campaign has come. */
  readonly onProgress?: (progress: SampleProgress) => void;
  readonly properties?: readonly Property[];
  /** Runs to be made; 1,000 unless said otherwise. */
  readonly schedules?: number;
  /** What all that is random is drawn from; 1 unless said otherwise. 32 bits count. */
  readonly seed?: number;
  /** Different worlds that are counted; a million unless said otherwise, none for 0. */
  readonly statesMax?: number;
  /** Steps after which a run is cut; 10,000 unless said otherwise. */
  readonly stepsMax?: number;
  /** Random walks unless said otherwise. */
  readonly strategy?: Strategy;
  /** Violations after which the campaign ends; 1 unless said otherwise. All that a run breaks count. */
  readonly violationsMax?: number;
}

const defaults = {
  schedules: 1_000,
  seed: 1,
  statesMax: 1_000_000,
  stepsMax: 10_000,
  violationsMax: 1,
} as const;

const progressEvery = 64;

/**
 * Runs a system many times. The same options give the same runs, in every process.
 *
 * @throws {SimulationError} `explore/bad-limit`, `explore/property-threw`, `explore/not-sampled`, or
 * whatever the system's own mistake is.
 */
export function sample(system: System, options: SampleOptions = {}): SampleReport {
  const { onProgress, properties = [], strategy = byRandom() } = options;
  const limits = limitsOf(options);
  const { schedules, seed, statesMax, stepsMax, violationsMax } = limits;
  const runs = createRuns(system, { properties, seed, statesMax, stepsMax, strategy });
  const { memory, sightings } = runs;
  const tally = createTally(sightings);
  const violations: SampleViolation[] = [];
  let exhausted = false;
  for (let index = 0; index < schedules && violations.length < violationsMax; index += 1) {
    const made = runs.make(index);
    exhausted = made === undefined;
    if (made === undefined) break;
    tally.add(made);
    violations.push(...violationsOf(system, runs, { index, made }));
    runs.learn(index, made);
    if (index % progressEvery === 0) onProgress?.(tally.progress());
  }
  const left = tally.left();
  const cut = cutNote(tally, stepsMax);
  const bound = left === 0 ? [] : [`${left} runs ended where the bound on worlds leaves them out.`];
  const full = sightings.isFull() ? [`Only the first ${statesMax} worlds were counted.`] : [];
  return {
    ...tally.progress(),
    cut: tally.cut(),
    ...estimateOf(sightings, tally.progress().schedules),
    exhausted,
    notes: [...runs.notes(), ...cut, ...bound, ...full],
    reached: [...memory.reached],
    strategy: strategy.name,
    ...leftOpen(properties, memory, violations),
    violations,
  };
}

function limitsOf(options: SampleOptions): Required<Pick<SampleOptions, keyof typeof defaults>> {
  const { schedules, seed, statesMax, stepsMax, violationsMax } = { ...defaults, ...options };
  for (const [name, limit] of Object.entries({ schedules, statesMax, stepsMax, violationsMax })) {
    invariant(
      Number.isSafeInteger(limit) && limit >= 0,
      'explore/bad-limit',
      `\`${name}\` is ${limit}. Give a whole number from 0 up.`,
    );
  }
  return { schedules, seed, statesMax, stepsMax, violationsMax };
}

interface Tally {
  readonly add: (made: Made) => void;
  readonly cut: () => number;
  /** Runs that ended at the bound on worlds. */
  readonly left: () => number;
  readonly progress: () => SampleProgress;
}

function createTally(sightings: Sightings): Tally {
  let cut = 0;
  let left = 0;
  let depth = 0;
  let schedules = 0;
  let transitions = 0;
  return {
    add: ({ ended, steps }) => {
      depth = Math.max(depth, steps + 1);
      schedules += 1;
      transitions += steps;
      if (ended === 'steps-max') cut += 1;
      if (ended === 'outside') left += 1;
    },
    cut: () => cut,
    left: () => left,
    progress: () => ({ depth, schedules, states: sightings.size(), transitions }),
  };
}

/** What rests seldom or never wants shorter runs, and more of them. */
function cutNote({ cut, progress }: Tally, stepsMax: number): readonly string[] {
  const { schedules } = progress();
  if (cut() === 0) return [];
  const why = cut() * 2 > schedules ? ' It may never rest: shorter runs leave time for more.' : '';
  return [`${cut()} of ${schedules} runs were cut after ${stepsMax} steps (stepsMax).${why}`];
}

interface Numbered {
  readonly index: number;
  readonly made: Made;
}

function violationsOf(
  system: System,
  runs: Runs,
  { index, made }: Numbered,
): readonly SampleViolation[] {
  const { broken, other } = made;
  if (broken === undefined) return [];
  const run = made.run();
  const difference = divergenceOf(system, run);
  const found = runs.describe();
  return broken.map((property) => ({
    property,
    run,
    schedule: index,
    ...(other === undefined ? {} : { other }),
    ...(difference === undefined ? {} : { difference }),
    ...(found === undefined ? {} : { found }),
  }));
}

/** What no run has put to the test; where a violation ended them before that, nothing is said of why. */
function leftOpen(
  properties: readonly Property[],
  { tested }: Runs['memory'],
  violations: readonly SampleViolation[],
): Pick<SampleReport, 'undecided' | 'vacuous'> {
  const broken = new Set(violations.map(({ property }) => property));
  const untested = properties.filter(({ name }) => !tested.has(name) && !broken.has(name));
  const isEarly = violations.length > 0;
  const isOpen = ({ type }: Property): boolean => isEarly || type === 'sometimes';
  return {
    undecided: untested.filter(isOpen).map(({ name }) => name),
    vacuous: untested.filter((property) => !isOpen(property)).map(({ name }) => name),
  };
}

function estimateOf(sightings: Sightings, schedules: number): { readonly estimate?: Estimate } {
  if (sightings.size() === 0 || schedules === 0) return {};
  return {
    estimate: {
      newWorlds: sightings.once() / schedules,
      showsNew: sightings.lonely() / schedules,
    },
  };
}
