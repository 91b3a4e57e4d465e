/**
 * What is there in a world, but not on offer, because something forbids it that may be otherwise in
 * another order: a budget that is used up, a node that is paused, a partition, an earlier deadline, a
 * state that does not want a message yet. No run that goes on from there need ever take it, so that races
 * with what forbids it are looked for all the same.
 */
import { movesOf } from '../interned/cells/cell-moves.ts';
import { emptyCell } from '../interned/cells/cell.ts';
import type { GlobalCell, Label, Move } from '../interned/cells/cell.ts';
import { moveOf } from '../interned/cells/move.ts';
import { globalMoves } from '../interned/global-moves.ts';
import { firstGlobal } from '../interned/globals.ts';
import { timesOf } from '../interned/mail/delivery.ts';
import { offeredMail } from '../interned/mail/mail.ts';
import { firstActorSlot, globalSlot } from '../interned/space.ts';
import type { Slot, Space } from '../interned/space.ts';

/** Finds the moves that are there in a world, offered or not. */
export function createThere(space: Space): (vector: Int32Array) => readonly Move[] {
  const ofSlot = createOfSlot(space);
  const ofSystem = createOfSystem(space);
  return (vector) => {
    const all = [...ofSystem(vector[globalSlot] ?? 0)];
    for (let index = firstActorSlot; index < space.slots.length; index += 1) {
      const [cell, slot] = [vector[index] ?? 0, space.slots[index]];
      if (cell !== 0 && slot !== undefined) all.push(...ofSlot(vector, slot, cell));
    }
    return all;
  };
}

/** The moves of an actor as if its node were up, and the messages that its state does not want. */
function createOfSlot(
  space: Space,
): (vector: Int32Array, slot: Slot, cell: number) => readonly Move[] {
  const unwanted: (readonly Move[] | undefined)[][] = [];
  const { rules } = space.mechanics;
  const statusOf = (vector: Int32Array, slot: Slot): string | undefined =>
    space.globals.all[vector[globalSlot] ?? 0]?.nodes[slot.node];
  return (vector, slot, cell) => {
    // What is down has neither state nor timers, so nothing but its node is there.
    const node = statusOf(vector, slot) === 'down' ? 'down' : 'up';
    const { moves } = movesOf(space, slot, { cell, node });
    if (rules.unhandled === 'consume') return moves;
    const ofThis = (unwanted[slot.index] ??= []);
    return [...moves, ...(ofThis[cell] ??= unwantedMail(space, slot, { cell, moves }))];
  };
}

interface CellMoves {
  readonly cell: number;
  readonly moves: readonly Move[];
}

function unwantedMail(space: Space, slot: Slot, { cell, moves }: CellMoves): readonly Move[] {
  const table = space.parcels.parcels.all;
  const offered = new Set(
    moves.flatMap(({ label }) => (label.type === 'deliver' ? [label.parcel] : [])),
  );
  const { mail } = slot.cells.all[cell] ?? emptyCell;
  return offeredMail(mail, table).flatMap(({ number, position }) => {
    const parcel = table[number];
    if (parcel === undefined || offered.has(number)) return [];
    return timesOf(space, parcel).windows.map((after) => {
      const label: Label = { after, parcel: number, position, type: 'deliver' };
      return moveOf({ after, calls: [], cell: 0, label, slot: slot.index });
    });
  });
}

/** The faults of nodes and of the network as if there were something left of their budgets. */
function createOfSystem(space: Space): (global: number) => readonly Move[] {
  const { mechanics } = space;
  const { budgets } = mechanics.rules;
  const known: (readonly Move[] | undefined)[] = [];
  return (number) => {
    const global: GlobalCell = space.globals.all[number] ?? firstGlobal(mechanics);
    return (known[number] ??= globalMoves(mechanics, {
      ...global,
      budgets: { ...global.budgets, ...budgets },
    }));
  };
}
