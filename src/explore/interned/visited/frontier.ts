/**
 * The worlds that have still to be expanded, in pages: what was expanded takes no room. Behind the words
 * of each lies one more: in breadth, where numbers follow one another, the slots that sleep in it; in
 * depth, where nothing sleeps, its number.
 */

/** Packed vectors with their numbers and the slots that sleep in them, given back oldest or newest first. */
export interface Frontier {
  /** The slots that sleep in what was popped last. */
  readonly asleep: () => number;
  readonly bytes: () => number;
  readonly count: () => number;
  /** Tells all of them, oldest first: where each lies. */
  readonly drain: (tell: (source: Int32Array, at: number, mark: Mark) => void) => void;
  /** The number of what was popped last. */
  readonly number: () => number;
  /** Where the next one lies, which is taken now, in `page`, as long as nothing is pushed; -1 if there is none. */
  readonly pop: () => number;
  readonly page: () => Int32Array;
  /** Adds one; in breadth its number is the one behind that of the last. */
  readonly push: (source: Int32Array, at: number, mark: Mark) => void;
}

/** What is noted of a world that waits. */
export interface Mark {
  readonly asleep: number;
  readonly number: number;
}

const pageBits = 12;
const pageLength = 1 << pageBits;
const pageMask = pageLength - 1;

/** No worlds yet; each will have `words` words. */
export function createFrontier(order: 'breadth' | 'depth', words: number): Frontier {
  const stride = words + 1;
  const isOldest = order === 'breadth';
  const pages: (Int32Array<ArrayBuffer> | undefined)[] = [];
  let spare: Int32Array<ArrayBuffer> | undefined;
  let popped = new Int32Array(0);
  let behind = 0;
  let number = 0;
  // From `head` to before `tail`; oldest first. The number of what lies at 0, if numbers follow one another.
  let head = 0;
  let tail = 0;
  let first = 0;
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
    asleep: () => (isOldest ? behind : 0),
    bytes: () => {
      const held = tail === head ? 0 : ((tail - 1) >>> pageBits) - (head >>> pageBits) + 1;
      return held * pageLength * stride * 4;
    },
    count: () => tail - head,
    drain: (tell) => {
      for (let index = head; index < tail; index += 1) {
        const page = pageFor(index);
        const at = (index & pageMask) * stride;
        const word = page[at + words] ?? 0;
        const mark = isOldest
          ? { asleep: word, number: first + index }
          : { asleep: 0, number: word };
        tell(page, at, mark);
      }
    },
    number: () => number,
    page: () => popped,
    pop: () => {
      if (head === tail) return -1;
      if (!isOldest) tail -= 1;
      const index = isOldest ? head : tail;
      popped = pageFor(index);
      const at = (index & pageMask) * stride;
      behind = popped[at + words] ?? 0;
      number = isOldest ? first + index : behind;
      if (isOldest) head += 1;
      if ((index & pageMask) === (isOldest ? pageMask : 0)) release(index);
      return at;
    },
    push: (source, from, mark) => {
      const page = pageFor(tail);
      const at = (tail & pageMask) * stride;
      for (let word = 0; word < words; word += 1) page[at + word] = source[from + word] ?? 0;
      page[at + words] = isOldest ? mark.asleep : mark.number;
      if (tail === 0) first = mark.number;
      tail += 1;
    },
  };
}
