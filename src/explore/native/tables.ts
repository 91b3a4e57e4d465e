/** The tables of a search in shared memory: made, and made anew where they are too small. All must be halted. */
import type { Space } from '../interned/space.ts';
import { layOut } from '../interned/visited/layout.ts';
import type { Core } from './core.ts';
import * as field from './fields.ts';
import { addressAt } from './heap.ts';
import type { Heap } from './heap.ts';
import { createPages } from './pages.ts';
import { createSegments } from './segments.ts';
import { widthsFor } from './widths.ts';

/** The tables. Each of the functions that make room says whether there was enough memory. */
export interface Tables {
  readonly bytes: () => number;
  /** Lists and lays all anew, with room for every number that is known. */
  readonly lay: () => boolean;
  /** Makes room for some more worlds than those that there are. */
  readonly makeRoom: (worlds: number) => boolean;
  /** Makes the next level the one that is expanded; whether there is anything in it. */
  readonly nextLevel: () => boolean;
}

/** What tables are made with. */
export interface TablesOptions {
  /** Worlds that there is room for at first. */
  readonly capacity: number;
  readonly core: Core;
  readonly heap: Heap;
  readonly parties: number;
  /** Worlds that a thread adds at most before it halts; otherwise as many as there are. */
  readonly roomMost: number;
  readonly space: Space;
  /** Successors that a thread looks up together at most. */
  readonly stageMax: number;
}

const bytesOfWord = 4;
const headAt = field.headAt / bytesOfWord;

/** Tables without worlds. */
export function createTables(options: TablesOptions): Tables {
  const { capacity, core, heap, parties, roomMost, space, stageMax } = options;
  const put = (at: number, value: number): void => {
    heap.words()[headAt + at] = value;
  };
  const get = (at: number): number => heap.words()[headAt + at] ?? 0;
  const pages = createPages(heap, parties);
  const segments = createSegments(heap, core, capacity);
  const desks = createDesks(options);
  let words = 0;
  const makeRoom = (worlds: number): boolean => {
    for (;;) {
      const share = Math.floor((segments.capacity() - worlds) / parties);
      const wanted = Math.max(stageMax, Math.min(roomMost, Math.max(2 * stageMax, worlds)));
      const room = Math.min(wanted, share - stageMax);
      if (room >= stageMax) {
        put(field.room, room);
        put(field.roomed, get(field.roomed) + 1);
        return pages.provide(room + 2 * stageMax, words);
      }
      if (!segments.grow(words)) return false;
    }
  };
  return {
    bytes: () => segments.bytes(words) + pages.bytes(words),
    lay: () => {
      const widths = widthsFor(space);
      const layout = layOut(widths);
      const block = heap.ints(layout.slots * 3);
      block.set(layout.masks, 0);
      block.set(layout.shifts, layout.slots);
      block.set(layout.wordOf, layout.slots * 2);
      if (!desks.set(layout.slots, layout.words)) return false;
      // Worlds are read as they lie, and written as they will.
      if (words > 0) core.renew();
      const laid = { at: block.byteOffset, slots: layout.slots, words: layout.words };
      const isMade =
        words === 0
          ? segments.make(layout.words)
          : segments.relay(words, laid) && pages.relay(core, words, laid);
      if (!isMade) return false;
      if (words > 0) {
        heap.free(addressAt(heap, headAt + field.layout), get(field.slots) * 3 * bytesOfWord);
      }
      put(field.words, layout.words);
      put(field.slots, layout.slots);
      put(field.layout, laid.at);
      put(field.laid, get(field.laid) + 1);
      ({ words } = layout);
      core.renew();
      return true;
    },
    makeRoom,
    nextLevel: () => pages.nextLevel(),
  };
}

interface Desks {
  /** Gives each party room for worlds of so many slots and words. */
  readonly set: (slots: number, words: number) => boolean;
}

const notedWords = 4;

function createDesks({ heap, parties, stageMax }: TablesOptions): Desks {
  let blocks: readonly { readonly at: number; readonly bytes: number }[] = [];
  return {
    set: (slots, words) => {
      for (const { at, bytes } of blocks) heap.free(at, bytes);
      const sizes = [
        [field.vector, slots],
        [field.before, slots],
        [field.changed, slots],
        [field.marks, slots],
        [field.begins, slots],
        [field.base, words],
        [field.stack, field.stackMax * 2],
        [field.rows, stageMax * (words + notedWords)],
      ] as const;
      const made: { readonly at: number; readonly bytes: number }[] = [];
      for (let party = 0; party < parties; party += 1) {
        const own = (field.partyAt + party * field.partyBytes) / bytesOfWord;
        for (const [name, length] of sizes) {
          const bytes = length * bytesOfWord;
          const at = heap.block(bytes);
          if (at === undefined) return false;
          made.push({ at, bytes });
          heap.words()[own + name] = at;
        }
        heap.words()[own + field.rowsMax] = stageMax;
      }
      blocks = made;
      return true;
    },
  };
}
