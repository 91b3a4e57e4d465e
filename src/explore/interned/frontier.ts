/** The worlds that have still to be expanded, in pages: what was expanded takes no room. */

/** Packed vectors with their numbers and the slots that sleep in them, given back oldest or newest first. */
export interface Frontier {
  readonly bytes: () => number;
  readonly count: () => number;
  /** Tells all of them, oldest first: where each lies. */
  readonly drain: (tell: (source: Int32Array, at: number) => void) => void;
  /** Where the next one lies, which is taken now, in `page`, as long as nothing is pushed; -1 if there is none. */
  readonly pop: () => number;
  readonly page: () => Int32Array;
  readonly push: (source: Int32Array, at: number, mark: Mark) => void;
}

/** What is noted of a world that waits, behind its words. */
export interface Mark {
  readonly asleep: number;
  readonly number: number;
}

/** The words of a mark. */
export const markWords = 2;

/** The mark that lies there. */
export function markAt(source: Int32Array, at: number): Mark {
  return { asleep: source[at + 1] ?? 0, number: source[at] ?? 0 };
}

const pageBits = 12;
const pageLength = 1 << pageBits;
const pageMask = pageLength - 1;

/** No worlds yet; each will have `words` words. */
export function createFrontier(order: 'breadth' | 'depth', words: number): Frontier {
  const stride = words + markWords;
  const pages: (Int32Array<ArrayBuffer> | undefined)[] = [];
  let spare: Int32Array<ArrayBuffer> | undefined;
  let popped = new Int32Array(0);
  // From `head` to before `tail`; oldest first.
  let head = 0;
  let tail = 0;
  const pageFor = (index: number): Int32Array<ArrayBuffer> => {
    const page = pages[index >>> pageBits];
    if (page !== undefined) return page;
    const made = spare ?? new Int32Array(pageLength * stride);
    spare = undefined;
    pages[index >>> pageBits] = made;
    return made;
  };
  const release = (index: number): void => {
    spare = pages[index >>> pageBits];
    pages[index >>> pageBits] = undefined;
  };
  return {
    bytes: () => {
      const held = tail === head ? 0 : ((tail - 1) >>> pageBits) - (head >>> pageBits) + 1;
      return held * pageLength * stride * 4;
    },
    count: () => tail - head,
    drain: (tell) => {
      for (let index = head; index < tail; index += 1) {
        tell(pageFor(index), (index & pageMask) * stride);
      }
    },
    page: () => popped,
    pop: () => {
      if (head === tail) return -1;
      const isOldest = order === 'breadth';
      if (!isOldest) tail -= 1;
      const index = isOldest ? head : tail;
      popped = pageFor(index);
      if (isOldest) head += 1;
      if ((index & pageMask) === (isOldest ? pageMask : 0)) release(index);
      return (index & pageMask) * stride;
    },
    push: (source, from, { asleep, number }) => {
      const page = pageFor(tail);
      const at = (tail & pageMask) * stride;
      for (let word = 0; word < words; word += 1) page[at + word] = source[from + word] ?? 0;
      page[at + words] = number;
      page[at + words + 1] = asleep;
      tail += 1;
    },
  };
}
