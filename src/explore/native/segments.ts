/** The segments of the table of worlds: only one of them is there twice while the table grows. */
import type { Core } from './core.ts';
import * as field from './fields.ts';
import { addressAt } from './heap.ts';
import type { Heap } from './heap.ts';

/** How worlds are to lie: where masks, shifts and words of the slots are listed. */
export interface Laid {
  readonly at: number;
  readonly slots: number;
  readonly words: number;
}

/** The segments. What makes some says whether there was enough memory. */
export interface Segments {
  readonly bytes: (words: number) => number;
  /** Worlds that they have room for. */
  readonly capacity: () => number;
  readonly grow: (words: number) => boolean;
  readonly make: (words: number) => boolean;
  /** Packs all worlds anew. */
  readonly relay: (words: number, laid: Laid) => boolean;
}

const leastBits = 4;
/** A table that is fuller than this is doubled; linear probing stays short up to here. */
const loadMax = 0.72;
/** Half of eight deviations. */
const spread = 4;
const bytesOfWord = 4;

/** Segments with room for so many worlds. */
export function createSegments(heap: Heap, core: Core, capacity: number): Segments {
  const wanted = 32 - Math.clz32(Math.ceil(capacity / field.segmentCount) - 1);
  let bits = Math.max(leastBits, wanted);
  const first = field.headAt / bytesOfWord + field.segments;
  const bitsAt = field.headAt / bytesOfWord + field.segmentBits;
  const bytesOf = (words: number, power: number): number => bytesOfWord * words * 2 ** power;
  const all = Array.from({ length: field.segmentCount }, (_, index) => first + index);
  const blocks = (words: number): readonly number[] | undefined => {
    const made = all.flatMap(() => heap.block(bytesOf(words, bits)) ?? []);
    return made.length === all.length ? made : undefined;
  };
  const note = (made: readonly number[]): void => {
    const words = heap.words();
    words.set(made, first);
    words[bitsAt] = bits;
  };
  return {
    bytes: (words) => all.length * bytesOf(words, bits),
    capacity: () => all.length * worldsOf(2 ** bits),
    grow: (words) => {
      for (const at of all) {
        const segment = heap.block(bytesOf(words, bits + 1));
        if (segment === undefined) return false;
        const old = addressAt(heap, at);
        core.rehash(old, bits, segment, bits + 1);
        heap.words()[at] = segment;
        heap.free(old, bytesOf(words, bits));
      }
      bits += 1;
      heap.words()[bitsAt] = bits;
      return true;
    },
    make: (words) => {
      const made = blocks(words);
      if (made !== undefined) note(made);
      return made !== undefined;
    },
    relay: (words, laid) => {
      const made = blocks(laid.words);
      if (made === undefined) return false;
      const list = heap.ints(all.length);
      list.set(made);
      for (const at of all) {
        const old = addressAt(heap, at);
        core.relaySegment(old, bits, list.byteOffset, bits, laid.at, laid.slots, laid.words);
        heap.free(old, bytesOf(words, bits));
      }
      heap.free(list.byteOffset, list.byteLength);
      note(made);
      return true;
    },
  };
}

/**
 * How many worlds each segment of so many places may hold on average: by chance some hold more, and the
 * smaller they are, the more so. Eight times the deviation of a fair share is never seen.
 */
function worldsOf(places: number): number {
  const root = Math.sqrt(places + spread * spread) - spread;
  return Math.floor(Math.min(places * loadMax, root * root));
}
