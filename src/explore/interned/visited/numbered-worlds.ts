/** Worlds by number and by contents: what a search of edges needs, where a set of worlds is not enough. */
import { bitsFor, layOut, pack, unpack } from './layout.ts';
import type { Layout } from './layout.ts';
import { hashWords } from './packed-set.ts';

/** Worlds in the order in which they were added. */
export interface NumberedWorlds {
  /** The number of a world; one that is new gets the next. */
  readonly add: (vector: Int32Array, slots: number) => number;
  readonly bytes: () => number;
  /** Writes the cells of a world to `vector`. */
  readonly read: (number: number, vector: Int32Array) => void;
  readonly size: () => number;
}

const firstLength = 1 << 8;

/** No worlds yet. */
export function createNumberedWorlds(): NumberedWorlds {
  let layout = layOut(new Uint8Array(1).fill(1));
  let words = new Int32Array(firstLength);
  // The number of a world + 1, where its hash says; 0 for nobody.
  let places = new Int32Array(firstLength);
  let size = 0;
  const find = (): number => {
    const mask = places.length - 1;
    const at = size * layout.words;
    let place = hashWords(words, at, layout.words) & mask;
    for (let found = places[place] ?? 0; found !== 0; found = places[place] ?? 0) {
      if (isSame(words, layout.words, { first: found - 1, second: size })) return found - 1;
      place = (place + 1) & mask;
    }
    places[place] = size + 1;
    size += 1;
    return size - 1;
  };
  const refit = (next: Layout): void => {
    const old = { layout, size, words };
    layout = next;
    words = new Int32Array(Math.max(firstLength, nextPower((size + 2) * layout.words)));
    const vector = new Int32Array(layout.slots);
    for (let number = 0; number < old.size; number += 1) {
      unpack(old.layout, { at: number * old.layout.words, source: old.words }, vector);
      pack(layout, vector, { at: number * layout.words, source: words });
    }
    hashAnew(places.length);
  };
  const hashAnew = (length: number): void => {
    places = new Int32Array(length);
    const all = size;
    for (let number = 0; number < all; number += 1) {
      size = number;
      find();
    }
  };
  return {
    add: (vector, slots) => {
      if (!fits(layout, vector, slots)) refit(wider(layout, vector, slots));
      if ((size + 1) * layout.words > words.length) words = doubled(words);
      if (size * 2 >= places.length) hashAnew(places.length * 2);
      pack(layout, vector, { at: size * layout.words, source: words });
      return find();
    },
    bytes: () => words.byteLength + places.byteLength,
    read: (number, vector) => {
      unpack(layout, { at: number * layout.words, source: words }, vector);
    },
    size: () => size,
  };
}

function fits({ masks, slots: known }: Layout, vector: Int32Array, slots: number): boolean {
  if (slots > known) return false;
  for (let slot = 0; slot < slots; slot += 1) {
    if ((vector[slot] ?? 0) > (masks[slot] ?? 0)) return false;
  }
  return true;
}

function wider(layout: Layout, vector: Int32Array, slots: number): Layout {
  const length = Math.max(layout.slots, slots);
  const most = Int32Array.from({ length }, (_, slot) =>
    Math.max(slot < slots ? (vector[slot] ?? 0) : 0, layout.masks[slot] ?? 0),
  );
  return layOut(Uint8Array.from(most, bitsFor));
}

interface Two {
  readonly first: number;
  readonly second: number;
}

function isSame(words: Int32Array, length: number, { first, second }: Two): boolean {
  for (let word = 0; word < length; word += 1) {
    if (words[first * length + word] !== words[second * length + word]) return false;
  }
  return true;
}

function doubled(array: Int32Array): Int32Array<ArrayBuffer> {
  const made = new Int32Array(array.length * 2);
  made.set(array);
  return made;
}

function nextPower(value: number): number {
  return 2 ** (32 - Math.clz32(value));
}
