/**
 * Uniform random walks over interned worlds. A walk goes from number to number as far as worlds and the
 * steps between them are known; only a new step is taken among the cells.
 */
import { createRandom } from '../../core/random.ts';
import type { Random } from '../../core/random.ts';
import type { Label } from '../interned/cell.ts';
import type { Place } from '../interned/place.ts';
import { faultRateDefault } from '../strategies/misfortune.ts';
import type { Misfortune } from '../strategies/strategy.ts';
import type { Judge } from './judge.ts';
import { createKnownSteps } from './known-steps.ts';
import type { KnownSteps, MenuSize } from './known-steps.ts';
import type { Sightings } from './sightings.ts';

/** Walks, each from a seed of its own. */
export interface UniformWalk {
  /** The moves of the last walk, which are taken once more. */
  readonly labels: () => readonly Label[];
  readonly walk: (run: number, seed: number) => Walked;
}

/** A walk that has ended, and why. */
export interface Walked {
  readonly broken: string | undefined;
  readonly ended: 'quiescent' | 'steps-max' | 'too-big' | 'until';
  readonly newWorlds: number;
  readonly steps: number;
}

/** What walks need. */
export interface WalkOptions extends Misfortune {
  /** Whether what the judge says of a world depends on nothing but the world. */
  readonly isTimeless: boolean;
  /** Whether there is no more room to learn in: then the walk is given up. */
  readonly isTooBig: () => boolean;
  readonly judge: Judge<Int32Array>;
  readonly place: Place;
  readonly sightings: Sightings;
  readonly stepsMax: number;
}

/** What is remembered of worlds and the steps between them, in words of four bytes. */
const knownMax = 1 << 26;
const looksEvery = 256;

/** Walks that begin where a place resets to. */
export function createUniformWalk(options: WalkOptions): UniformWalk {
  const { isTimeless, judge, place } = options;
  const tour: Tour = {
    ...options,
    faultRate: options.faultRate ?? faultRateDefault,
    known: createKnownSteps(isTimeless ? knownMax : 0, () => place.space.slots.length),
    newSteps: 0,
    trail: createTrail(),
  };
  const { trail } = tour;
  const walk = (run: number, seed: number): Walked => {
    trail.clear();
    judge.begin();
    return { ...wander(tour, { random: createRandom(seed), run }), steps: trail.count() };
  };
  const labels = (): readonly Label[] => {
    place.reset();
    return Array.from({ length: trail.count() }, (_, index) => place.take(trail.at(index)).label);
  };
  return { labels, walk };
}

/** What is common to all walks. */
interface Tour extends WalkOptions {
  readonly faultRate: number;
  readonly known: KnownSteps;
  /** Steps that were taken among the cells. */
  newSteps: number;
  readonly trail: Trail;
}

interface Walking {
  readonly random: Random;
  readonly run: number;
}

function wander(tour: Tour, { random, run }: Walking): Omit<Walked, 'steps'> {
  const { faultRate, isTooBig, known, place, sightings, stepsMax, trail } = tour;
  place.reset();
  let world = sightings.numberOf(place.high(), place.low());
  // Whether the place is the world, or was left behind.
  let isHere = true;
  let newWorlds = 0;
  for (;;) {
    if (world >= 0 && sightings.meet(world, run)) newWorlds += 1;
    const isKnown = known.isKnown(world);
    const stop = isKnown ? undefined : lookAround(tour, world);
    if (stop !== undefined) return { ...stop, newWorlds };
    if (trail.count() >= stepsMax) return { broken: undefined, ended: 'steps-max', newWorlds };
    const menu = isKnown ? known : place;
    const move = drawMove(random, faultRate, {
      faults: menu.faults(world),
      inputs: menu.inputs(world),
      own: menu.own(world),
    });
    if (move < 0) return { broken: endOf(tour), ended: 'quiescent', newWorlds };
    trail.add(move);
    const next = isKnown ? known.next(world, move) : -1;
    if (next >= 0) {
      world = next;
      isHere = false;
      continue;
    }
    tour.newSteps += 1;
    if (tour.newSteps % looksEvery === 0 && isTooBig()) {
      return { broken: undefined, ended: 'too-big', newWorlds };
    }
    if (!isHere) place.load(known.cellsOf(world));
    place.take(move);
    isHere = true;
    const before = world;
    world = sightings.numberOf(place.high(), place.low());
    if (before >= 0 && world >= 0) known.learn(before, move, world);
  }
}

/** Looks at a world that is not known, and notes it unless it is broken. */
function lookAround(
  { judge, known, place, stepsMax, trail }: Tour,
  world: number,
): Pick<Walked, 'broken' | 'ended'> | undefined {
  const cells = place.cells();
  const broken = judge.look(cells);
  if (broken !== undefined) return { broken, ended: 'until' };
  if (trail.count() >= stepsMax) return undefined;
  const menu = { faults: place.faults(), inputs: place.inputs(), own: place.own() };
  const restless = menu.own === 0 ? judge.rest(cells) : undefined;
  if (restless !== undefined) return { broken: restless, ended: 'quiescent' };
  if (world >= 0) known.add(world, cells, menu);
  return undefined;
}

/** What the end of a run breaks: where worlds are known, nothing that is said of runs is judged. */
function endOf({ isTimeless, judge, place }: Tour): string | undefined {
  return isTimeless ? undefined : judge.end(place.cells());
}

/** A move as `randomWalk` draws it; -1 to end, which comes first where the system has nothing left to do. */
function drawMove(random: Random, faultRate: number, { faults, inputs, own }: MenuSize): number {
  if (faults > 0 && random.chance(faultRate)) return own + inputs + random.below(faults);
  return own === 0 ? random.below(inputs + 1) - 1 : random.below(own + inputs);
}

/** The moves of a walk so far. */
interface Trail {
  readonly add: (move: number) => void;
  readonly at: (index: number) => number;
  readonly clear: () => void;
  readonly count: () => number;
}

const trailStart = 64;

function createTrail(): Trail {
  let moves = new Int32Array(trailStart);
  let count = 0;
  return {
    add: (move) => {
      if (count === moves.length) {
        const more = new Int32Array(count * 2);
        more.set(moves);
        moves = more;
      }
      moves[count] = move;
      count += 1;
    },
    at: (index) => moves[index] ?? 0,
    clear: () => {
      count = 0;
    },
    count: () => count,
  };
}
