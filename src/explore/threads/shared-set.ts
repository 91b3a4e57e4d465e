/**
 * Packed vectors in one open-addressed table that several threads fill. Whoever finds a free place takes
 * it by a compare-and-swap of its first word, which says "being written" until the others are there.
 *
 * @see Laarman, van de Pol and Weber, "Boosting Multi-Core Reachability Performance with Shared Hash
 * Tables", FMCAD 2010.
 */
import type { PackedSet } from '../interned/packed-set.ts';

/** The table as one thread sees it. */
export interface SharedSet {
  /** Tells where each vector lies; nobody may write meanwhile. */
  readonly forEach: (tell: (source: Int32Array, at: number) => void) => void;
  /** Adds the vector at `at` of `source`; whether it is new. */
  readonly insert: (source: Int32Array, at: number, hash: number) => boolean;
  /** Reads what `insert` will look at: misses of several lookups overlap. */
  readonly touchAll: PackedSet['touchAll'];
}

/** No first word of a packed vector is even. */
const beingWritten = 2;

/** A table of `capacity` places, a power of two, for vectors of `words` words. */
export function createSharedSet(
  buffer: SharedArrayBuffer,
  capacity: number,
  words: number,
): SharedSet {
  const table = new Int32Array(buffer);
  const mask = capacity - 1;
  const shift = Math.clz32(mask);
  // So that a table which grows is read and written from its start to its end.
  const placeOf = (hash: number): number => hash >>> shift;
  const isSame = (source: Int32Array, from: number, at: number): boolean => {
    let same = 1;
    while (same < words && table[at + same] === source[from + same]) same += 1;
    return same === words;
  };
  const write = (source: Int32Array, from: number, at: number): void => {
    for (let next = 1; next < words; next += 1) table[at + next] = source[from + next] ?? 0;
    if (words > 1) Atomics.store(table, at, source[from] ?? 0);
  };
  const insert = (source: Int32Array, from: number, hash: number): boolean => {
    const head = source[from] ?? 0;
    const mark = words > 1 ? beingWritten : head;
    let place = placeOf(hash);
    for (;;) {
      const at = place * words;
      let first = table[at] ?? 0;
      if (first === 0) {
        first = Atomics.compareExchange(table, at, 0, mark);
        if (first === 0) {
          write(source, from, at);
          return true;
        }
      }
      while (first === beingWritten) first = Atomics.load(table, at);
      // What was written before the first word is seen by whoever loads that.
      if (first === head && Atomics.load(table, at) === head && isSame(source, from, at))
        return false;
      place = (place + 1) & mask;
    }
  };
  return {
    forEach: (tell) => {
      for (let at = 0; at < capacity * words; at += words) if (table[at] !== 0) tell(table, at);
    },
    insert,
    touchAll: (rows, { count, hashAt, stride }) => {
      const end = count * stride;
      let seen = 0;
      for (let at = hashAt; at < end; at += stride) {
        seen ^= table[placeOf(rows[at] ?? 0) * words] ?? 0;
      }
      return seen;
    },
  };
}
