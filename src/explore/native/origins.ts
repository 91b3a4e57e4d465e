/** Where worlds came from, as it lies in shared memory: a number says which party found a world. */
import type { Origins } from '../exhaustive/origins.ts';
import * as field from './fields.ts';
import type { Heap } from './heap.ts';

const bytesOfWord = 4;
const mask = 2 ** field.originBits - 1;

/** The origins that so many parties have noted. */
export function createNativeOrigins(heap: Heap, parties: number): Origins {
  const read = (state: number, word: number): number => {
    const words = heap.words();
    const own = (field.partyAt + (state % parties) * field.partyBytes) / bytesOfWord;
    const number = Math.floor(state / parties);
    const list = (words[own + field.origins] ?? 0) >>> 2;
    const page = (words[list + (number >>> field.originBits)] ?? 0) >>> 2;
    return words[page + (number & mask) * 2 + word] ?? 0;
  };
  return {
    // The compiled part notes them.
    add: () => undefined,
    bytes: () => 0,
    depthOf: () => 0,
    moveOf: (state) => read(state, 1),
    pages: () => [],
    parentOf: (state) => read(state, 0) >>> 0,
  };
}
