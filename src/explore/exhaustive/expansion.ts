/** Expands one world after the other: what follows is looked up and noted. */
import type { Move } from '../interned/cell.ts';
import type { Visited } from '../interned/visited.ts';
import type { Walker } from '../interned/walker.ts';
import type { Origins } from './origins.ts';

/** Expands worlds. */
export interface Expansion {
  /** Expands the world that `visited` gave last; whether the system has nothing left to do of its own. */
  readonly expand: (vector: Int32Array, state: number) => boolean;
  /** Ways from world to world so far; the start counts as one. */
  readonly transitions: () => number;
}

/** Where what follows is noted. */
export interface ExpansionOptions {
  readonly origins: Origins;
  readonly visited: Visited;
  readonly walker: Walker;
}

/** An expansion that has not begun. */
export function createExpansion({ origins, visited, walker }: ExpansionOptions): Expansion {
  const { change } = walker;
  let transitions = 1;
  let moves = 0;
  let ownMoves = 0;
  // Which move each staged successor comes from.
  const stagedBy: number[] = [];
  let staged = 0;
  const visit = (move: Move): void => {
    moves += 1;
    if (!move.isExternal) ownMoves += 1;
    // What changes nothing leads back to the world itself, which is known.
    if (change.count() === 0) return;
    visited.stage(change);
    stagedBy[staged] = moves - 1;
    staged += 1;
  };
  return {
    expand: (vector, state) => {
      moves = 0;
      ownMoves = 0;
      staged = 0;
      walker.expand(vector, visit);
      const count = visited.settle();
      const numbers = visited.settled();
      for (let index = 0; index < count; index += 1) {
        const number = numbers[index] ?? -1;
        if (number >= 0) origins.add(number, state, stagedBy[index] ?? 0);
      }
      transitions += moves;
      return ownMoves === 0;
    },
    transitions: () => transitions,
  };
}
