/**
 * The successors of some worlds, packed and hashed, before they are looked up: many of them together,
 * because a lookup waits for memory and several can wait at once.
 */
import type { Change } from '../steps/change.ts';
import { pack, unpack } from './layout.ts';
import type { Layout, Packed } from './layout.ts';
import { hashWords } from './packed-set.ts';

/** Packed vectors side by side, each with what is noted of it behind its words. */
export interface Stage {
  /** The packed world that those are to follow which are staged from now on. */
  readonly base: Int32Array;
  /** Says that those to come follow the world of this number. */
  readonly begin: (parent: number) => void;
  readonly count: () => number;
  /** Says which slots sleep in those to come. */
  readonly lull: (slots: number) => void;
  /** Adds the base with a change; whether the layout has room for it. */
  readonly push: (change: StagedChange, loaded: Int32Array, move: number) => boolean;
  /**
   * Adds the base with each of these cells in one slot; the place of the first of them for which the
   * layout has no room, or their end.
   */
  readonly puts: (slot: number, puts: Puts) => number;
  readonly reset: () => void;
  /** All of them, in rows of `stride` words. */
  readonly rows: () => Int32Array;
  readonly state: () => StageState;
  readonly stride: number;
}

/** Cells, from `at` to before `end`, for a slot that holds `old`; `move` gives the first of them. */
export interface Puts {
  readonly at: number;
  readonly cells: Int32Array;
  readonly end: number;
  readonly move: number;
  readonly old: number;
}

/** What of a change is packed. */
export type StagedChange = Pick<Change, 'cells' | 'count' | 'slots'>;

/** What is said of those to come. */
interface StageState {
  readonly lulled: number;
  readonly parent: number;
}

/** Where in a row, behind the words, what is noted lies: the slots that sleep, for one. */
export const noted = { asleep: 0, hash: 1, move: 2, parent: 3 } as const;
const notedWords = 4;
const firstLength = 128;

/** A stage without successors, or with those of another, packed anew. */
export function createStage(layout: Layout, from?: Restaged): Stage {
  const { masks, shifts, wordOf, words } = layout;
  const stride = words + notedWords;
  const base = new Int32Array(words);
  let rows = new Int32Array(Math.max(firstLength, from?.stage.count() ?? 0) * stride);
  let { lulled, parent } = from?.stage.state() ?? { lulled: 0, parent: 0 };
  let end = 0;
  const widen = (least: number): void => {
    const made = new Int32Array(Math.max(least, rows.length * 2));
    made.set(rows);
    rows = made;
  };
  /** Copies the base behind the others. */
  const copyBase = (): void => {
    for (let word = 0; word < words; word += 1) rows[end + word] = base[word] ?? 0;
  };
  /** Adds what was packed behind the others. */
  const add = (move: number): void => {
    const at = end + words;
    rows[at] = lulled;
    rows[at + noted.hash] = hashWords(rows, end, words);
    rows[at + noted.move] = move;
    rows[at + noted.parent] = parent;
    end += stride;
  };
  if (from !== undefined) end = repack(layout, from, { base, rows });
  return {
    base,
    begin: (number) => {
      lulled = 0;
      parent = number;
    },
    count: () => end / stride,
    lull: (slots) => {
      lulled = slots;
    },
    push: (change, loaded, move) => {
      if (end + stride > rows.length) widen(end + stride);
      copyBase();
      const isDone = applyChange(layout, change, { at: end, loaded, source: rows });
      if (isDone) add(move);
      return isDone;
    },
    puts: (slot, { at: first, cells, end: last, move, old }) => {
      const least = end + (last - first) * stride;
      if (least > rows.length) widen(least);
      const mask = masks[slot] ?? -1;
      const shift = shifts[slot] ?? 0;
      const changed = wordOf[slot] ?? 0;
      const rest = (base[changed] ?? 0) - (old << shift);
      for (let index = first; index < last; index += 1) {
        const cell = cells[index] ?? 0;
        if (cell > mask) return index;
        copyBase();
        rows[end + changed] = (rest + (cell << shift)) | 0;
        add(move + index - first);
      }
      return last;
    },
    reset: () => {
      end = 0;
    },
    rows: () => rows,
    state: () => ({ lulled, parent }),
    stride,
  };
}

/** A stage that has grown too narrow. */
export interface Restaged {
  readonly layout: Layout;
  readonly stage: Stage;
}

/** Packs what another stage has; where the rows end. */
function repack(
  layout: Layout,
  { layout: oldLayout, stage: old }: Restaged,
  { base, rows }: { readonly base: Int32Array; readonly rows: Int32Array },
): number {
  const { words } = layout;
  const vector = new Int32Array(layout.slots);
  const source = old.rows();
  unpack(oldLayout, { at: 0, source: old.base }, vector);
  pack(layout, vector, { at: 0, source: base });
  let end = 0;
  for (let index = 0; index < old.count(); index += 1, end += words + notedWords) {
    const at = index * old.stride;
    unpack(oldLayout, { at, source }, vector);
    pack(layout, vector, { at: end, source: rows });
    const behind = at + oldLayout.words;
    rows.set(source.subarray(behind, behind + notedWords), end + words);
    rows[end + words + noted.hash] = hashWords(rows, end, words);
  }
  return end;
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
