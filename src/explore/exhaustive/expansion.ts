/** Expands one world after the other: what follows is looked up and noted. */
import type { Move } from '../interned/cell.ts';
import type { Visited } from '../interned/visited.ts';
import type { Shortcuts, Walker } from '../interned/walker.ts';
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
  let isQuiet = true;
  // Which move each staged successor comes from.
  const stagedBy: number[] = [];
  let staged = 0;
  const note = ({ isExternal }: Move): void => {
    if (!isExternal) isQuiet = false;
    stagedBy[staged] = moves;
    moves += 1;
  };
  const visit = (move: Move): void => {
    note(move);
    // What changes nothing leads back to the world itself, which is known.
    if (change.count() === 0) return;
    visited.stage(change);
    staged += 1;
  };
  const shortcuts: Shortcuts = {
    put: (move) => {
      note(move);
      visited.put(move.slot, move.cell);
      staged += 1;
    },
    stay: ({ isStill, moves: all, stayFrom }) => {
      if (!isStill) isQuiet = false;
      moves += all.length - stayFrom;
    },
  };
  return {
    expand: (vector, state) => {
      moves = 0;
      isQuiet = true;
      staged = 0;
      walker.expand(vector, visit, shortcuts);
      const count = visited.settle();
      const numbers = visited.settled();
      for (let index = 0; index < count; index += 1) {
        const number = numbers[index] ?? -1;
        if (number >= 0) origins.add(number, state, stagedBy[index] ?? 0);
      }
      transitions += moves;
      return isQuiet;
    },
    transitions: () => transitions,
  };
}
