/**
 * Packed vectors in open-addressed tables: to look one up costs one miss of the cache. The table is in
 * segments, so that only one of them is there twice while it grows. The upper bits of a hash say where a
 * vector lies, so that a table which grows is read and written from its start to its end.
 */
import { invariant } from '../../../core/errors.ts';

/** Vectors of one number of words. */
export interface PackedSet {
  readonly bytes: () => number;
  /** All vectors, or-ed word by word. */
  readonly everyBit: () => Int32Array;
  /** Tells where each vector lies. */
  readonly forEach: (tell: (source: Int32Array, at: number) => void) => void;
  /** Adds the vector at `at` of `source`; whether it is new. */
  readonly insert: (source: Int32Array, at: number, hash: number) => boolean;
  readonly size: () => number;
  /** Reads what `insert` will look at: misses of several lookups overlap, which is all that this is for. */
  readonly touchAll: (rows: Int32Array, hashed: Hashed) => number;
}

/** So many rows of `stride` words, each with its hash at `hashAt`. */
export interface Hashed {
  readonly count: number;
  readonly hashAt: number;
  readonly stride: number;
}

const segmentBits = 4;
const segmentCount = 1 << segmentBits;
const segmentShift = 32 - segmentBits;
const firstLength = 1 << 8;
/** Linear probing stays short up to here. */
const loadMax = 0.72;
const sizeMax = 2 ** 30;

/**
 * An empty set of vectors of `words` words, none of whose first words is 0; with room for so many, if
 * that is said.
 */
export function createPackedSet(words: number, room = 0): PackedSet {
  let length = firstLength;
  while (room > length * segmentCount * loadMax) length *= 2;
  const segments = Array.from({ length: segmentCount }, () => new Int32Array(length * words));
  const masks = new Int32Array(segmentCount).fill(length - 1);
  const counts = new Int32Array(segmentCount);
  let size = 0;
  const insert = (source: Int32Array, from: number, hash: number): boolean => {
    const which = hash >>> segmentShift;
    const table = segments[which] ?? source;
    const mask = masks[which] ?? 0;
    const head = source[from] ?? 0;
    let place = placeOf(hash, mask);
    let at = place * words;
    for (let first = table[at] ?? 0; first !== 0; first = table[at] ?? 0) {
      if (first === head) {
        let word = 1;
        while (word < words && table[at + word] === source[from + word]) word += 1;
        if (word === words) return false;
      }
      place = (place + 1) & mask;
      at = place * words;
    }
    for (let word = 0; word < words; word += 1) table[at + word] = source[from + word] ?? 0;
    size += 1;
    note(which, mask);
    return true;
  };
  const note = (which: number, mask: number): void => {
    const count = (counts[which] ?? 0) + 1;
    counts[which] = count;
    if (count <= (mask + 1) * loadMax) return;
    invariant(
      size <= sizeMax,
      'explore/too-many-states',
      `More than ${sizeMax} worlds were found. Make the system smaller, or search by hash only.`,
    );
    segments[which] = grown(segments[which] ?? new Int32Array(0), words);
    masks[which] = mask * 2 + 1;
  };
  return {
    bytes: () => segments.reduce((sum, { byteLength }) => sum + byteLength, 0),
    everyBit: () => everyBitOf(segments, words),
    forEach: (tell) => {
      for (const table of segments) {
        for (let at = 0; at < table.length; at += words) {
          if (table[at] !== 0) tell(table, at);
        }
      }
    },
    insert,
    size: () => size,
    touchAll: (rows, { count, hashAt, stride }) => {
      const end = count * stride;
      let seen = 0;
      for (let at = hashAt; at < end; at += stride) {
        const hash = rows[at] ?? 0;
        const which = hash >>> segmentShift;
        seen ^= segments[which]?.[placeOf(hash, masks[which] ?? 0) * words] ?? 0;
      }
      return seen;
    },
  };
}

/** The hash of the vector at `at` of `source`, all 32 bits of it well mixed. */
export function hashWords(source: Int32Array, at: number, words: number): number {
  let h = Math.imul(source[at] ?? 0, 0x9e3779b1);
  for (let word = 1; word < words; word += 1) {
    h = Math.imul(h ^ (h >>> 15) ^ (source[at + word] ?? 0), 0x85ebca6b);
  }
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function everyBitOf(segments: readonly Int32Array[], words: number): Int32Array {
  const all = new Int32Array(words);
  for (const table of segments) {
    for (let at = 0; at < table.length; at += words) {
      for (let word = 0; word < words; word += 1) {
        all[word] = (all[word] ?? 0) | (table[at + word] ?? 0);
      }
    }
  }
  return all;
}

/** Where a segment of so many places, less one, begins to look for a hash. */
function placeOf(hash: number, mask: number): number {
  return (hash << segmentBits) >>> Math.clz32(mask);
}

function grown(table: Int32Array, words: number): Int32Array<ArrayBuffer> {
  const next = new Int32Array(table.length * 2);
  const mask = next.length / words - 1;
  for (let from = 0; from < table.length; from += words) {
    if (table[from] === 0) continue;
    let place = placeOf(hashWords(table, from, words), mask);
    while (next[place * words] !== 0) place = (place + 1) & mask;
    const at = place * words;
    for (let word = 0; word < words; word += 1) next[at + word] = table[from + word] ?? 0;
  }
  return next;
}
