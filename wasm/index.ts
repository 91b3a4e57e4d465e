/** A part of a search that one thread does: takes worlds, expands them, looks at them, adds what is new. */
import {
  beat,
  chunkBits,
  claimed,
  expanded,
  freePageCount,
  freePages,
  found,
  given,
  halt,
  halted,
  laid,
  layout,
  level,
  ofBudget,
  ofGift,
  ofHalt,
  ofLevel,
  ofPost,
  ofRoom,
  ofStop,
  pageBits,
  pageCounts,
  pages,
  post,
  postHead,
  postLength,
  postTail,
  roomed,
  running,
  signal,
  status,
  stop,
} from '../src/explore/native/fields';
import { expand, isCut, isDone, isGiven, takeInHand, sleepers } from './expand';
import { at, head, headWord, put, seen } from './memory';
import {
  add,
  begin,
  field,
  follow,
  isCrowded,
  isDue,
  isFull,
  lull,
  renewRoom,
  settle,
  staged,
  trace,
  turnPage,
} from './stage';
import { cells, enlist, look, me, own, packed, partyCount, slotCount, wordCount } from './state';
import { pack, rehash, relayPage, relaySegment } from './table';

export {
  add,
  begin,
  enlist,
  field,
  isCrowded,
  isFull,
  lull,
  rehash,
  relayPage,
  relaySegment,
  settle,
  sleepers,
  staged,
  trace,
};

let place: i32 = 0;
let end: i32 = 0;
let waiting: i32 = -1;

let seenLevel: i32 = -1;
let seenLaid: i32 = -1;
let seenRoomed: i32 = -1;

/** Takes notice of what the leader has laid anew: room, a level, how worlds lie. */
export function renew(): void {
  look();
  if (head(roomed) != seenRoomed) renewRoom();
  seenRoomed = head(roomed);
  if (head(laid) != seenLaid || head(level) != seenLevel) turnPage();
  if (head(level) != seenLevel) {
    place = 0;
    end = 0;
  }
  seenLaid = head(laid);
  seenLevel = head(level);
}

/** Goes on for so many worlds at most; why it ended. */
export function run(budget: i32): i32 {
  let left = budget;
  while (true) {
    if (me != 0 && seen(headWord(halt), 0) != 0) return ofHalt;
    if (waiting >= 0) {
      if (!give(waiting)) return ofPost;
      waiting = -1;
    }
    if (place == end) {
      settle();
      if (isFull()) return ofRoom;
      if (!claim()) return ofLevel;
    }
    if (left <= 0) return ofBudget;
    left -= 1;
    const now = place;
    if (!takeAt(now)) {
      place = end;
      continue;
    }
    const outcome = expand();
    if (outcome == isCut) return ofRoom;
    place += 1;
    if (outcome == isGiven) {
      if (me == 0) return ofGift;
      settle();
      waiting = now;
      continue;
    }
    put(own, expanded, at(own, expanded) + 1);
    if (isDue()) settle();
    if (isFull()) return ofRoom;
    if (partyCount == 1 && isBeyond()) return ofStop;
  }
}

/** Expands the world at a place once more; whether nothing of that has to be done by hand now. */
export function again(index: i32): bool {
  if (!takeAt(index)) return false;
  if (expand() != isDone) return false;
  put(own, expanded, at(own, expanded) + 1);
  return true;
}

/** Whether more worlds were found than are wanted. */
export function isBeyond(): bool {
  const most = head(stop);
  if (<u32>(at(own, found) + staged()) <= <u32>most) return false;
  settle();
  return <u32>at(own, found) > <u32>most;
}

/** Takes the world at a place of the level in hand; whether there is one. */
export function takeAt(index: i32): bool {
  const side = head(level) & 1;
  const page = <usize>at(<usize>head(pages + side), index >> pageBits);
  const inPage = index & ((1 << pageBits) - 1);
  const world = page + ((<usize>inPage * (wordCount + 2)) << 2);
  if (load<i32>(world) == 0) return false;
  takeInHand(world);
  return true;
}

/** The number of the world that lies at a place. */
export function numberAt(index: i32): i32 {
  const side = head(level) & 1;
  const page = <usize>at(<usize>head(pages + side), index >> pageBits);
  const inPage = index & ((1 << pageBits) - 1);
  return at(page + ((<usize>inPage * (wordCount + 2)) << 2), wordCount);
}

/** The place of the world that was given to the leader by its own instance. */
export function givenPlace(): i32 {
  return place - 1;
}

/** Takes further worlds of the level. */
function claim(): bool {
  put(own, beat, at(own, beat) + 1);
  const chunk = atomic.add<i32>(headWord(claimed), 1);
  place = chunk << chunkBits;
  end = place + (1 << chunkBits);
  if (place >> pageBits < head(pageCounts + (head(level) & 1))) {
    if (partyCount == 1) giveBack();
    return true;
  }
  place = 0;
  end = 0;
  return false;
}

/** Gives the page before back once another one is begun: where one thread takes all, nobody reads it again. */
function giveBack(): void {
  const index = (place >> pageBits) - 1;
  if (index < 0 || (place & ((1 << pageBits) - 1)) != 0) return;
  const list = <usize>head(pages + (head(level) & 1));
  put(<usize>head(freePages), head(freePageCount), at(list, index));
  store<i32>(headWord(freePageCount), head(freePageCount) + 1);
  put(list, index, 0);
}

/** Gives a world to the leader; whether there was room. */
function give(number: i32): bool {
  const next = atomic.load<i32>(own + (postTail << 2));
  if (next - atomic.load<i32>(own + (postHead << 2)) >= postLength) return false;
  put(own + (post << 2), next & (postLength - 1), number);
  atomic.store<i32>(own + (postTail << 2), next + 1);
  say();
  return true;
}

function say(): void {
  atomic.add<i32>(headWord(signal), 1);
  atomic.notify(headWord(signal));
}

let isRunning: bool = false;

/** What a helper does for a while; why it ended. */
export function help(budget: i32): i32 {
  const mine = own + (status << 2);
  if (atomic.load<i32>(mine) != running) return ofHalt;
  if (!isRunning) renew();
  isRunning = true;
  const why = run(budget);
  put(own, beat, at(own, beat) + 1);
  if (why == ofBudget || why == ofPost) return why;
  // What is staged may have to lie elsewhere when it goes on.
  settle();
  if (why == ofRoom) atomic.store<i32>(headWord(halt), 1);
  isRunning = false;
  atomic.store<i32>(mine, halted);
  say();
  return why;
}

/** Says that a helper is ready. */
export function report(): void {
  atomic.store<i32>(own + (status << 2), halted);
  say();
}

/** Packs the world in hand anew. */
export function rebase(): void {
  pack(cells, packed, <usize>head(layout), slotCount, wordCount);
}

/** Adds a world that follows from none: the cells in hand. */
export function seed(): void {
  rebase();
  follow(0);
  begin();
  add(0);
  settle();
}
