/** Where the worlds of a search came from. */

/** For each world the one from which it was found first, and by which of its moves. */
export interface Origins {
  readonly add: (state: number, parent: number, move: number) => void;
  readonly bytes: () => number;
  readonly moveOf: (state: number) => number;
  readonly parentOf: (state: number) => number;
}

const pageBits = 15;
const pageMask = (1 << pageBits) - 1;

/** Origins of no worlds yet. The first world has none. */
export function createOrigins(): Origins {
  const pages: Int32Array[] = [];
  const read = (state: number, word: 0 | 1): number =>
    pages[state >>> pageBits]?.[(state & pageMask) * 2 + word] ?? 0;
  return {
    add: (state, parent, move) => {
      const page = pages[state >>> pageBits] ?? new Int32Array((pageMask + 1) * 2);
      pages[state >>> pageBits] = page;
      page[(state & pageMask) * 2] = parent;
      page[(state & pageMask) * 2 + 1] = move;
    },
    bytes: () => pages.length * (pageMask + 1) * 8,
    moveOf: (state) => read(state, 1),
    parentOf: (state) => read(state, 0),
  };
}
