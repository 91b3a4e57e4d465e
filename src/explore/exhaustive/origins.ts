/** Where the worlds of a search came from. */

/** For each world the one from which it was found first, and by which of its moves. */
export interface Origins {
  readonly add: (state: number, parent: number, move: number) => void;
  readonly bytes: () => number;
  /** How many moves lead there, by the way on which it was found first; 0 where none are counted. */
  readonly depthOf: (state: number) => number;
  readonly moveOf: (state: number) => number;
  /** All of it, to be given to another thread. */
  readonly pages: () => readonly Int32Array[];
  readonly parentOf: (state: number) => number;
}

const pageBits = 15;
const pageMask = (1 << pageBits) - 1;

/** How origins are kept, and what is known of them. */
export interface OriginsOptions {
  readonly hasDepths?: boolean;
  readonly pages?: readonly Int32Array[];
}

/** Origins of no worlds yet, unless pages are given. The first world has none. */
export function createOrigins({
  hasDepths = false,
  pages: given = [],
}: OriginsOptions = {}): Origins {
  const stride = hasDepths ? 3 : 2;
  const pages = [...given];
  const read = (state: number, word: number): number =>
    pages[state >>> pageBits]?.[(state & pageMask) * stride + word] ?? 0;
  return {
    add: (state, parent, move) => {
      const page = pages[state >>> pageBits] ?? new Int32Array((pageMask + 1) * stride);
      pages[state >>> pageBits] = page;
      const at = (state & pageMask) * stride;
      page[at] = parent;
      page[at + 1] = move;
      if (hasDepths) page[at + 2] = read(parent, 2) + 1;
    },
    bytes: () => pages.length * (pageMask + 1) * stride * 4,
    depthOf: (state) => (hasDepths ? read(state, 2) : 0),
    moveOf: (state) => read(state, 1),
    pages: () => pages,
    parentOf: (state) => read(state, 0),
  };
}
