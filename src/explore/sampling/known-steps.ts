/**
 * What a walk has found out about the worlds that it came to: their cells, how many moves each has, and
 * where those that were taken lead. Where all that is known, a walk goes from number to number.
 */

/** Steps between worlds by number. */
export interface KnownSteps {
  /** Notes a world: its cells, and how many moves it has. */
  readonly add: (world: number, cells: Int32Array, menu: MenuSize) => void;
  /** The cells of a world: to be read before the next one is asked for. */
  readonly cellsOf: (world: number) => Int32Array;
  readonly faults: (world: number) => number;
  readonly inputs: (world: number) => number;
  readonly isKnown: (world: number) => boolean;
  readonly learn: (world: number, move: number, next: number) => void;
  /** The world after a move; -1 where it is not known. */
  readonly next: (world: number, move: number) => number;
  readonly own: (world: number) => number;
}

/** How many moves a world offers. */
export interface MenuSize {
  readonly faults: number;
  readonly inputs: number;
  readonly own: number;
}

// Own moves, inputs, faults, and where its cells and its steps begin, + 1.
const header = 4;
const lengthStart = 1 << 12;

/** Nothing known; at most `wordsMax` words are used for it. */
export function createKnownSteps(wordsMax: number, slots: () => number): KnownSteps {
  let worlds = new Int32Array(lengthStart);
  // Of each world its cells, how many they are before them, and behind them the world after each move, + 1.
  let words = new Int32Array(lengthStart);
  let used = 0;
  let found = new Int32Array(0);
  return {
    add: (world, cells, { faults, inputs, own }) => {
      const at = world * header;
      const length = slots();
      const size = 1 + length + own + inputs + faults;
      if (used + size + at > wordsMax || (worlds[at + 3] ?? 0) > 0) return;
      while (at + header > worlds.length) worlds = longer(worlds);
      while (used + size > words.length) words = longer(words);
      worlds[at] = own;
      worlds[at + 1] = inputs;
      worlds[at + 2] = faults;
      worlds[at + 3] = used + length + 2;
      for (let slot = 0; slot < length; slot += 1) words[used + slot] = cells[slot] ?? 0;
      words[used + length] = length;
      used += size;
    },
    cellsOf: (world) => {
      const end = (worlds[world * header + 3] ?? 0) - 2;
      const length = words[end] ?? 0;
      if (found.length < slots()) found = new Int32Array(slots());
      found.fill(0);
      for (let slot = 0; slot < length; slot += 1) found[slot] = words[end - length + slot] ?? 0;
      return found;
    },
    faults: (world) => worlds[world * header + 2] ?? 0,
    inputs: (world) => worlds[world * header + 1] ?? 0,
    isKnown: (world) => (worlds[world * header + 3] ?? 0) > 0,
    learn: (world, move, next) => {
      const first = worlds[world * header + 3] ?? 0;
      if (first > 0) words[first - 1 + move] = next + 1;
    },
    next: (world, move) => (words[(worlds[world * header + 3] ?? 0) - 1 + move] ?? 0) - 1,
    own: (world) => worlds[world * header] ?? 0,
  };
}

function longer(array: Int32Array): Int32Array<ArrayBuffer> {
  const made = new Int32Array(array.length * 2);
  made.set(array);
  return made;
}
