/**
 * What walks have found out about the worlds that they came to: their cells, how many moves each has,
 * and where those that were taken lead. Of each world there is one record, and records name each other:
 * where all that is known, a step of a walk reads one of them.
 */

/** Records of worlds, by where they begin; 0 stands for none. */
export interface KnownSteps {
  /** Notes a world: its cells, and how many moves it has. Not where there is no room, or where they are very many. */
  readonly add: (world: number, cells: Int32Array, menu: MenuSize) => void;
  /** The cells of a world: to be read before the next one is asked for. */
  readonly cellsOf: (record: number) => Int32Array;
  /** Notes where a move leads. */
  readonly learn: (record: number, move: number, next: number) => void;
  /** The record of the world of this number; 0 where it is not known. */
  readonly recordOf: (world: number) => number;
  /** What records are in; to be asked for anew once a world was added. */
  readonly words: () => Int32Array;
}

/** How many moves a world offers. */
export interface MenuSize {
  readonly faults: number;
  readonly inputs: number;
  readonly own: number;
}

/** Where things stand in a record, which is short: walks wait for memory more than for anything else. */
export const recordAt = {
  /** How many moves there are, of three kinds. */
  menu: 0,
  /** The number of the world, or -1 less it once nothing more is to be noted of who comes to it. */
  world: 1,
  /** From here on the record of the world after each move, as far as it is known. */
  next: 2,
} as const;

const ownBits = 12;
const inputBits = 10;
const faultBits = 9;

/** How many moves the system has of its own, by what stands in a record. */
export function ownIn(menu: number): number {
  return menu & ((1 << ownBits) - 1);
}

/** How many inputs there are. */
export function inputsIn(menu: number): number {
  return (menu >>> ownBits) & ((1 << inputBits) - 1);
}

/** How many faults there are. */
export function faultsIn(menu: number): number {
  return menu >>> (ownBits + inputBits);
}

const lengthStart = 1 << 12;

/** Nothing known; at most `wordsMax` words are used for it. */
export function createKnownSteps(wordsMax: number, slots: () => number): KnownSteps {
  // By the number of a world: its record, and where its cells begin, which are as many as stands there.
  let records = new Int32Array(lengthStart);
  let places = new Int32Array(lengthStart);
  let words = new Int32Array(lengthStart);
  let vectors = new Int32Array(lengthStart);
  // No record begins at 0.
  let [end, vectorsEnd] = [1, 0];
  let found = new Int32Array(0);
  return {
    add: (world, cells, { faults, inputs, own }) => {
      const length = slots();
      const size = recordAt.next + own + inputs + faults;
      const isFull = end + size + vectorsEnd + length + 1 + 2 * world > wordsMax;
      const isWide = own >> ownBits > 0 || inputs >> inputBits > 0 || faults >> faultBits > 0;
      if (isFull || isWide || (records[world] ?? 0) > 0) return;
      while (world >= records.length) [records, places] = [longer(records), longer(places)];
      while (end + size > words.length) words = longer(words);
      while (vectorsEnd + length + 1 > vectors.length) vectors = longer(vectors);
      words[end + recordAt.menu] = own | (inputs << ownBits) | (faults << (ownBits + inputBits));
      words[end + recordAt.world] = world;
      records[world] = end;
      end += size;
      places[world] = vectorsEnd;
      vectors[vectorsEnd] = length;
      for (let slot = 0; slot < length; slot += 1)
        vectors[vectorsEnd + 1 + slot] = cells[slot] ?? 0;
      vectorsEnd += length + 1;
    },
    cellsOf: (record) => {
      const number = words[record + recordAt.world] ?? 0;
      const first = places[number < 0 ? -1 - number : number] ?? 0;
      const length = vectors[first] ?? 0;
      if (found.length < slots()) found = new Int32Array(slots());
      found.fill(0);
      for (let slot = 0; slot < length; slot += 1) found[slot] = vectors[first + 1 + slot] ?? 0;
      return found;
    },
    learn: (record, move, next) => {
      words[record + recordAt.next + move] = next;
    },
    recordOf: (world) => records[world] ?? 0,
    words: () => words,
  };
}

function longer(array: Int32Array): Int32Array<ArrayBuffer> {
  const made = new Int32Array(array.length * 2);
  made.set(array);
  return made;
}
