/**
 * Which moves of a world need not be carried out, because breadth first what they lead to is found
 * anyway. Two moves that have nothing to do with each other lead to one world in either order. Let a
 * world `w` be found from `p` by a move of slot `s`, and let `t` be a slot before `s` that this move has
 * nothing to do with. The moves of `t` were taken from `p` before, so what a move of `t` leads to from
 * `w` is what a move of `s` leads to from a world that `p` had led to already. So `t` sleeps in `w`.
 *
 * Where the moves of `t` slept in `p` too, what they lead to was found by the end of the level of `p`. So
 * with the level first, and the slot, from the last to the first, second, what each sleeping move relies on
 * comes before it, and all worlds are found by the end of the level in which they would have been found,
 * however many threads share a level. Depth first there are no levels, and nothing sleeps.
 *
 * @see Godefroid, "Partial-Order Methods for the Verification of Concurrent Systems", 1996, chapter 5:
 * sleep sets leave out ways between worlds and no worlds. Here slots sleep, not single moves; and no world
 * has to be expanded a second time, because levels say who comes first.
 */
import { everywhere, slotsWithBit } from './reach.ts';

/** Sleep in the worlds that follow one. */
export interface Sleep {
  /** The slots that sleep after a move of a slot which has to do with others, and posts to others. */
  readonly after: (slot: number, slots: number, posts: number) => number;
  readonly begin: () => void;
  /**
   * Notes what those moves of a slot have to do with that do more than to give it another cell. Slots come
   * in their order.
   */
  readonly note: (slot: number, slots: number, posts: number) => void;
}

/** Nobody sleeps yet. */
export function createSleep(): Sleep {
  const slotsOf = new Int32Array(slotsWithBit);
  const postsOf = new Int32Array(slotsWithBit);
  // The slots of which something was noted, and all that they have to do with, besides themselves.
  let known = 0;
  let touched = 0;
  return {
    after: (slot, slots, posts) => {
      const own = slots | posts;
      const before = (slot < slotsWithBit ? (1 << slot) - 1 : everywhere) & ~own;
      if ((touched & own) === 0) return before;
      let awake = 0;
      for (let bits = known & before; bits !== 0; bits &= bits - 1) {
        const at = 31 - Math.clz32(bits & -bits);
        const isApart = ((slotsOf[at] ?? 0) & own) === 0 && ((postsOf[at] ?? 0) & slots) === 0;
        if (!isApart) awake |= 1 << at;
      }
      return before & ~awake;
    },
    begin: () => {
      known = 0;
      touched = 0;
    },
    note: (slot, slots, posts) => {
      if (slot >= slotsWithBit) return;
      const bit = 1 << slot;
      known |= bit;
      touched |= (slots & ~bit) | posts;
      slotsOf[slot] = slots;
      postsOf[slot] = posts;
    },
  };
}
