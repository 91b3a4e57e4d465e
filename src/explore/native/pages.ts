/** Pages of the shared memory: of worlds that wait, and of where worlds came from. */
import type { Core } from './core.ts';
import * as field from './fields.ts';
import type { Heap } from './heap.ts';
import type { Laid } from './segments.ts';

/** The pages. What makes some says whether there was enough memory. */
export interface Pages {
  /** Bytes of those that are in use. */
  readonly bytes: (words: number) => number;
  /** Ends a level: its pages are free. Whether there is anything in the next one. */
  readonly nextLevel: () => boolean;
  /** Sees to it that there are enough for so many worlds of each party. */
  readonly provide: (worlds: number, words: number) => boolean;
  /** Packs all worlds anew. */
  readonly relay: (core: Core, words: number, laid: Laid) => boolean;
}

const bytesOfWord = 4;
const headAt = field.headAt / bytesOfWord;
const originBytes = 8 * 2 ** field.originBits;
const markWords = 2;
const few = 64;
/** Pages of a party that may be begun and not full, of two levels, and one to begin. */
const pagesOpen = 3;

/** No pages yet. */
export function createPages(heap: Heap, parties: number): Pages {
  const get = (at: number): number => heap.words()[headAt + at] ?? 0;
  const put = (at: number, value: number): void => {
    heap.words()[headAt + at] = value;
  };
  const lists = createLists(heap);
  // All that were made, and those of them which are of worlds.
  let [pageCount, originCount] = [0, 0];
  const pagesOf = (side: number): Int32Array =>
    lists.of(field.pages + side).subarray(0, get(field.pageCounts + side));
  const release = (made: Int32Array): void => {
    const count = get(field.freePageCount);
    lists.of(field.freePages).set(made, count);
    put(field.freePageCount, count + made.length);
  };
  const add = (list: number, counter: number, bytes: number): boolean => {
    const at = heap.block(bytes);
    if (at === undefined) return false;
    lists.of(list)[get(counter)] = at;
    put(counter, get(counter) + 1);
    return true;
  };
  return {
    bytes: (words) =>
      (pageCount - get(field.freePageCount)) * bytesOf(words) +
      (originCount - get(field.freeOriginCount)) * originBytes,
    nextLevel: () => {
      const side = get(field.level) & 1;
      release(pagesOf(side).filter(isThere));
      put(field.pageCounts + side, 0);
      put(field.level, get(field.level) + 1);
      put(field.claimed, 0);
      return get(field.pageCounts + 1 - side) > 0;
    },
    provide: (worlds, words) => {
      const lackingPages =
        parties * (Math.ceil(worlds / 2 ** field.pageBits) + pagesOpen) - get(field.freePageCount);
      const lackingOrigins =
        parties * (Math.ceil(worlds / 2 ** field.originBits) + 1) - get(field.freeOriginCount);
      pageCount += Math.max(0, lackingPages);
      originCount += Math.max(0, lackingOrigins);
      lengthenAll(lists, { originCount, pageCount, parties });
      for (let more = 0; more < lackingPages; more += 1) {
        if (!add(field.freePages, field.freePageCount, bytesOf(words))) return false;
      }
      for (let more = 0; more < lackingOrigins; more += 1) {
        if (!add(field.freeOrigins, field.freeOriginCount, originBytes)) return false;
      }
      return true;
    },
    relay: (core, words, laid) => {
      const free = lists.of(field.freePages).subarray(0, get(field.freePageCount));
      for (const page of free) heap.free(page >>> 0, bytesOf(words));
      pageCount -= free.length;
      put(field.freePageCount, 0);
      for (const side of [0, 1]) {
        for (const [index, old] of pagesOf(side).entries()) {
          if (!isThere(old)) continue;
          const page = heap.block(bytesOf(laid.words));
          if (page === undefined) return false;
          core.relayPage(old, page, laid.at, laid.slots, laid.words);
          heap.free(old >>> 0, bytesOf(words));
          lists.of(field.pages + side)[index] = page;
        }
      }
      return true;
    },
  };
}

/** One that was given back is listed as 0. */
function isThere(page: number): boolean {
  return page !== 0;
}

function bytesOf(words: number): number {
  return bytesOfWord * (words + markWords) * 2 ** field.pageBits;
}

interface Counts {
  readonly originCount: number;
  readonly pageCount: number;
  readonly parties: number;
}

/** Any list may come to hold all pages of its kind. */
function lengthenAll(lists: Lists, { originCount, pageCount, parties }: Counts): void {
  for (const list of [field.freePages, field.pages, field.pages + 1]) {
    lists.lengthen(list, pageCount);
  }
  lists.lengthen(field.freeOrigins, originCount);
  for (let party = 0; party < parties; party += 1) {
    const own = (field.partyAt + party * field.partyBytes) / bytesOfWord;
    lists.lengthen(own - headAt + field.origins, originCount);
  }
}

interface Lists {
  /** The list whose place stands in a field of the head. */
  readonly of: (at: number) => Int32Array;
  readonly lengthen: (at: number, least: number) => void;
}

function createLists(heap: Heap): Lists {
  const known = new Map<number, Int32Array>();
  const of = (at: number): Int32Array => known.get(at) ?? new Int32Array(0);
  return {
    lengthen: (at, least) => {
      const old = of(at);
      if (old.length >= least) return;
      const made = heap.ints(Math.max(few, least * 2));
      made.set(old);
      if (old.length > 0) heap.free(old.byteOffset, old.byteLength);
      known.set(at, made);
      heap.words()[headAt + at] = made.byteOffset;
    },
    of,
  };
}
