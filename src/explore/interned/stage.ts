/**
 * The successors of one world, packed and hashed, before they are looked up: all of them together,
 * because a lookup waits for memory and several can wait at once.
 */
import type { Change } from './change.ts';
import { pack, unpack } from './layout.ts';
import type { Layout } from './layout.ts';
import { hashWords } from './packed-set.ts';

/** Packed vectors side by side. */
export interface Stage {
  /** The packed world that they follow. */
  readonly base: Int32Array;
  readonly count: () => number;
  readonly hashes: () => Int32Array;
  /** Adds the base with a change; whether the layout has room for it. */
  readonly push: (change: StagedChange, loaded: Int32Array) => boolean;
  /** Adds the base with another cell in one slot; whether the layout has room for it. */
  readonly put: (slot: number, cell: number, loaded: Int32Array) => boolean;
  readonly reset: () => void;
  readonly words: () => Int32Array;
}

const firstLength = 64;

/** What of a change is packed. */
export type StagedChange = Pick<Change, 'cells' | 'count' | 'slots'>;

/** A stage without successors, or with those of another, packed anew. */
export function createStage(layout: Layout, from?: Restaged): Stage {
  const { masks, shifts, slots: length, wordOf, words } = layout;
  const base = new Int32Array(words);
  let room = Math.max(firstLength, from?.stage.count() ?? 0);
  let packed = new Int32Array(room * words);
  let hashes = new Int32Array(room);
  let count = 0;
  const widen = (): void => {
    room *= 2;
    const [more, moreHashes] = [new Int32Array(room * words), new Int32Array(room)];
    more.set(packed);
    moreHashes.set(hashes);
    packed = more;
    hashes = moreHashes;
  };
  if (from !== undefined) {
    const vector = new Int32Array(layout.slots);
    unpack(from.layout, { source: from.stage.base, at: 0 }, vector);
    pack(layout, vector, { source: base, at: 0 });
    for (; count < from.stage.count(); count += 1) {
      unpack(from.layout, { source: from.stage.words(), at: count * from.layout.words }, vector);
      pack(layout, vector, { source: packed, at: count * words });
      hashes[count] = hashWords(packed, count * words, words);
    }
  }
  return {
    base,
    count: () => count,
    hashes: () => hashes,
    push: (change, loaded) => {
      if (count === room) widen();
      const at = count * words;
      for (let word = 0; word < words; word += 1) packed[at + word] = base[word] ?? 0;
      const [cells, slots, changed] = [change.cells(), change.slots(), change.count()];
      for (let index = 0; index < changed; index += 1) {
        const slot = slots[index] ?? 0;
        const cell = cells[slot] ?? 0;
        if (slot >= length || cell > (masks[slot] ?? 0)) return false;
        const word = at + (wordOf[slot] ?? 0);
        // Fields never overflow, so a difference at a field's place is all that changes.
        const delta = (cell - (loaded[slot] ?? 0)) << (shifts[slot] ?? 0);
        packed[word] = ((packed[word] ?? 0) + delta) | 0;
      }
      hashes[count] = hashWords(packed, at, words);
      count += 1;
      return true;
    },
    put: (slot, cell, loaded) => {
      if (count === room) widen();
      const at = count * words;
      for (let word = 0; word < words; word += 1) packed[at + word] = base[word] ?? 0;
      if (cell > (masks[slot] ?? -1)) return false;
      const word = at + (wordOf[slot] ?? 0);
      const delta = (cell - (loaded[slot] ?? 0)) << (shifts[slot] ?? 0);
      packed[word] = ((packed[word] ?? 0) + delta) | 0;
      hashes[count] = hashWords(packed, at, words);
      count += 1;
      return true;
    },
    reset: () => {
      count = 0;
    },
    words: () => packed,
  };
}

/** A stage that has grown too narrow. */
export interface Restaged {
  readonly layout: Layout;
  readonly stage: Stage;
}
