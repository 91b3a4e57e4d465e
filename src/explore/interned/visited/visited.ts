/**
 * The visited worlds of a search, and those of them that have still to be expanded. Worlds are packed
 * vectors; when a slot outgrows its bits all are packed anew.
 */
import { createFingerprints, fingerprintStride, fingerprintWords } from './fingerprint.ts';
import type { Fingerprints } from './fingerprint.ts';
import { createFrontier } from './frontier.ts';
import type { Frontier } from './frontier.ts';
import { bitsFor, layOut, pack, unpack } from './layout.ts';
import type { Layout } from './layout.ts';
import { createPackedSet, hashWords } from './packed-set.ts';
import type { Hashed, PackedSet } from './packed-set.ts';
import { createStage, noted } from './stage.ts';
import type { Stage, StagedChange } from './stage.ts';

/** Worlds by number, in the order in which they were first seen. */
export interface Visited {
  /** The slots that sleep in the world that was taken. */
  readonly asleep: () => number;
  /** Bytes of the table and of what waits. */
  readonly bytes: () => number;
  /** Takes the next world to be expanded, its cells into `vector`; its number, or -1 when none is left. */
  readonly next: (vector: Int32Array) => number;
  /** Says which slots sleep in what is staged from now on, until another world is taken. */
  readonly lull: (slots: number) => void;
  /** Stages the world that was taken with each of some cells in one slot. */
  readonly puts: (slot: number, cells: Int32Array, span: PutSpan) => void;
  /** Adds a world that follows from none. */
  readonly seed: (vector: Int32Array) => void;
  /**
   * Looks up what was staged since the last time, in its order, and adds what is new: tells the number
   * of each new world, that of the world from which it was staged, and the move.
   */
  readonly settle: (tell: TellNew) => void;
  readonly size: () => number;
  /** How many are staged. */
  readonly staged: () => number;
  /** Stages the world that was taken with a change, which the move of that number makes. */
  readonly stage: (change: StagedChange, move: number) => void;
  /** How many wait to be expanded. */
  readonly waiting: () => number;
}

/** Told of a new world. */
export type TellNew = (state: number, parent: number, move: number) => void;

/** Some of a row of cells, and the number of the move that gives the first of them. */
export interface PutSpan {
  readonly at: number;
  readonly count: number;
  readonly move: number;
}

interface Store {
  /** Whether the set holds fingerprints, which stay what they are whatever the layout. */
  readonly isPrinted: boolean;
  readonly frontier: Frontier;
  readonly layout: Layout;
  readonly set: PackedSet;
  readonly stage: Stage;
}

/**
 * An empty set; `order` says whether the oldest or the newest world is expanded next, `storage` whether
 * worlds are kept or only their fingerprints.
 */
export function createVisited(
  order: 'breadth' | 'depth',
  storage: 'fingerprints' | 'worlds' = 'worlds',
): Visited {
  const prints = storage === 'fingerprints' ? createFingerprints() : undefined;
  let store = createStore(order, layOut(new Uint8Array(1).fill(1)), {
    isPrinted: prints !== undefined,
    set: createPackedSet(prints === undefined ? 1 : fingerprintWords),
  });
  let loaded: Int32Array = new Int32Array(1);
  let size = 0;
  let asleep = 0;
  let touched = 0; // So that touching is not for nothing in the eyes of the compiler.
  const settle: Visited['settle'] = (tell) => {
    if (store.stage.count() === 0) return;
    const keys = keysOf(store, prints);
    touched ^= store.set.touchAll(keys.rows, keys);
    size = addStaged(store, keys, { size, tell });
    store.stage.reset();
  };
  const stageChange = (change: StagedChange, move: number): void => {
    if (store.stage.push(change, loaded, move)) return;
    store = refitted(order, store, change);
    store.stage.push(change, loaded, move);
  };
  return {
    asleep: () => asleep,
    bytes: () => store.set.bytes() + store.frontier.bytes(),
    lull: (slots) => {
      store.stage.lull(slots);
    },
    next: (vector) => {
      const { frontier, layout, stage } = store;
      const at = frontier.pop();
      if (at < 0) return -1;
      const source = frontier.page();
      unpack(layout, { at, source }, vector);
      loaded = vector;
      const { words } = layout;
      for (let word = 0; word < words; word += 1) stage.base[word] = source[at + word] ?? touched;
      stage.begin(frontier.number());
      asleep = frontier.asleep();
      return frontier.number();
    },
    puts: (slot, cells, { at, count, move }) => {
      const old = loaded[slot] ?? 0;
      const end = at + count;
      let done = store.stage.puts(slot, { at, cells, end, move, old });
      while (done < end) {
        const cell = cells[done] ?? 0;
        store = refitted(order, store, onePut(slot, cell));
        done = store.stage.puts(slot, { at: done, cells, end, move: move + done - at, old });
      }
    },
    seed: (vector) => {
      loaded = new Int32Array(vector.length);
      pack(store.layout, loaded, { at: 0, source: store.stage.base });
      stageChange(changeTo(vector), 0);
      settle(() => undefined);
    },
    settle,
    size: () => size,
    stage: stageChange,
    staged: () => store.stage.count(),
    waiting: () => store.frontier.count(),
  };
}

