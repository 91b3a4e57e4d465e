/** Goes through all worlds of a system, as far as its limits let it. */
import type { Property } from '../../runtime/property.ts';
import type { System } from '../../runtime/system.ts';
import { createWalker } from '../interned/steps/walker.ts';
import type { Walker } from '../interned/steps/walker.ts';
import { createVisited } from '../interned/visited/visited.ts';
import type { Visited } from '../interned/visited/visited.ts';
import { createGround } from '../native/core.ts';
import type { Crew } from '../native/crew.ts';
import { surveyNatively } from '../native/survey.ts';
import type { Representative } from '../symmetry/representative.ts';
import { createSymmetry } from '../symmetry/symmetry.ts';
import { requireStartWithin } from '../within.ts';
import { batchOfBreadth, createExpansion } from './expansion.ts';
import type { Expansion } from './expansion.ts';
import { limitsOf } from './limits.ts';
import type { Limit, SearchLimits, Usage } from './limits.ts';
import { isOfWorlds } from './of-worlds.ts';
import { createOrigins } from './origins.ts';
import type { Origins } from './origins.ts';
import { createWatch } from './watch.ts';
import type { Watch } from './watch.ts';

/** How to search. */
export interface SearchOptions extends SearchLimits {
  readonly properties?: readonly Property[];
  /** `breadth` unless said otherwise. */
  readonly order?: 'breadth' | 'depth';
  /** Groups of declared actors that are interchangeable: worlds that differ by an exchange are one. */
  readonly symmetry?: readonly (readonly string[])[];
  /**
   * Whether worlds are stored, or only fingerprints of 63 bits, for spaces that do not fit: then a world
   * may be taken for another one and left out.
   */
  readonly storage?: 'fingerprints' | 'worlds';
  /** Threads that help, where worlds are looked at each for itself, breadth first and stored. */
  readonly crew?: Crew | undefined;
  /** Told now and then how far the search has come. */
  readonly onProgress?: (progress: Progress) => void;
}

/** How far a search has come. */
export interface Progress {
  /** Levels that were begun, the start being the first; in depth, those of the deepest world. */
  readonly depth: number;
  readonly states: number;
  /** Ways from world to world; the start counts as one. */
  readonly transitions: number;
  /** Worlds found and not yet expanded. */
  readonly waiting: number;
}

/** The worlds that were found, and what was seen of them. */
export interface Survey extends Progress {
  readonly bytes: number;
  /** The limit at which it ended, if it did. */
  readonly limit: Limit | undefined;
  readonly options: SearchOptions;
  readonly origins: Origins;
  readonly representative?: Representative;
  readonly system: System;
  /** Threads that looked. */
  readonly threads: number;
  readonly walker: Walker;
  readonly watch: Watch;
}

const progressEvery = 1 << 16;
const slotsStart = 64;

/** Goes on until all worlds were looked at, something is broken, or a limit is reached. */
export function survey(system: System, options: SearchOptions): Survey {
  const ground = isShared(system, options) ? (options.crew?.ground ?? createGround()) : undefined;
  if (ground === undefined) return surveyPlainly(system, options);
  return surveyNatively(system, options, ground);
}

function surveyPlainly(system: System, options: SearchOptions): Survey {
  const { order = 'breadth', properties = [], symmetry: groups = [] } = options;
  const walker = createWalker(system.mechanics, system.definition.within);
  const visited = createVisited(order, options.storage);
  const origins = createOrigins({ hasDepths: order === 'depth' });
  const watch = createWatch(walker, properties);
  const symmetry = groups.length === 0 ? undefined : createSymmetry(walker, groups, properties);
  const representative = symmetry?.representative;
  const batch = order === 'breadth' ? batchOfBreadth : 1;
  const expansion = createExpansion({ batch, origins, representative, visited, walker });
  const { expand, settle, transitions } = expansion;
  const usage = createUsage(expansion, origins, visited);
  const { bytes, size } = usage;
  const limits = limitsOf(options, usage);
  const levels = order === 'depth' ? levelsByOrigin(origins) : levelsByNumber(size);
  const progress = (): Progress => ({
    depth: levels.depth(),
    states: size(),
    transitions: transitions(),
    waiting: visited.waiting(),
  });
  const first = walker.first();
  requireStartWithin(walker.isWithin?.(first) ?? true);
  visited.seed(first);
  const next = (target: Int32Array): number => {
    if (visited.waiting() === 0) settle();
    return visited.next(target);
  };
  let vector = new Int32Array(slotsStart);
  let limit: Limit | undefined;
  for (let expanded = 1; ; expanded += 1) {
    if (walker.space.slots.length > vector.length) vector = new Int32Array(vector.length * 2);
    const state = next(vector);
    if (state < 0) break;
    if (levels.enter(state, limits.depthMax)) {
      symmetry?.audit(vector, state);
      if (watch.look(vector, state, expand(vector))) break;
    } else {
      limit = 'depth-max';
      // In breadth all that is left lies as deep.
      if (order === 'breadth') break;
    }
    const reached = limits.reached(expanded);
    limit = reached ?? limit;
    if (reached !== undefined) break;
    if (expanded % progressEvery === 0) options.onProgress?.(progress());
  }
  const alone = {
    ...progress(),
    bytes: bytes(),
    limit,
    options,
    origins,
    system,
    threads: 1,
    walker,
    watch,
  };
  return representative === undefined ? alone : { ...alone, representative };
}

/** What a search has used once all that was staged is looked up. */
function createUsage({ settle }: Expansion, origins: Origins, visited: Visited): Usage {
  return {
    bytes: () => visited.bytes() + origins.bytes(),
    size: () => {
      settle();
      return visited.size();
    },
    sizeMost: () => visited.size() + visited.staged(),
  };
}

/**
 * Whether several threads can search so: what is said of whole runs needs all worlds in one place, and
 * where a bound is asked of every successor, one thread has to ask.
 */
export function isShared(
  { definition }: System,
  { order = 'breadth', properties = [], storage, symmetry = [] }: SearchOptions,
): boolean {
  const isPlain = order === 'breadth' && storage !== 'fingerprints' && symmetry.length === 0;
  return isPlain && definition.within === undefined && properties.every(isOfWorlds);
}

/** Which level the search is on. */
interface Levels {
  readonly depth: () => number;
  /** Takes the next world; whether its level may be expanded. */
  readonly enter: (state: number, depthMax: number) => boolean;
}

/** In breadth a level begins where all worlds were found that the one before leads to. */
function levelsByNumber(size: () => number): Levels {
  let depth = 0;
  let end = 0;
  return {
    depth: () => depth,
    enter: (state, depthMax) => {
      if (state < end) return true;
      if (depth >= depthMax) return false;
      depth += 1;
      end = size();
      return true;
    },
  };
}

function levelsByOrigin({ depthOf }: Origins): Levels {
  let depth = 0;
  return {
    depth: () => depth,
    enter: (state, depthMax) => {
      const level = depthOf(state) + 1;
      if (level > depthMax) return false;
      if (level > depth) depth = level;
      return true;
    },
  };
}
