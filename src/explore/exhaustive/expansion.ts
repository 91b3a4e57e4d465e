/** Expands one world after the other: what follows is looked up and noted. */
import type { Move } from '../interned/cells/cell.ts';
import { urgencyOf } from '../interned/cells/move.ts';
import type { Shortcuts } from '../interned/steps/quick-walk.ts';
import type { Walker } from '../interned/steps/walker.ts';
import type { StagedChange } from '../interned/visited/stage.ts';
import type { Visited } from '../interned/visited/visited.ts';
import type { Representative } from '../symmetry/representative.ts';
import type { Origins } from './origins.ts';

/** Expands worlds. */
export interface Expansion {
  /** Expands the world that `visited` gave last. */
  readonly expand: (vector: Int32Array) => Rest;
  /** Looks up what was staged, and notes what is new of it. */
  readonly settle: () => void;
  /** Ways from world to world so far; the start counts as one. */
  readonly transitions: () => number;
}

/**
 * What there is left to do in a world: something of the system's own (`busy`), only what the environment
 * may give (`quiet`), or nothing but faults (`over`).
 */
export type Rest = 'busy' | 'quiet' | 'over';

/** Where what follows is noted. */
export interface ExpansionOptions {
  /** How many successors are looked up together at least; 1 unless said otherwise. */
  readonly batch?: number;
  readonly origins: Origins;
  /** Puts one world in the place of all that are like it. */
  readonly representative?: Representative | undefined;
  readonly visited: Pick<Visited, 'asleep' | 'lull' | 'puts' | 'settle' | 'stage' | 'staged'>;
  readonly walker: Walker;
}

/** So many misses of the cache, and more, are waited for together. */
export const batchOfBreadth = 64;

const rests: readonly Rest[] = ['over', 'quiet', 'busy'];

/** An expansion that has not begun. */
export function createExpansion(options: ExpansionOptions): Expansion {
  const { batch = 1, origins, representative, visited, walker } = options;
  const { change, isWithin, space } = walker;
  let transitions = 1;
  let moves = 0;
  let urgency = 0;
  const visit = (move: Move): void => {
    const isStay = change.count() === 0;
    const its = urgencyOf(move);
    // What the environment gives in vain is as good as nothing.
    if (its > urgency && !(isStay && its === 1)) urgency = its;
    moves += 1;
    // What changes nothing leads back to the world itself, which is known.
    if (isStay) return;
    if (isWithin !== undefined && !isWithin(change.cells())) return;
    visited.stage(representative === undefined ? change : inPlace(representative), moves - 1);
  };
  const inPlace = (find: Representative): StagedChange => {
    const cells = find(Int32Array.from(space.slots, (_, slot) => change.at(slot)));
    return { cells: () => cells, count: () => cells.length, slots: () => cells.map((_, at) => at) };
  };
  const shortcuts: Shortcuts = {
    asleep: visited.asleep,
    lull: visited.lull,
    puts: (slot, at, count) => {
      visited.puts(slot, walker.pool(), { at, count, move: moves });
      moves += count;
    },
    skip: (count) => {
      moves += count;
    },
    urge: (its) => {
      if (its > urgency) urgency = its;
    },
  };
  const isPlain = representative === undefined && isWithin === undefined;
  return {
    expand: (vector) => {
      moves = 0;
      urgency = 0;
      walker.expand(vector, visit, isPlain ? shortcuts : undefined);
      transitions += moves;
      if (visited.staged() >= batch) visited.settle(origins.add);
      return rests[urgency] ?? 'busy';
    },
    settle: () => visited.settle(origins.add),
    transitions: () => transitions,
  };
}
