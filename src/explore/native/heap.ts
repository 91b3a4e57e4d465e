/** Blocks of the shared memory, which the leader alone gives and takes. */
import { partyAt, partyBytes } from './fields.ts';
import type { SharedMemory } from './webassembly.ts';

/** The shared memory, and who has what of it. */
export interface Heap {
  /** A block of zeros; `undefined` where there is no room. */
  readonly block: (bytes: number) => number | undefined;
  readonly free: (at: number, bytes: number) => void;
  /** Numbers, 0 at first. What has them must be kept, or is lost. */
  readonly ints: (length: number) => Int32Array;
  /** Numbers that are never given back: few of them lie close together. */
  readonly lasting: (length: number) => Int32Array;
  /** All words; another one after it has grown. */
  readonly words: () => Int32Array;
}

const pageBytes = 1 << 16;
const align = 64;
/** What is small is cut from so much. */
const sheetBytes = 1 << 15;
const smallMost = 1 << 11;

interface Gap {
  readonly at: number;
  readonly bytes: number;
}

/** The memory behind the words of so many parties. */
export function createHeap(memory: SharedMemory, parties: number, fail: () => never): Heap {
  let words = new Int32Array(memory.buffer);
  let top = partyAt + parties * partyBytes;
  let gaps: readonly Gap[] = [];
  const isGrown = (least: number): boolean => {
    const lacking = Math.ceil((least - words.byteLength) / pageBytes);
    if (lacking <= 0) return true;
    // Some more, so that it does not grow for each small block.
    for (const pages of [lacking + (words.byteLength >>> 19), lacking]) {
      try {
        memory.grow(pages);
        words = new Int32Array(memory.buffer);
        return true;
      } catch {
        // There may be room for less.
      }
    }
    return false;
  };
  const fresh = (bytes: number): number | undefined => {
    const at = top;
    if (!isGrown(at + bytes)) return undefined;
    top += bytes;
    return at;
  };
  const fromGap = (bytes: number): number | undefined => {
    const gap = gaps.find((one) => one.bytes >= bytes);
    if (gap === undefined) return undefined;
    const rest = { at: gap.at + bytes, bytes: gap.bytes - bytes };
    gaps = gaps.flatMap((one) => (one !== gap ? [one] : rest.bytes > 0 ? [rest] : []));
    words.fill(0, gap.at >>> 2, (gap.at + bytes) >>> 2);
    return gap.at;
  };
  const block = (bytes: number): number | undefined => {
    const whole = Math.ceil(bytes / align) * align;
    return fromGap(whole) ?? fresh(whole);
  };
  const ints = (length: number): Int32Array => {
    const at = block(length * 4) ?? fail();
    return new Int32Array(memory.buffer, at, length);
  };
  let sheet: Gap = { at: 0, bytes: 0 };
  const lasting = (length: number): Int32Array => {
    const bytes = length * 4;
    if (bytes > smallMost) return ints(length);
    if (bytes > sheet.bytes) sheet = { at: block(sheetBytes) ?? fail(), bytes: sheetBytes };
    const { at } = sheet;
    sheet = { at: at + bytes, bytes: sheet.bytes - bytes };
    return new Int32Array(memory.buffer, at, length);
  };
  return {
    block,
    free: (at, bytes) => {
      gaps = withGap(gaps, { at, bytes: Math.ceil(bytes / align) * align });
    },
    ints,
    lasting,
    words: () => words,
  };
}

/** The address that is written at a word: more than half of all memory lies behind what a signed word can tell. */
export function addressAt({ words }: Heap, at: number): number {
  return (words()[at] ?? 0) >>> 0;
}

/** Gaps in their order, side by side ones made one. */
function withGap(gaps: readonly Gap[], gap: Gap): readonly Gap[] {
  const sorted = [...gaps, gap].toSorted((one, other) => one.at - other.at);
  const joined: Gap[] = [];
  for (const one of sorted) {
    const last = joined.at(-1);
    if (last !== undefined && last.at + last.bytes === one.at) {
      joined[joined.length - 1] = { at: last.at, bytes: last.bytes + one.bytes };
    } else {
      joined.push(one);
    }
  }
  return joined;
}
