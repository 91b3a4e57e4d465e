/** Which slots sleep; see `src/explore/interned/steps/sleep.ts`. */
import { reachPosts, reachSlots } from '../src/explore/native/fields';
import { at, put } from './memory';
import { own } from './state';

const slotsWithBit: i32 = 32;
/** The slots of which nobody can say what a move has to do with. */
export const everywhere: i32 = -1;

let known: i32 = 0;
let touched: i32 = 0;

/** Nobody sleeps yet. */
export function beginSleep(): void {
  known = 0;
  touched = 0;
}

/** The slots that sleep after a move of a slot. */
export function sleepAfter(from: i32, slots: i32, posts: i32): i32 {
  const mine = slots | posts;
  const before = (from < slotsWithBit ? (1 << from) - 1 : everywhere) & ~mine;
  if ((touched & mine) == 0) return before;
  let awake: i32 = 0;
  for (let bits = known & before; bits != 0; bits &= bits - 1) {
    const slot = ctz(bits);
    const isApart =
      (at(own, reachSlots + slot) & mine) == 0 && (at(own, reachPosts + slot) & slots) == 0;
    if (!isApart) awake |= 1 << slot;
  }
  return before & ~awake;
}

/** Notes what those moves of a slot have to do with that do more than to give it another cell. */
export function noteReach(slot: i32, slots: i32, posts: i32): void {
  if (slot >= slotsWithBit) return;
  const bit = 1 << slot;
  known |= bit;
  touched |= (slots & ~bit) | posts;
  put(own, reachSlots + slot, slots);
  put(own, reachPosts + slot, posts);
}

/** The bit of a slot; of one that has none, all. */
export function bitOf(slot: i32): i32 {
  return slot < slotsWithBit ? 1 << slot : everywhere;
}

/** Whether a slot with a bit is among these. */
export function isIn(slots: i32, slot: i32): bool {
  return slot < slotsWithBit && (slots & (1 << slot)) != 0;
}
