/**
 * One of several portions of an exhaustive search, which together look at all worlds, wherever and in
 * whatever order they are searched. All of them walk the first levels alike, up to one that is wide enough;
 * the worlds there are dealt out in their order, and a portion goes on from its own ones alone. What can be
 * reached from several of them is looked at several times.
 *
 * What sleeps (`src/explore/interned/sleep.ts`) is found in some portion: that a move may sleep rests on a
 * move of a world which is no deeper, or of a later slot; and where that world is one that another portion
 * goes on from, it sleeps there as it does here, since all portions found it alike.
 */
import type { Digest } from '../../core/digest.ts';
import { SimulationError } from '../../core/errors.ts';
import type { Property } from '../../runtime/property.ts';
import type { System } from '../../runtime/system.ts';
import { createContents } from '../interned/contents.ts';
import { createWalker } from '../interned/steps/walker.ts';
import { createVisited } from '../interned/visited/visited.ts';
import type { Violation } from '../violation.ts';
import { requireStartWithin } from '../within.ts';
import { batchOfBreadth, createExpansion } from './expansion.ts';
import { createOrigins } from './origins.ts';
import { runTo } from './path.ts';
import { createWatch } from './watch.ts';

/** Which portion, and of what. */
export interface PortionOptions {
  /** How many worlds a level has at least that is dealt out; 16 for each portion unless said otherwise. */
  readonly headsMin?: number;
  /** Which of the portions, from 0. */
  readonly index: number;
  /** How many there are. */
  readonly portions: number;
  /** Told of each world that is looked at. */
  readonly onWorld?: (world: Digest) => void;
  /** Those that are decided world by world. */
  readonly properties: readonly Property[];
  /** Worlds after which the portion is cut. */
  readonly statesMax: number;
}

/** What a portion has shown. */
export interface PortionResult {
  /** Levels from the start. */
  readonly depth: number;
  readonly isCut: boolean;
  /** The `sometimes` properties that were seen to hold. */
  readonly reached: readonly string[];
  /** Properties that were put to the test. */
  readonly tested: readonly string[];
  /** Ways from world to world. */
  readonly transitions: number;
  readonly violations: readonly Violation[];
}

/** Of so many worlds for each portion the better ones make up for the worse. */
const headsEach = 16;

/**
 * Searches one portion. The first has the levels that all have in common.
 *
 * @throws {SimulationError} `explore/bad-portion`, `explore/property-threw`, or whatever the system's own
 * mistake is.
 */
export function searchPortion(system: System, options: PortionOptions): PortionResult {
  const { index, onWorld, portions, properties, statesMax } = options;
  const { headsMin = portions * headsEach } = options;
  requirePortion(options);
  const walker = createWalker(system.mechanics, system.definition.within);
  const { first, isWithin, space } = walker;
  const visited = createVisited('breadth');
  const origins = createOrigins();
  const watch = createWatch(walker, properties);
  const expansion = createExpansion({ batch: batchOfBreadth, origins, visited, walker });
  const contents = createContents(space);
  const start = first();
  requireStartWithin(isWithin?.(start) ?? true);
  visited.seed(start);
  let vector = new Int32Array(start.length);
  let depth = 0;
  /** Takes so many worlds and goes on from those of these places; whether nothing broke. */
  const level = (count: number, own: Span, isOwn: boolean): boolean => {
    depth += 1;
    for (let place = 0; place < count; place += 1) {
      if (space.slots.length > vector.length) vector = new Int32Array(space.slots.length * 2);
      const state = visited.next(vector);
      if (place < own.from || place >= own.end) continue;
      if (isOwn) onWorld?.(contents(vector));
      const rest = expansion.expand(vector);
      if (isOwn && watch.look(vector, state, rest)) return false;
    }
    expansion.settle();
    return true;
  };
  const all = (): Span => ({ end: visited.waiting(), from: 0 });
  const hasTrunk = index === 0;
  let isGood = true;
  while (isGood && visited.waiting() > 0 && visited.waiting() < headsMin)
    isGood = level(visited.waiting(), all(), hasTrunk);
  const trunk = hasTrunk ? 0 : expansion.transitions();
  const heads = visited.waiting();
  const share = (part: number): number => Math.floor((heads * part) / portions);
  if (isGood && heads > 0)
    isGood = level(heads, { end: share(index + 1), from: share(index) }, true);
  while (isGood && visited.waiting() > 0 && visited.size() <= statesMax)
    isGood = level(visited.waiting(), all(), true);
  const vacuous = new Set([...watch.vacuous(), ...watch.missed()]);
  return {
    depth,
    isCut: isGood && visited.waiting() > 0,
    reached: watch.reached(),
    tested: properties.flatMap(({ name }) => (vacuous.has(name) ? [] : [name])),
    transitions: expansion.transitions() - trunk,
    violations: watch
      .broken()
      .map(({ property, state }) => ({ property, run: runTo({ origins, system, walker }, state) })),
  };
}

interface Span {
  readonly end: number;
  readonly from: number;
}

function requirePortion({ index, portions }: PortionOptions): void {
  if (Number.isSafeInteger(index) && index >= 0 && index < portions) return;
  throw new SimulationError(
    'explore/bad-portion',
    `Portion ${index} of ${portions} was asked for. Portions are numbered from 0.`,
  );
}