/** What is looked up: rows with their hashes. */
interface Keys extends Hashed {
  readonly rows: Int32Array;
}

/** The keys of what is staged: the packed worlds themselves, or their fingerprints. */
function keysOf({ layout, stage }: Store, prints: Fingerprints | undefined): Keys {
  const count = stage.count();
  const { stride } = stage;
  if (prints === undefined) {
    return { count, hashAt: layout.words + noted.hash, rows: stage.rows(), stride };
  }
  prints.take(layout, stage);
  return { count, hashAt: fingerprintWords, rows: prints.rows(), stride: fingerprintStride };
}

interface Adding {
  /** How many there were before. */
  readonly size: number;
  readonly tell: TellNew;
}

/** Adds what is staged and new; how many there are then. */
function addStaged(
  { frontier, layout: { words }, set, stage }: Store,
  { count, hashAt, rows: keys, stride: keyStride }: Keys,
  { size: before, tell }: Adding,
): number {
  const { stride } = stage;
  const rows = stage.rows();
  let size = before;
  for (let index = 0, at = words, key = 0; index < count; index += 1) {
    if (set.insert(keys, key, keys[key + hashAt] ?? 0)) {
      frontier.push(rows, at - words, { asleep: rows[at] ?? 0, number: size });
      tell(size, rows[at + noted.parent] ?? 0, rows[at + noted.move] ?? 0);
      size += 1;
    }
    at += stride;
    key += keyStride;
  }
  return size;
}

function createStore(
  order: 'breadth' | 'depth',
  layout: Layout,
  {
    isPrinted,
    set,
    stage = createStage(layout),
  }: Pick<Store, 'isPrinted' | 'set'> & { readonly stage?: Stage },
): Store {
  return {
    frontier: createFrontier(order, layout.words),
    isPrinted,
    layout,
    set,
    stage,
  };
}

/** A change of one slot. */
function onePut(slot: number, cell: number): StagedChange {
  // Only one of the cells is asked for.
  const cells = new Int32Array(slot + 1);
  cells[slot] = cell;
  return { cells: () => cells, count: () => 1, slots: () => Int32Array.of(slot) };
}

/** A change from nothing to `vector`. */
function changeTo(vector: Int32Array): StagedChange {
  const slots = Int32Array.from(vector.keys());
  return { cells: () => vector, count: () => vector.length, slots: () => slots };
}

/** All laid out anew, so that every number so far and those of a change find room. */
function refitted(order: 'breadth' | 'depth', old: Store, change: StagedChange): Store {
  const layout = widened(old, change);
  const moved = new Int32Array(layout.slots);
  const { isPrinted } = old;
  const set = isPrinted ? old.set : createPackedSet(layout.words, old.set.size());
  const next = createStore(order, layout, { isPrinted, set, stage: createStage(layout, old) });
  const entry = new Int32Array(layout.words);
  const move = (source: Int32Array, at: number): void => {
    unpack(old.layout, { at, source }, moved);
    pack(layout, moved, { at: 0, source: entry });
  };
  if (!isPrinted) {
    old.set.forEach((source, at) => {
      move(source, at);
      set.insert(entry, 0, hashWords(entry, 0, layout.words));
    });
  }
  old.frontier.drain((source, at, mark) => {
    move(source, at);
    next.frontier.push(entry, 0, mark);
  });
  return next;
}

/** A layout with room for what is there, and for what a change has in its slots. */
function widened(store: Store, change: StagedChange): Layout {
  const { frontier, isPrinted, layout, set, stage } = store;
  const [cells, slots, count] = [change.cells(), change.slots(), change.count()];
  let length = layout.slots;
  for (let index = 0; index < count; index += 1) length = Math.max(length, (slots[index] ?? 0) + 1);
  // Or-ed numbers are as wide as the widest of them.
  const every = isPrinted ? new Int32Array(layout.words) : set.everyBit();
  const add = (source: Int32Array, at: number): void => {
    for (let word = 0; word < layout.words; word += 1) {
      every[word] = (every[word] ?? 0) | (source[at + word] ?? 0);
    }
  };
  if (isPrinted) frontier.drain(add);
  add(stage.base, 0);
  for (let index = 0; index < stage.count(); index += 1) add(stage.rows(), index * stage.stride);
  const widest = new Int32Array(length);
  unpack(layout, { at: 0, source: every }, widest);
  for (let index = 0; index < count; index += 1) {
    const slot = slots[index] ?? 0;
    widest[slot] = (widest[slot] ?? 0) | (cells[slot] ?? 0);
  }
  return layOut(Uint8Array.from(widest, bitsFor));
}
