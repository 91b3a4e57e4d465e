/**
 * Uniform random walks over interned worlds. A walk goes from number to number as far as worlds and the
 * steps between them are known; only a new step is taken among the cells.
 */
import { createRandom } from '../../core/random.ts';
import type { Random } from '../../core/random.ts';
import type { Label } from '../interned/cells/cell.ts';
import type { Place } from '../interned/steps/place.ts';
import { faultRateDefault } from '../strategies/misfortune.ts';
import type { Misfortune } from '../strategies/strategy.ts';
import type { Broken, Judge } from './judge.ts';
import { createKnownSteps, faultsIn, inputsIn, ownIn, recordAt } from './known-steps.ts';
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
  readonly broken: Broken;
  readonly ended: 'outside' | 'quiescent' | 'steps-max' | 'too-big' | 'until';
  readonly newWorlds: number;
  readonly steps: number;
}

/** What walks need. */
export interface WalkOptions extends Misfortune {
  /** Whether what the judge says of a world depends on nothing but the world. */
  readonly isTimeless: boolean;
  /** Whether there is no more room to learn in: then the walk is given up. */
  readonly isTooBig: () => boolean;
  /** Where a walk ends if it leads out of there; everywhere unless given. */
  readonly isWithin?: ((cells: Int32Array) => boolean) | undefined;
  readonly judge: Judge<Int32Array>;
  /** Told of the cells of each world that is counted as new. */
  readonly onWorld?: ((cells: Int32Array) => void) | undefined;
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
    start: 0,
    trail: createTrail(),
  };
  const { trail } = tour;
  const walk = (run: number, seed: number): Walked => {
    trail.clear();
    judge.begin();
    const walking: Walking = { ended: undefined, newWorlds: 0, random: createRandom(seed), run };
    const { broken, ended } = wander(tour, walking);
    return { broken, ended, newWorlds: walking.newWorlds, steps: trail.count() };
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
  /** The record of the first world; 0 as long as there is none. */
  start: number;
  readonly trail: Trail;
}

interface Walking {
  /** Why the walk is over, if it is. */
  ended: 'quiescent' | 'steps-max' | undefined;
  newWorlds: number;
  readonly random: Random;
  readonly run: number;
}

function wander(tour: Tour, walking: Walking): Omit<Walked, 'newWorlds' | 'steps'> {
  const { isTooBig, known, place, trail } = tour;
  let record = tour.start;
  if (record === 0) place.reset();
  // The record of the world that the place is at, and the one of the world before; 0 for none.
  let here = 0;
  let before = 0;
  for (;;) {
    if (record === 0) {
      const stop = arrive(tour, walking);
      if (typeof stop === 'object') return stop;
      record = stop;
      here = record;
      if (before > 0) known.learn(before, trail.at(trail.count() - 1), record);
      else if (trail.count() === 0) tour.start = record;
    }
    before = record === 0 ? 0 : glide(tour, walking, record);
    if (before === 0) drawHere(tour, walking);
    const { ended } = walking;
    if (ended !== undefined) return { broken: undefined, ended };
    tour.newSteps += 1;
    if (tour.newSteps % looksEvery === 0 && isTooBig()) {
      return { broken: undefined, ended: 'too-big' };
    }
    if (before !== here) place.load(known.cellsOf(before));
    place.take(trail.at(trail.count() - 1));
    record = 0;
  }
}

/** Goes on as far as worlds and steps are known; the record of the world whose next step is not. */
function glide(
  { faultRate, known, sightings, stepsMax, trail }: Tour,
  walking: Walking,
  from: number,
): number {
  const { random, run } = walking;
  const words = known.words();
  let record = from;
  for (;;) {
    const world = words[record + recordAt.world] ?? -1;
    if (world >= 0) {
      if (sightings.meet(world, run)) walking.newWorlds += 1;
      if (sightings.isCommon(world)) words[record + recordAt.world] = -1 - world;
    }
    if (trail.count() >= stepsMax) {
      walking.ended = 'steps-max';
      return record;
    }
    const menu = words[record + recordAt.menu] ?? 0;
    const move = drawMove(random, faultRate, {
      faults: faultsIn(menu),
      inputs: inputsIn(menu),
      own: ownIn(menu),
    });
    if (move < 0) {
      walking.ended = 'quiescent';
      return record;
    }
    trail.add(move);
    const next = words[record + recordAt.next + move] ?? 0;
    if (next === 0) return record;
    record = next;
  }
}

/** Draws a step of the world that the place is at, of which there is no record. */
function drawHere({ faultRate, place, stepsMax, trail }: Tour, walking: Walking): void {
  if (trail.count() >= stepsMax) {
    walking.ended = 'steps-max';
    return;
  }
  const menu = { faults: place.faults(), inputs: place.inputs(), own: place.own() };
  const move = drawMove(walking.random, faultRate, menu);
  if (move < 0) walking.ended = 'quiescent';
  else trail.add(move);
}

/** Comes to the world that the place is at: its record, 0 where there is none, or why the walk is over. */
function arrive(tour: Tour, walking: Walking): number | Pick<Walked, 'broken' | 'ended'> {
  const { isWithin, known, onWorld, place, sightings } = tour;
  if (isWithin?.(place.cells()) === false) return { broken: undefined, ended: 'outside' };
  const world = sightings.numberOf(place.high(), place.low());
  const record = known.recordOf(world);
  if (record > 0) return record;
  if (world >= 0 && sightings.meet(world, walking.run)) {
    walking.newWorlds += 1;
    onWorld?.(place.cells());
  }
  return lookAround(tour, world) ?? known.recordOf(world);
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
