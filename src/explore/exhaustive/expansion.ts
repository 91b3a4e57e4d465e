/** Expands one world after the other: what follows is looked up and noted. */
import type { Move } from '../interned/cell.ts';
import type { Visited } from '../interned/visited.ts';
import type { Shortcuts, Walker } from '../interned/walker.ts';
import type { Origins } from './origins.ts';

/** Expands worlds. */
export interface Expansion {
  /** Expands the world that `visited` gave last. */
  readonly expand: (vector: Int32Array, state: number) => Rest;
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
  let isOver = true;
  // Which move each staged successor comes from.
  const stagedBy: number[] = [];
  let staged = 0;
  const note = ({ isExternal, label }: Move): void => {
    if (!isExternal) isQuiet = false;
    // What changes nothing is nothing to give.
    else if (label.type === 'input' && change.count() > 0) isOver = false;
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
      if (!move.isExternal) isQuiet = false;
      else if (move.label.type === 'input') isOver = false;
      stagedBy[staged] = moves;
      moves += 1;
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
      isOver = true;
      staged = 0;
      walker.expand(vector, visit, shortcuts);
      const count = visited.settle();
      const numbers = visited.settled();
      for (let index = 0; index < count; index += 1) {
        const number = numbers[index] ?? -1;
        if (number >= 0) origins.add(number, state, stagedBy[index] ?? 0);
      }
      transitions += moves;
      if (!isQuiet) return 'busy';
      return isOver ? 'over' : 'quiet';
    },
    transitions: () => transitions,
  };
}
