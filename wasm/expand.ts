/** Expands a world all of whose cells are quick; see `src/explore/interned/steps/quick-walk.ts`. */
import {
  moveSlots,
  movePosts,
  moveUrgency,
  notKnown,
  notQuick,
  rowAll,
  rowCells,
  rowOthers,
  rowPosts,
  rowPuts,
  rowSlots,
  rowStays,
  rowTables,
  rowUrgency,
  simple,
  simpleCount,
  transitions,
} from '../src/explore/native/fields';
import { changes, undo } from './change';
import { isDull } from './looks';
import { at, head, headWord, put, seen } from './memory';
import { followed, notPossible, take, unknown } from './moves';
import { beginSleep, bitOf, everywhere, isIn, noteReach, sleepAfter } from './sleep';
import {
  add,
  begin,
  field,
  follow,
  isCrowded,
  isFull,
  lull,
  settle,
  staged,
  truncate,
} from './stage';
import { beginOf, cells, changedSlots, olds, own, packed, slotCount, wordCount } from './state';
import { unpack } from './table';

/** What came of it. */
export const isDone: i32 = 0;
export const isGiven: i32 = 1;
export const isCut: i32 = 2;

const firstActorSlot: i32 = 2;

let asleep: i32 = 0;
let moves: i32 = 0;
let urgency: i32 = 0;
let outcome: i32 = 0;

/** The slots that sleep in the world in hand. */
export function sleepers(): i32 {
  return asleep;
}

/** Takes the world that lies there in hand. */
export function takeInHand(world: usize): void {
  undo();
  unpack(world, cells);
  for (let word = 0; word < wordCount; word += 1) put(packed, word, at(world, word));
  follow(at(world, wordCount));
  asleep = at(world, wordCount + 1);
}

/** Expands the world in hand and looks at it, unless that has to be done by hand. */
export function expand(): i32 {
  const kept = staged();
  if (!isSimple() || !isCovered()) return isGiven;
  outcome = isDone;
  moves = 0;
  urgency = 0;
  beginSleep();
  expandSlots();
  if (outcome == isDone && !isDull(min(urgency, 2))) outcome = isGiven;
  if (outcome == isDone)
    store<f64>(own + (transitions << 2), load<f64>(own + (transitions << 2)) + <f64>moves);
  else truncate(kept);
  return outcome;
}

/** Whether nothing that belongs to no actor has a say. */
function isSimple(): bool {
  const global = at(cells, 0);
  return global < seen(headWord(simpleCount), 0) && at(<usize>head(simple), global) != 0;
}

/** Whether all cells are quick; then their rows are at hand. */
function isCovered(): bool {
  const tables = <usize>head(rowTables);
  for (let slot = firstActorSlot; slot < slotCount; slot += 1) {
    const cell = at(cells, slot);
    const table = tables + ((<usize>slot) << 3);
    if (cell >= seen(table, 1)) return false;
    const row = seen(<usize>at(table, 0), cell);
    if (row == notKnown || row == notQuick) return false;
    put(beginOf, slot, row);
  }
  return true;
}

function expandSlots(): void {
  // Moves that were not told of, before the next one that is.
  for (let slot = firstActorSlot; slot < slotCount; slot += 1) {
    const row = <usize>at(beginOf, slot);
    const all = at(row, rowAll);
    const others = at(row, rowOthers);
    let reached = at(row, rowSlots);
    urgency |= at(row, rowUrgency);
    if (all >= 0 && isIn(asleep, slot)) {
      moves += all;
    } else {
      const puts = at(row, rowPuts);
      if (puts > 0 && !putAll(slot, row, puts)) return;
      if (others > 0) {
        const hasFollowed = carryOut(slot, row, puts, others);
        undo();
        if (outcome != isDone) return;
        if (hasFollowed) reached = everywhere;
      }
      moves += at(row, rowStays);
    }
    if (others > 0) noteReach(slot, reached, at(row, rowPosts));
  }
}

/** Looks up what is staged where there is no room for more; whether to go on. */
function makeWay(): bool {
  settle();
  if (!isFull()) return true;
  outcome = isCut;
  return false;
}

function putAll(slot: i32, row: usize, puts: i32): bool {
  const old = at(cells, slot);
  lull(sleepAfter(slot, bitOf(slot), 0));
  for (let index = 0; index < puts; index += 1) {
    if (isCrowded() && !makeWay()) return false;
    begin();
    if (!field(slot, old, at(row, rowCells + index))) {
      outcome = isGiven;
      return false;
    }
    add(moves);
    moves += 1;
  }
  return true;
}

/** Carries out the moves of a slot that are more than another cell; whether anything followed. */
function carryOut(slot: i32, row: usize, puts: i32, others: i32): bool {
  let hasFollowed = false;
  for (let index = 0; index < others; index += 1) {
    const move = <usize>at(row, rowCells + puts + index);
    const taken = take(slot, move);
    if (taken == unknown) {
      outcome = isGiven;
      return false;
    }
    if (taken == notPossible) continue;
    if (taken == followed) hasFollowed = true;
    const slots = taken == followed ? everywhere : at(move, moveSlots);
    lull(sleepAfter(slot, slots, at(move, movePosts)));
    if (!visit(at(move, moveUrgency))) return false;
  }
  return hasFollowed;
}

/** Stages what a move made; whether to go on. */
function visit(its: i32): bool {
  const count = changes();
  // What the environment gives in vain is as good as nothing.
  if (its > (urgency & 3) && !(count == 0 && its == 1)) urgency |= its;
  moves += 1;
  if (count == 0) return true;
  if (isCrowded() && !makeWay()) return false;
  begin();
  for (let index = 0; index < count; index += 1) {
    const slot = at(changedSlots, index);
    if (!field(slot, at(olds, slot), at(cells, slot))) {
      outcome = isGiven;
      return false;
    }
  }
  add(moves - 1);
  return true;
}
