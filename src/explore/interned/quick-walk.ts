/** Expands a world all of whose cells are quick. */
import { movesOf } from './cell-moves.ts';
import type { Move } from './cell.ts';
import type { Change } from './change.ts';
import { listOf } from './move.ts';
import { createQuickMoves, quickHead } from './quick-moves.ts';
import { firstActorSlot } from './space.ts';
import type { Space } from './space.ts';

/** Told of one successor. */
export type Visit = (move: Move) => void;

/** What most moves are: takes them as they come, without a change. */
export interface Shortcuts {
  /** Moves of one slot that do nothing but to give it other cells: `count` of them, in `pool` from `at`. */
  readonly puts: (slot: number, at: number, count: number) => void;
  /** So many moves that lead back to the world itself. */
  readonly stay: (count: number) => void;
  /** What all these moves say of the world. */
  readonly urge: (urgency: number) => void;
}

/** A walk with shortcuts. */
export interface QuickWalk {
  /** Whether all cells of a world are quick; it is then the one that `expand` takes. */
  readonly covers: (vector: Int32Array) => boolean;
  readonly expand: (vector: Int32Array, visit: Visit, shortcuts: Shortcuts) => void;
  readonly pool: () => Int32Array;
}

/** What carries out a move that is more than another cell. */
export interface Taking {
  readonly change: Change;
  readonly take: (move: Move, isLost: boolean) => boolean;
}

const slotsStart = 64;
const noMoves = listOf([]);

/** A quick walk through the worlds of a space. */
export function createQuickWalk(space: Space, { change, take }: Taking): QuickWalk {
  const quick = createQuickMoves();
  // Where the moves of each slot begin in the world in hand.
  let begins = new Int32Array(slotsStart);
  // What is found on the way gets its slots behind the last of these.
  let last = 0;
  const learn = (index: number, cell: number): number => {
    const slot = space.slots[index];
    const list = slot === undefined ? noMoves : movesOf(space, slot, { cell, node: 'up' });
    return quick.add(index, cell, list);
  };
  return {
    covers: (vector) => {
      last = space.slots.length;
      if (last > begins.length) begins = new Int32Array(last * 2);
      const { starts } = quick;
      for (let slot = firstActorSlot; slot < last; slot += 1) {
        const cell = vector[slot] ?? 0;
        const known = starts[slot]?.[cell] ?? 0;
        const at = known === 0 ? learn(slot, cell) : known;
        if (at < 0) return false;
        begins[slot] = at;
      }
      return true;
    },
    expand: (vector, visit, shortcuts) => {
      const pool = quick.pool();
      let isLoaded = false;
      let urgency = 0;
      for (let index = firstActorSlot; index < last; index += 1) {
        const at = begins[index] ?? 0;
        const puts = pool[at] ?? 0;
        const others = pool[at + 1] ?? 0;
        const stays = pool[at + 2] ?? 0;
        urgency |= pool[at + 3] ?? 0;
        if (puts > 0) shortcuts.puts(index, at + quickHead, puts);
        if (others > 0) {
          if (!isLoaded) change.load(vector, last);
          isLoaded = true;
          const moves = space.slots[index]?.moves.up[vector[index] ?? 0]?.moves ?? [];
          for (let place = puts; place < puts + others; place += 1) {
            const move = moves[place];
            if (move !== undefined && take(move, false)) visit(move);
          }
        }
        if (stays > 0) shortcuts.stay(stays);
      }
      shortcuts.urge(urgency > 2 ? 2 : urgency);
    },
    pool: quick.pool,
  };
}
