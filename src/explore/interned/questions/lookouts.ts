/** What questions read of interned worlds, as small numbers: equal ones where the same is read. */
import type { Space } from '../space.ts';
import { readOf } from './view-of-vector.ts';
import type { Read } from './view-of-vector.ts';

/** The things that some question reads. */
export interface Lookouts {
  readonly all: () => readonly Sight[];
  /** The number of something that is read. */
  readonly lookoutOf: (read: Read) => number;
  /** Another one whenever what each sees lies elsewhere. */
  readonly version: () => number;
  /** The value there, from 1 on; 0 if there is none yet. */
  readonly valueAt: (lookout: number, vector: Int32Array) => number;
  /** The value there; one that is new gets the next number. */
  readonly valueOf: (lookout: number, vector: Int32Array) => number;
}

/** What a lookout sees. */
export interface Sight {
  /** How many values there are. */
  readonly count: number;
  /** Less than 0 for none. */
  readonly slot: number;
  /** Where its values by cell begin, in bytes; without a slot, the value that it has now. */
  readonly values: number;
}

interface Lookout {
  /** By what is read. */
  readonly known: Map<number, number>;
  readonly read: Read;
}

/** The slot of what is read of none. */
const noSlot = -1;
const cellsStart = 16;

/** Nothing is read so far. */
export function createLookouts(space: Space): Lookouts {
  const all: Lookout[] = [];
  const slots: number[] = [];
  // By lookout and cell, the values: many cells hold one local state.
  const byCell: Int32Array[] = [];
  let changes = 0;
  /** Remembers a value for the cell that has it. */
  const remember = (lookout: number, cell: number, value: number): void => {
    const cells = byCell[lookout] ?? space.journal.ints(cellsStart);
    const table =
      cell < cells.length ? cells : space.journal.ints(Math.max(cell + 1, cells.length * 2));
    if (table !== cells) {
      table.set(cells);
      changes += 1;
    }
    byCell[lookout] = table;
    table[cell] = value;
  };
  const valueFor = (lookout: number, vector: Int32Array, next: number): number => {
    const { known, read } = all[lookout] ?? nobody;
    const number = readOf(space, vector, read);
    const value = known.get(number) ?? next;
    if (value === 0) return 0;
    known.set(number, value);
    const slot = slots[lookout] ?? noSlot;
    if (slot !== noSlot) remember(lookout, vector[slot] ?? 0, value);
    return value;
  };
  return {
    all: () =>
      slots.map((slot, lookout) => {
        const { byteOffset = 0, length = 0 } = byCell[lookout] ?? {};
        if (slot !== noSlot) return { count: length, slot, values: byteOffset };
        return { count: 0, slot, values: valueFor(lookout, noVector, 0) };
      }),
    version: () => changes + space.slots.length,
    lookoutOf: (read) => {
      const found = all.findIndex(({ read: other }) => isSameRead(read, other));
      if (found >= 0) return found;
      slots.push(read.type === 'slots' ? noSlot : read.slot);
      changes += 1;
      byCell.push(space.journal.ints(cellsStart));
      return all.push({ known: new Map(), read }) - 1;
    },
    valueAt: (lookout, vector) => {
      const slot = slots[lookout] ?? noSlot;
      const value = slot === noSlot ? 0 : (byCell[lookout]?.[vector[slot] ?? 0] ?? 0);
      return value === 0 ? valueFor(lookout, vector, 0) : value;
    },
    valueOf: (lookout, vector) =>
      valueFor(lookout, vector, (all[lookout] ?? nobody).known.size + 1),
  };
}

const noVector = new Int32Array(0);
const nobody: Lookout = { known: new Map(), read: { type: 'slots' } };

function isSameRead(one: Read, other: Read): boolean {
  if (one.type === 'slots' || other.type === 'slots') return one.type === other.type;
  return one.type === other.type && one.slot === other.slot;
}
