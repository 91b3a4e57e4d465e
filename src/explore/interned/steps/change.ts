/**
 * The world in the making: the cells of the world that is expanded, some of them changed. Beginning
 * anew undoes what was changed, so that no vector is copied for a successor.
 */

/** What a successor has other than the world that it follows. */
export interface Change {
  /** The cell of a slot now. */
  readonly at: (slot: number) => number;
  /** The cells of the world that is expanded. */
  readonly base: () => Int32Array;
  /** Undoes all that was changed. */
  readonly begin: () => void;
  /** Makes the world in the making the one that is expanded. */
  readonly commit: () => void;
  /** The cells of the world in the making. */
  readonly cells: () => Int32Array;
  /** How many slots were changed: where it is 0, the successor is the world itself. */
  readonly count: () => number;
  /** Takes a world to be changed. */
  readonly load: (vector: Int32Array, slots: number) => void;
  readonly put: (slot: number, cell: number) => void;
  /** The slots that were changed: the first `count`, each once. */
  readonly slots: () => Int32Array;
}

const slotsStart = 64;

/** A change of a world without actors. */
export function createChange(): Change {
  let base = new Int32Array(slotsStart);
  let cells = new Int32Array(slotsStart);
  let slots = new Int32Array(slotsStart);
  // The beginning at which a slot was changed last.
  let marks = new Int32Array(slotsStart);
  let mark = 1;
  let count = 0;
  const widen = (least: number): void => {
    const length = Math.max(least, cells.length * 2);
    base = widened(base, length);
    cells = widened(cells, length);
    slots = widened(slots, length);
    marks = widened(marks, length);
  };
  return {
    at: (slot) => cells[slot] ?? 0,
    base: () => base,
    begin: () => {
      for (let index = 0; index < count; index += 1) {
        const slot = slots[index] ?? 0;
        cells[slot] = base[slot] ?? 0;
      }
      count = 0;
      mark = (mark + 1) | 0;
    },
    cells: () => cells,
    commit: () => {
      for (let index = 0; index < count; index += 1) {
        const slot = slots[index] ?? 0;
        base[slot] = cells[slot] ?? 0;
      }
      count = 0;
      mark = (mark + 1) | 0;
    },
    count: () => count,
    load: (vector, length) => {
      if (length > cells.length) widen(length);
      for (let slot = 0; slot < length; slot += 1) {
        base[slot] = vector[slot] ?? 0;
        cells[slot] = vector[slot] ?? 0;
      }
      count = 0;
      mark = (mark + 1) | 0;
    },
    put: (slot, cell) => {
      if (slot >= cells.length) widen(slot + 1);
      if (cells[slot] === cell) return;
      cells[slot] = cell;
      if (marks[slot] === mark) return;
      marks[slot] = mark;
      slots[count] = slot;
      count += 1;
    },
    slots: () => slots,
  };
}

function widened(array: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const made = new Int32Array(length);
  made.set(array);
  return made;
}
