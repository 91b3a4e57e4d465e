/**
 * All worlds that a system can come to, each looked at once. Breadth first finds the shortest way to
 * what breaks a property; depth first holds fewer worlds at a time.
 */
import type { Property } from '../../runtime/property.ts';
import type { System } from '../../runtime/system.ts';
import { createVisited } from '../interned/visited.ts';
import { createWalker } from '../interned/walker.ts';
import type { Violation } from '../violation.ts';
import { createExpansion } from './expansion.ts';
import { createOrigins } from './origins.ts';
import { runTo } from './path.ts';
import { createWatch } from './watch.ts';

/** How to search. */
export interface SearchOptions {
  readonly properties?: readonly Property[];
  /** `breadth` unless said otherwise. */
  readonly order?: 'breadth' | 'depth';
  /** Worlds after which the search stops; 100 million unless said otherwise. */
  readonly statesMax?: number;
  /** Levels that are expanded, in breadth, the start being the first; without limit unless said otherwise. */
  readonly depthMax?: number;
  /** Told now and then how far the search has come. */
  readonly onProgress?: (progress: Progress) => void;
}

/** How far a search has come. */
export interface Progress {
  /** Levels that were begun, in breadth; the start is the first. */
  readonly depth: number;
  readonly states: number;
  /** Ways from world to world; the start counts as one. */
  readonly transitions: number;
  /** Worlds found and not yet expanded. */
  readonly waiting: number;
}

/** What came of a search. */
export interface SearchResult extends Omit<Progress, 'waiting'> {
  /** Whether all worlds were looked at, or the search ended at a limit or at a violation. */
  readonly complete: boolean;
  /** Bytes for each world that was stored. */
  readonly bytesPerState: number;
  /** The `sometimes` properties that were seen to hold. */
  readonly reached: readonly string[];
  readonly violations: readonly Violation[];
}

const statesMaxDefault = 100_000_000;
const progressEvery = 1 << 16;
const slotsStart = 64;

/**
 * Searches all worlds of a system.
 *
 * @throws {SimulationError} `explore/property-threw`, or whatever the system's own mistake is.
 * @see Clarke, Grumberg and Peled, "Model Checking", 1999, chapter 2; Holzmann, "State Compression in
 * SPIN", 1997.
 */
export function search(system: System, options: SearchOptions = {}): SearchResult {
  const { order = 'breadth', properties = [], statesMax = statesMaxDefault } = options;
  const walker = createWalker(system.mechanics);
  const visited = createVisited(order);
  const origins = createOrigins();
  const watch = createWatch(walker.space, properties);
  const { expand, transitions } = createExpansion({ origins, visited, walker });
  visited.seed(walker.first());
  let vector = new Int32Array(slotsStart);
  let depth = 0;
  // The first world of the next level, in breadth.
  let levelEnd = 0;
  let isCut = false;
  for (;;) {
    if (walker.space.slots.length > vector.length) vector = new Int32Array(vector.length * 2);
    const state = visited.next(vector);
    if (state < 0) break;
    if (order === 'breadth' && state >= levelEnd) {
      isCut = depth >= (options.depthMax ?? Number.POSITIVE_INFINITY);
      if (isCut) break;
      depth += 1;
      levelEnd = visited.size();
    }
    if (watch.look(vector, state, expand(vector, state))) break;
    isCut = visited.size() > statesMax;
    if (isCut) break;
    if (state % progressEvery === 0) {
      const [states, waiting] = [visited.size(), visited.waiting()];
      options.onProgress?.({ depth, states, transitions: transitions(), waiting });
    }
  }
  const broken = watch.broken();
  const states = visited.size();
  const bytesPerState = Math.round((visited.bytes() + origins.bytes()) / states);
  const runs = broken.map(({ property, state }) => ({
    property,
    run: runTo(system, { origins, state, walker }),
  }));
  const complete = !isCut && broken.length === 0;
  const missed = complete ? watch.missed().map((property) => ({ property })) : [];
  const violations = [...runs, ...missed];
  return {
    bytesPerState,
    complete,
    depth,
    reached: watch.reached(),
    states,
    transitions: transitions(),
    violations,
  };
}
