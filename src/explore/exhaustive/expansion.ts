/** Expands one world after the other: what follows is looked up and noted. */
import type { Move } from '../interned/cell.ts';
import type { Visited } from '../interned/visited.ts';
import type { Walker } from '../interned/walker.ts';
import type { Parents } from './path.ts';

/** Expands worlds. */
export interface Expansion {
  /** Expands the world that `visited` gave last; whether the system has nothing left to do of its own. */
  readonly expand: (vector: Int32Array, state: number) => boolean;
  /** Ways from world to world so far; the start counts as one. */
  readonly transitions: () => number;
}

/** Where what follows is noted. */
export interface ExpansionOptions {
  readonly parents: Parents;
  readonly visited: Visited;
  readonly walker: Walker;
}

/** An expansion that has not begun. */
export function createExpansion({ parents, visited, walker }: ExpansionOptions): Expansion {
  const { change } = walker;
  let ownMoves = 0;
  let transitions = 1;
  const visit = (move: Move): void => {
    if (!move.isExternal) ownMoves += 1;
    visited.stage(change);
  };
  return {
    expand: (vector, state) => {
      ownMoves = 0;
      walker.expand(vector, visit);
      const count = visited.settle();
      const numbers = visited.settled();
      for (let index = 0; index < count; index += 1) {
        const number = numbers[index] ?? 0;
        if (number >= 0) parents.add(number, state);
      }
      transitions += count;
      return ownMoves === 0;
    },
    transitions: () => transitions,
  };
}
