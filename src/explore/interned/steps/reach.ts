/** Which slots moves have to do with, a bit for each of the first 32. */
import type { Move } from '../cells/cell.ts';
import type { Space } from '../space.ts';

/** What a move, or several of them, have to do with. */
export interface Reach {
  /** Slots into whose mail they put something, and do no more there. */
  readonly posts: number;
  /** Slots of which they read or change anything else. */
  readonly slots: number;
}

/** The slots of a move of which nobody can say what it has to do with. */
export const everywhere = -1;
/** How many slots have a bit. */
export const slotsWithBit = 32;

/** The reach of a move that does not wait, as far as nothing follows from what it does. */
export function reachOf(space: Space, { ops, slot }: Move): Reach {
  if (ops === undefined) return { posts: 0, slots: everywhere };
  let posts = 0;
  let slots = bitOf(slot);
  for (let index = 0; index < ops.length; index += 2) {
    const at = ops[index] ?? 0;
    // Mail is sorted by its link, and no two actors send on one link: so posts of two actors commute.
    const isPost = space.slots[at]?.ops.all[ops[index + 1] ?? 0]?.type === 'post';
    if (isPost && at < slotsWithBit) posts |= bitOf(at);
    else slots |= bitOf(at);
  }
  return { posts, slots };
}

/** The bit of a slot; of one that has none, all. */
export function bitOf(slot: number): number {
  return slot < slotsWithBit ? 1 << slot : everywhere;
}

/** Whether a slot with a bit is among these. */
export function isIn(slots: number, slot: number): boolean {
  return slot < slotsWithBit && (slots & (1 << slot)) !== 0;
}
