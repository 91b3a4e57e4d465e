/**
 * Successors, packed and hashed, before they are looked up: many of them together, because a lookup waits
 * for memory and several can wait at once. What is new of them goes to the next level.
 */
import {
  found,
  freeOriginCount,
  freeOrigins,
  freePageCount,
  freePages,
  originBits,
  pageBits,
  pageCounts,
  pages,
  level,
} from '../src/explore/native/fields';
import { at, head, headWord, put } from './memory';
import {
  batchLeast,
  masks,
  me,
  originPages,
  own,
  packed,
  partyCount,
  roomLeft,
  shifts,
  slotCount,
  stage,
  stageMax,
  wordCount,
  wordOf,
} from './state';
import { hashOf, insert, touch } from './table';

/** Behind the words of a row: the slots that sleep, its hash, its move, the world that it follows. */
const notedWords: i32 = 4;

let count: i32 = 0;
let lulled: i32 = 0;
let parent: i32 = 0;
let touched: i32 = 0;
/** Worlds added since room was made. */
let added: i32 = 0;
/** The page of the next level that is this thread's alone, and how many worlds lie there. */
let page: usize = 0;
let inPage: i32 = 0;

export function staged(): i32 {
  return count;
}

/** Says that those to come follow the world of this number. */
export function follow(number: i32): void {
  parent = number;
  lulled = 0;
}

/** Says which slots sleep in those to come. */
export function lull(slots: i32): void {
  lulled = slots;
}

/** Forgets those behind the first `kept`. */
export function truncate(kept: i32): void {
  if (kept < count) count = kept;
}

/** Takes notice of new room. */
export function renewRoom(): void {
  added = 0;
}

/** Takes notice of a new level, or of pages that were moved. */
export function turnPage(): void {
  page = 0;
}

export function isFull(): bool {
  return added > roomLeft;
}

function rowAt(index: i32): usize {
  return stage + ((<usize>index * (wordCount + notedWords)) << 2);
}

/** Begins a row: a copy of the world that is followed. There must be room. */
export function begin(): usize {
  const row = rowAt(count);
  for (let word = 0; word < wordCount; word += 1) put(row, word, at(packed, word));
  return row;
}

/** Gives a slot of the row in the making another cell; whether there is room for its number. */
export function field(slot: i32, old: i32, cell: i32): bool {
  if (slot >= slotCount || <u32>cell > <u32>at(masks, slot)) return false;
  const word = rowAt(count) + ((<usize>at(wordOf, slot)) << 2);
  // Fields never overflow, so a difference at a field's place is all that changes.
  store<i32>(word, load<i32>(word) + ((cell - old) << at(shifts, slot)));
  return true;
}

/** Ends the row in the making. */
export function add(move: i32): void {
  const row = rowAt(count);
  put(row, wordCount, lulled);
  put(row, wordCount + 1, hashOf(row, wordCount));
  put(row, wordCount + 2, move);
  put(row, wordCount + 3, parent);
  count += 1;
}

/** Whether a further row would lack room. */
export function isCrowded(): bool {
  return count >= stageMax;
}

export function isDue(): bool {
  return count >= batchLeast;
}

/** Looks up what was staged, in its order, and adds what is new. */
export function settle(): void {
  const stride = (<usize>(wordCount + notedWords)) << 2;
  const end = stage + <usize>count * stride;
  const hashAt = (<usize>(wordCount + 1)) << 2;
  for (let row = stage; row < end; row += stride) touched ^= touch(load<u32>(row + hashAt));
  let size = at(own, found);
  const before = size;
  for (let row = stage; row < end; row += stride) {
    if (!insert(row, load<u32>(row + hashAt))) continue;
    push(row, size * partyCount + me);
    noteOrigin(size, at(row, wordCount + 3), at(row, wordCount + 2));
    size += 1;
  }
  put(own, found, size);
  added += size - before;
  count = 0;
}

/** Writes a world to the next level. */
function push(row: usize, number: i32): void {
  if (page == 0 || inPage == 1 << pageBits) newPage();
  const to = page + ((<usize>inPage * (wordCount + 2)) << 2);
  for (let word = 0; word < wordCount; word += 1) put(to, word, at(row, word));
  put(to, wordCount, number);
  put(to, wordCount + 1, at(row, wordCount));
  inPage += 1;
}

function newPage(): void {
  page = taken(freePages, freePageCount);
  inPage = 0;
  // Entries that stay empty say so: no first word of a world is 0.
  memory.fill(page, 0, ((<usize>(wordCount + 2)) << pageBits) << 2);
  const side = 1 - (head(level) & 1);
  const index = atomic.add<i32>(headWord(pageCounts + side), 1);
  atomic.store<i32>(<usize>head(pages + side) + ((<usize>index) << 2), <i32>page);
}

/** One of the pages that nobody has; there is always one. */
function taken(list: i32, counter: i32): usize {
  const index = atomic.sub<i32>(headWord(counter), 1) - 1;
  if (index < 0) unreachable();
  return <usize>at(<usize>head(list), index);
}

function noteOrigin(size: i32, from: i32, move: i32): void {
  const index = size >> originBits;
  let origin = <usize>at(originPages, index);
  if (origin == 0) {
    origin = taken(freeOrigins, freeOriginCount);
    put(originPages, index, <i32>origin);
  }
  const to = origin + ((<usize>(size & ((1 << originBits) - 1))) << 3);
  store<i32>(to, from);
  store<i32>(to, move, 4);
}

/** Keeps what was touched from being for nothing in the eyes of the compiler. */
export function trace(): i32 {
  return touched;
}
