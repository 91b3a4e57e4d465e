/**
 * Packed worlds in one open-addressed table that several threads fill. Whoever finds a free place takes it
 * by a compare-and-swap of its first word, which says "being written" until the others are there. The table
 * is in segments; the upper bits of a hash say where a world lies, so that a table which grows is read and
 * written from its start to its end.
 *
 * @see Laarman, van de Pol and Weber, "Boosting Multi-Core Reachability Performance with Shared Hash
 * Tables", FMCAD 2010.
 */
import { pageBits, segments } from '../src/explore/native/fields';
import { headWord } from './memory';
import { cells, masks, packed, segBits, shifts, slotCount, wordCount, wordOf } from './state';

/** No first word of a packed world is even. */
const beingWritten: i32 = 2;

/** The hash of the words at `from`, all 32 bits of it well mixed. */
export function hashOf(from: usize, count: i32): u32 {
  let h: u32 = load<u32>(from) * 0x9e3779b1;
  for (let word = 1; word < count; word += 1) {
    h = (h ^ (h >> 15) ^ load<u32>(from + ((<usize>word) << 2))) * 0x85ebca6b;
  }
  h ^= h >> 13;
  h *= 0xc2b2ae35;
  return h ^ (h >> 16);
}

function segmentOf(hash: u32): usize {
  return load<u32>(headWord(segments) + ((<usize>(hash >> 28)) << 2));
}

function placeIn(hash: u32, bits: i32): u32 {
  return (hash << 4) >> (32 - bits);
}

/** The first word where a hash begins to look: misses of several lookups overlap, which is all that this is for. */
export function touch(hash: u32): i32 {
  return load<i32>(segmentOf(hash) + ((<usize>placeIn(hash, segBits) * wordCount) << 2));
}

/** Adds the world at `from`; whether it is new. */
export function insert(from: usize, hash: u32): bool {
  return insertIn(segmentOf(hash), segBits, wordCount, from, hash);
}

/** Adds a world of `count` words to a segment. */
function insertIn(segment: usize, bits: i32, count: i32, from: usize, hash: u32): bool {
  const mask: u32 = ((<u32>1) << bits) - 1;
  const first = load<i32>(from);
  const mark = count > 1 ? beingWritten : first;
  const begin = placeIn(hash, bits);
  let place = begin;
  while (true) {
    const at = segment + ((<usize>place * count) << 2);
    let seen = load<i32>(at);
    if (seen == 0) {
      seen = atomic.cmpxchg<i32>(at, 0, mark);
      if (seen == 0) {
        for (let word = 1; word < count; word += 1) {
          store<i32>(at + ((<usize>word) << 2), load<i32>(from + ((<usize>word) << 2)));
        }
        if (count > 1) atomic.store<i32>(at, first);
        return true;
      }
    }
    while (seen == beingWritten) seen = atomic.load<i32>(at);
    // What was written before the first word is seen by whoever loads that.
    if (seen == first && (count == 1 || isSame(at, from, count))) return false;
    place = (place + 1) & mask;
    // There is always room: the table grows long before it is full.
    if (place == begin) unreachable();
  }
}

function isSame(at: usize, from: usize, count: i32): bool {
  if (atomic.load<i32>(at) != load<i32>(from)) return false;
  for (let word = 1; word < count; word += 1) {
    if (load<i32>(at + ((<usize>word) << 2)) != load<i32>(from + ((<usize>word) << 2)))
      return false;
  }
  return true;
}

/** Adds all worlds of a segment to another one. */
export function rehash(old: usize, oldBits: i32, segment: usize, bits: i32): void {
  const stride = (<usize>wordCount) << 2;
  const end = old + ((<usize>1) << oldBits) * stride;
  for (let from = old; from < end; from += stride) {
    if (load<i32>(from) != 0) insertIn(segment, bits, wordCount, from, hashOf(from, wordCount));
  }
}

/** Adds all worlds of a segment, packed anew, to the segments that are listed at `list`. */
export function relaySegment(
  old: usize,
  oldBits: i32,
  list: usize,
  bits: i32,
  lay: usize,
  slots: i32,
  count: i32,
): void {
  const stride = (<usize>wordCount) << 2;
  const end = old + ((<usize>1) << oldBits) * stride;
  for (let from = old; from < end; from += stride) {
    if (load<i32>(from) == 0) continue;
    unpack(from, cells);
    pack(cells, packed, lay, slots, count);
    const hash = hashOf(packed, count);
    const segment = load<u32>(list + ((<usize>(hash >> 28)) << 2));
    insertIn(segment, bits, count, packed, hash);
  }
}

/** Writes the worlds of a page of a frontier, packed anew, to another page. */
export function relayPage(old: usize, page: usize, lay: usize, slots: i32, count: i32): void {
  let from = old;
  let to = page;
  for (let index = 0; index < 1 << pageBits; index += 1) {
    if (load<i32>(from) == 0) {
      store<i32>(to, 0);
    } else {
      unpack(from, cells);
      pack(cells, to, lay, slots, count);
      const behind = from + ((<usize>wordCount) << 2);
      const mark = to + ((<usize>count) << 2);
      store<i32>(mark, load<i32>(behind));
      store<i32>(mark, load<i32>(behind, 4), 4);
    }
    from += (<usize>(wordCount + 2)) << 2;
    to += (<usize>(count + 2)) << 2;
  }
}

/** Reads the world at `from` into cells. */
export function unpack(from: usize, to: usize): void {
  for (let slot = 0; slot < slotCount; slot += 1) {
    const word = load<u32>(from + ((<usize>load<i32>(wordOf + ((<usize>slot) << 2))) << 2));
    const cell =
      (word >> load<i32>(shifts + ((<usize>slot) << 2))) & load<u32>(masks + ((<usize>slot) << 2));
    store<u32>(to + ((<usize>slot) << 2), cell);
  }
}

/** Writes as many cells to the words at `to`, as a layout says. */
export function pack(from: usize, to: usize, lay: usize, slots: i32, count: i32): void {
  const shiftAt = lay + ((<usize>slots) << 2);
  const wordAt = shiftAt + ((<usize>slots) << 2);
  memory.fill(to, 0, (<usize>count) << 2);
  store<i32>(to, 1);
  for (let slot = 0; slot < slots; slot += 1) {
    const at = to + ((<usize>load<i32>(wordAt + ((<usize>slot) << 2))) << 2);
    const cell = load<i32>(from + ((<usize>slot) << 2));
    store<i32>(at, load<i32>(at) | (cell << load<i32>(shiftAt + ((<usize>slot) << 2))));
  }
}
