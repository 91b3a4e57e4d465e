/** Expands a world all of whose cells are quick. */
import { movesOf } from '../cells/cell-moves.ts';
import type { Move } from '../cells/cell.ts';
import { listOf } from '../cells/move.ts';
import { firstActorSlot } from '../space.ts';
import type { Space } from '../space.ts';
import type { Change } from './change.ts';
import { createQuickMoves, head } from './quick-moves.ts';
import type { QuickMoves } from './quick-moves.ts';
import { bitOf, everywhere, isIn } from './reach.ts';
import { createSleep } from './sleep.ts';
import type { Taken } from './walker.ts';

/** Told of one successor. */
export type Visit = (move: Move) => void;

/** What most moves are: takes them as they come, without a change. */
export interface Shortcuts {
  /** The slots that sleep in the world in hand. */
  readonly asleep: () => number;
  /** Says which slots sleep in the successors that are told from now on. */
  readonly lull: (slots: number) => void;
  /** Moves of one slot that do nothing but to give it other cells: `count` of them, in `pool` from `at`. */
  readonly puts: (slot: number, at: number, count: number) => void;
  /** So many moves that lead to the world itself, or to one that is found anyway. */
  readonly skip: (count: number) => void;
  /** What all these moves say of the world. */
  readonly urge: (urgency: number) => void;
}

/** A walk with shortcuts. */
export interface QuickWalk {
  /** Whether all cells of a world are quick; it is then the one that `expand` takes. */
  readonly covers: (vector: Int32Array) => boolean;
  readonly expand: (vector: Int32Array, visit: Visit, shortcuts: Shortcuts) => void;
  /** Carries out whatever more than gives another cell, for what is learned by that alone. */
  readonly learn: (vector: Int32Array) => void;
  readonly pool: () => Int32Array;
}

/** What carries out a move that is more than another cell. */
export interface Taking {
  readonly change: Change;
  readonly take: (move: Move, isLost: boolean) => Taken;
}

interface Telling {
  /** Where the moves of the slot begin. */
  readonly at: number;
  readonly shortcuts: Shortcuts;
  readonly slot: number;
  readonly visit: Visit;
}

const slotsStart = 64;
const noMoves = listOf([]);

/** A quick walk through the worlds of a space. */
export function createQuickWalk(space: Space, { change, take }: Taking): QuickWalk {
  const quick = createQuickMoves(space);
  const cover = createCover(space, quick);
  const sleep = createSleep();
  let isLoaded = false;
  /** Carries out the moves of a slot that are more than another cell; whether anything followed. */
  const carryOut = (vector: Int32Array, { at, shortcuts, slot, visit }: Telling): boolean => {
    const pool = quick.pool();
    const puts = pool[at + head.puts] ?? 0;
    const end = puts + (pool[at + head.others] ?? 0);
    const moves = space.slots[slot]?.moves.up[vector[slot] ?? 0]?.moves ?? [];
    let reach = at + head.cells + puts;
    let hasFollowed = false;
    if (!isLoaded) change.load(vector, cover.last());
    isLoaded = true;
    for (let place = puts; place < end; place += 1, reach += 2) {
      const move = moves[place];
      if (move === undefined) continue;
      const taken = take(move, false);
      if (taken === 'impossible') continue;
      if (taken === 'followed') hasFollowed = true;
      const slots = taken === 'followed' ? everywhere : (pool[reach] ?? everywhere);
      shortcuts.lull(sleep.after(slot, slots, pool[reach + 1] ?? 0));
      visit(move);
    }
    return hasFollowed;
  };
  return {
    covers: cover.covers,
    expand: (vector, visit, shortcuts) => {
      const pool = quick.pool();
      const begins = cover.begins();
      const last = cover.last();
      const asleep = shortcuts.asleep();
      isLoaded = false;
      let urgency = 0;
      // Moves that were not told of, before the next one that is.
      let skipped = 0;
      sleep.begin();
      for (let slot = firstActorSlot; slot < last; slot += 1) {
        const at = begins[slot] ?? 0;
        const all = pool[at] ?? 0;
        const others = pool[at + head.others] ?? 0;
        let reached = pool[at + head.slots] ?? 0;
        urgency |= pool[at + head.urgency] ?? 0;
        if (all >= 0 && isIn(asleep, slot)) {
          skipped += all;
        } else {
          const puts = pool[at + head.puts] ?? 0;
          if (puts + others > 0) shortcuts.skip(skipped);
          if (puts + others > 0) skipped = 0;
          if (puts > 0) {
            shortcuts.lull(sleep.after(slot, bitOf(slot), 0));
            shortcuts.puts(slot, at + head.cells, puts);
          }
          if (others > 0 && carryOut(vector, { at, shortcuts, slot, visit })) reached = everywhere;
          skipped += pool[at + head.stays] ?? 0;
        }
        if (others > 0) sleep.note(slot, reached, pool[at + head.posts] ?? 0);
      }
      shortcuts.skip(skipped);
      shortcuts.urge(urgency > 2 ? 2 : urgency);
    },
    learn: (vector) => {
      change.load(vector, cover.last());
      for (const move of othersOf(space, quick.pool(), { cover, vector })) take(move, false);
    },
    pool: quick.pool,
  };
}

interface Covered {
  readonly cover: Cover;
  readonly vector: Int32Array;
}

/** The moves of a world that are more than another cell. */
function othersOf(space: Space, pool: Int32Array, { cover, vector }: Covered): readonly Move[] {
  const begins = cover.begins();
  const found: Move[] = [];
  for (let slot = firstActorSlot; slot < cover.last(); slot += 1) {
    const at = begins[slot] ?? 0;
    const others = pool[at + head.others] ?? 0;
    if (others === 0) continue;
    const puts = pool[at + head.puts] ?? 0;
    const moves = space.slots[slot]?.moves.up[vector[slot] ?? 0]?.moves ?? [];
    for (let place = puts; place < puts + others; place += 1) {
      const move = moves[place];
      if (move !== undefined) found.push(move);
    }
  }
  return found;
}

interface Cover {
  /** Where the moves of each slot begin in the world in hand. */
  readonly begins: () => Int32Array;
  readonly covers: (vector: Int32Array) => boolean;
  /** What is found on the way gets its slots behind the last of these. */
  readonly last: () => number;
}

function createCover(space: Space, quick: QuickMoves): Cover {
  let begins = new Int32Array(slotsStart);
  let last = 0;
  const learn = (index: number, cell: number): number => {
    const slot = space.slots[index];
    const list = slot === undefined ? noMoves : movesOf(space, slot, { cell, node: 'up' });
    return quick.add({ cell, slot: index }, list);
  };
  return {
    begins: () => begins,
    covers: (vector) => {
      last = space.slots.length;
      if (last > begins.length) begins = new Int32Array(last * 2);
      for (let slot = firstActorSlot; slot < last; slot += 1) {
        const cell = vector[slot] ?? 0;
        const known = quick.at(slot, cell);
        const at = known === 0 ? learn(slot, cell) : known;
        if (at < 0) return false;
        begins[slot] = at;
      }
      return true;
    },
    last: () => last,
  };
}
