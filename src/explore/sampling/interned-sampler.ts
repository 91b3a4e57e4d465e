/**
 * Makes uniform random walks over interned worlds, where a step costs a look-up. The tables are bounded:
 * when they are full they are begun anew, and where that helps little, because local states do not
 * recur, the plain kernel makes the runs.
 */
import type { Chooser } from '../../kernel/run.ts';
import type { Property } from '../../runtime/property.ts';
import type { System } from '../../runtime/system.ts';
import { createContents } from '../interned/contents.ts';
import { createDecision } from '../interned/questions/decision.ts';
import { createRecordingView } from '../interned/questions/view-of-vector.ts';
import type { Space } from '../interned/space.ts';
import { createPlace } from '../interned/steps/place.ts';
import type { Place } from '../interned/steps/place.ts';
import { plainRun } from '../interned/steps/plain-run.ts';
import { seedOf } from '../strategies/seeds.ts';
import type { Misfortune } from '../strategies/strategy.ts';
import { asked } from '../verdict.ts';
import { boundName } from '../within.ts';
import { createJudge } from './judge.ts';
import { createPlainSampler } from './plain-sampler.ts';
import type { Made, Sampler, SamplerOptions } from './sampler.ts';
import { createSightings } from './sightings.ts';
import { createUniformWalk } from './uniform-walk.ts';
import type { UniformWalk } from './uniform-walk.ts';

/** What walks need besides. */
export interface InternedOptions extends SamplerOptions {
  readonly misfortune: Misfortune;
  readonly seed: number;
  /** Words of four bytes that the tables of one space may take, roughly; 64 million unless said otherwise. */
  readonly wordsMax?: number;
}

const wordsMaxDefault = 1 << 26;
/** What a cell with its moves takes, roughly, in words of four bytes. */
const wordsEach = 256;
/** Steps for each cell that was computed, without which remembering was not worth the trouble. */
const worthwhile = 2;

/** Whether walks over interned worlds can judge these properties: two ends can be compared, but not shown. */
export function canWalk(properties: readonly Property[]): boolean {
  return properties.every(({ type }) => type !== 'agree' && type !== 'agreeAcross');
}

/** A sampler by uniform random walks. */
export function createInternedSampler(system: System, options: InternedOptions): Sampler {
  const { seed, wordsMax = wordsMaxDefault } = options;
  let ground = createGround(system, options);
  let begunAnew = 0;
  let plainFrom = -1;
  const plain = createPlainSampler(system, { ...options, sightings: createSightings(0) });
  const make = (index: number, choose: Chooser): Made => {
    if (plainFrom >= 0) return plain.make(index, choose);
    const walked = ground.walk.walk(index, seedOf(seed, index));
    ground.steps += walked.steps;
    if (walked.ended === 'too-big') {
      if (ground.steps < worthwhile * cellsIn(ground.place.space)) plainFrom = index;
      else begunAnew += 1;
      // What is said of worlds is said of those of the first tables: others have other numbers.
      ground = createGround(system, { ...options, sightings: createSightings(0) });
      return plain.make(index, choose);
    }
    const { broken, ended, newWorlds, steps } = walked;
    const { place, walk } = ground;
    return {
      broken,
      ended,
      newWorlds,
      run: () => {
        const endsItself = ended === 'quiescent';
        return plainRun(system, { endsItself, labels: walk.labels(), space: place.space });
      },
      steps,
    };
  };
  const notes = (): readonly string[] => [
    ...(begunAnew === 0
      ? []
      : [
          `Tables of ${wordsMax} words were full ${begunAnew} times; worlds were counted up to the first.`,
        ]),
    ...(plainFrom < 0
      ? []
      : [
          `Local states hardly recur: from run ${plainFrom} on worlds were neither remembered nor counted.`,
        ]),
  ];
  return { isFull: () => begunAnew > 0 || plainFrom >= 0, make, notes };
}

/** A space, and how far walks went in it. */
interface Ground {
  readonly place: Place;
  steps: number;
  readonly walk: UniformWalk;
}

function createGround(system: System, options: InternedOptions): Ground {
  const {
    memory,
    misfortune,
    onWorld,
    properties,
    sightings,
    stepsMax,
    wordsMax = wordsMaxDefault,
  } = options;

  const place = createPlace(system.mechanics);
  const { within } = system.definition;
  const { space } = place;
  const judge = createJudge<Int32Array>(properties, memory, {
    ask: (predicate) => createDecision(space, predicate),
    viewOf: (cells) => createRecordingView(space, cells).view,
  });
  const contents = createContents(space);
  const walk = createUniformWalk({
    ...misfortune,
    isTimeless: properties.every(({ type }) => type !== 'eventually' && type !== 'leadsTo'),
    isWithin: within && createDecision(space, asked(boundName, within)),
    isTooBig: () => isSpaceFull(space, wordsMax),
    judge,
    onWorld: onWorld && ((cells) => onWorld(contents(cells))),
    place,
    sightings,
    stepsMax,
  });
  return { place, steps: 0, walk };
}

/** Whether the tables of a space take more words than they may, roughly. */
export function isSpaceFull(space: Space, wordsMax = wordsMaxDefault): boolean {
  return space.size.words + wordsEach * cellsIn(space) > wordsMax;
}

function cellsIn({ slots }: Space): number {
  return slots.reduce((sum, slot) => sum + (slot?.cells.all.length ?? 0), 0);
}
