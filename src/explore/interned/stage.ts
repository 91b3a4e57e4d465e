/**
 * The successors of one world, packed and hashed, before they are looked up: all of them together,
 * because a lookup waits for memory and several can wait at once. What was staged a short while ago is
 * not staged again: two steps that have nothing to do with each other lead to one world in either order,
 * so most successors of a world were just found by its neighbour.
 */
import type { Change } from './change.ts';
import { pack, unpack } from './layout.ts';
import type { Layout, Packed } from './layout.ts';
import { hashWords } from './packed-set.ts';

/** Packed vectors side by side. */
export interface Stage {
  /** The slots that sleep in each. */
  readonly asleep: () => Int32Array;
  /** The packed world that they follow. */
  readonly base: Int32Array;
  readonly count: () => number;
  readonly hashes: () => Int32Array;
  /** Says which slots sleep in what is staged from now on. */
  readonly lull: (slots: number) => void;
  readonly lulled: () => number;
  /** The move by which each was staged. */
  readonly moves: () => Int32Array;
  /** Adds the base with a change; whether the layout has room for it. */
  readonly push: (change: StagedChange, loaded: Int32Array, move: number) => boolean;
  /**
   * Adds the base with each of these cells in one slot; the place of the first of them for which the
   * layout has no room, or their end.
   */
  readonly puts: (slot: number, puts: Puts) => number;
  readonly reset: () => void;
  readonly words: () => Int32Array;
}

/** Cells, from `at` to before `end`, for a slot that holds `old`; `move` gives the first of them. */
export interface Puts {
  readonly at: number;
  readonly cells: Int32Array;
  readonly end: number;
  readonly move: number;
  readonly old: number;
}

const firstLength = 64;
/** Of two-phase commit's successors two thirds are among so many, which the nearest cache holds. */
const recentBits = 12;
const recentShift = 32 - recentBits;

/** What of a change is packed. */
export type StagedChange = Pick<Change, 'cells' | 'count' | 'slots'>;

/** A stage without successors, or with those of another, packed anew. */
export function createStage(layout: Layout, from?: Restaged): Stage {
  const { masks, shifts, wordOf, words } = layout;
  const base = new Int32Array(words);
  const recent = createRecent(words);
  let room = Math.max(firstLength, from?.stage.count() ?? 0);
  let packed = new Int32Array(room * words);
  let hashes = new Int32Array(room);
  let moves = new Int32Array(room);
  let sleeps = new Int32Array(room);
  let lulled = 0;
  let count = 0;
  const widen = (): void => {
    room *= 2;
    packed = longer(packed, room * words);
    hashes = longer(hashes, room);
    moves = longer(moves, room);
    sleeps = longer(sleeps, room);
  };
  const hasNoRoom = (more: number): boolean => count + more > room;
  /** Adds what was packed behind the others, unless that was added lately. */
  const add = (move: number): void => {
    const hash = hashWords(packed, count * words, words);
    if (recent.has(packed, count * words, hash)) return;
    hashes[count] = hash;
    moves[count] = move;
    sleeps[count] = lulled;
    count += 1;
  };
  const refill = ({ layout: old, stage }: Restaged): void => {
    const vector = new Int32Array(layout.slots);
    unpack(old, { source: stage.base, at: 0 }, vector);
    pack(layout, vector, { source: base, at: 0 });
    for (let index = 0; index < stage.count(); index += 1) {
      unpack(old, { source: stage.words(), at: index * old.words }, vector);
      pack(layout, vector, { source: packed, at: count * words });
      lulled = stage.asleep()[index] ?? 0;
      add(stage.moves()[index] ?? 0);
    }
    lulled = stage.lulled();
  };
  if (from !== undefined) refill(from);
  return {
    asleep: () => sleeps,
    base,
    count: () => count,
    hashes: () => hashes,
    lull: (slots) => {
      lulled = slots;
    },
    lulled: () => lulled,
    moves: () => moves,
    push: (change, loaded, move) => {
      if (hasNoRoom(1)) widen();
      const at = count * words;
      for (let word = 0; word < words; word += 1) packed[at + word] = base[word] ?? 0;
      const isDone = applyChange(layout, change, { at, loaded, source: packed });
      if (isDone) add(move);
      return isDone;
    },
    puts: (slot, { at: first, cells, end, move, old }) => {
      while (hasNoRoom(end - first)) widen();
      const mask = masks[slot] ?? -1;
      const shift = shifts[slot] ?? 0;
      const changed = wordOf[slot] ?? 0;
      const rest = (base[changed] ?? 0) - (old << shift);
      for (let index = first; index < end; index += 1) {
        const cell = cells[index] ?? 0;
        if (cell > mask) return index;
        const at = count * words;
        for (let word = 0; word < words; word += 1) packed[at + word] = base[word] ?? 0;
        packed[at + changed] = (rest + (cell << shift)) | 0;
        add(move + index - first);
      }
      return end;
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

interface Applying extends Packed {
  /** The cells that the vector was packed from. */
  readonly loaded: Int32Array;
}

/** Changes a packed vector; whether the layout has room for that. */
function applyChange(
  { masks, shifts, slots: length, wordOf }: Layout,
  change: StagedChange,
  { at, loaded, source }: Applying,
): boolean {
  const cells = change.cells();
  const slots = change.slots();
  const changed = change.count();
  for (let index = 0; index < changed; index += 1) {
    const slot = slots[index] ?? 0;
    const cell = cells[slot] ?? 0;
    if (slot >= length || cell > (masks[slot] ?? 0)) return false;
    const word = at + (wordOf[slot] ?? 0);
    // Fields never overflow, so a difference at a field's place is all that changes.
    const delta = (cell - (loaded[slot] ?? 0)) << (shifts[slot] ?? 0);
    source[word] = ((source[word] ?? 0) + delta) | 0;
  }
  return true;
}

interface Recent {
  /** Whether the vector at `at` of `source` came a short while ago; now it did. */
  readonly has: (source: Int32Array, at: number, hash: number) => boolean;
}

function createRecent(words: number): Recent {
  const all = new Int32Array(words << recentBits);
  return {
    has: (source, at, hash) => {
      const place = (Math.imul(hash, 0x9e3779b1) >>> recentShift) * words;
      let word = 0;
      while (word < words && all[place + word] === source[at + word]) word += 1;
      if (word === words) return true;
      for (word = 0; word < words; word += 1) all[place + word] = source[at + word] ?? 0;
      return false;
    },
  };
}

function longer(array: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const made = new Int32Array(length);
  made.set(array);
  return made;
}
