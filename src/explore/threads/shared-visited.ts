/** The visited worlds of a search of several threads, as one of them sees them. */
import { layOut, unpack } from '../interned/layout.ts';
import type { Layout, Packed } from '../interned/layout.ts';
import type { Hashed } from '../interned/packed-set.ts';
import { createStage, noted } from '../interned/stage.ts';
import type { Stage } from '../interned/stage.ts';
import type { Visited } from '../interned/visited.ts';
import { word } from './control.ts';
import type { Shape } from './crew.ts';
import { createSharedFrontier, markWords, writeEntry } from './shared-frontier.ts';
import type { SharedFrontier } from './shared-frontier.ts';
import { createSharedSet } from './shared-set.ts';
import type { SharedSet } from './shared-set.ts';

/** What one thread has of it. */
export interface SharedVisited extends Pick<
  Visited,
  'asleep' | 'lull' | 'puts' | 'settle' | 'size' | 'stage' | 'staged'
> {
  /** Whether something staged could not be added for want of room: `settle` again after a new shape. */
  readonly isFull: () => boolean;
  /** Takes the world at a place of the level, its cells into `vector`; its number, or -1 where none is. */
  readonly load: (place: number, vector: Int32Array) => number;
  /** Takes notice of a new room, and of a new level. */
  readonly renew: () => void;
  readonly reshape: (shape: Shape) => void;
}

/** Whose it is, and how many worlds that thread has found before. */
export interface Party {
  readonly control: Int32Array;
  /** 0 for the leader. */
  readonly party: number;
  readonly size: number;
  /** Called where the layout has no room for a number: it reshapes all, or throws. */
  readonly widen: () => void;
}

interface Store {
  readonly frontiers: readonly Int32Array[];
  readonly layout: Layout;
  readonly set: SharedSet;
  readonly stage: Stage;
}

/** The visited worlds in a shape. */
export function createSharedVisited(
  first: Shape,
  { control, party, size: sizeBefore, widen }: Party,
): SharedVisited {
  const parties = control[word.parties] ?? 1;
  const frontier = createSharedFrontier(control);
  let store = storeOf(first);
  let loaded: Int32Array = new Int32Array(1);
  let size = sizeBefore;
  let [added, asleep] = [0, 0];
  let isFull = false;
  let touched = 0; // So that touching is not for nothing in the eyes of the compiler.
  return {
    asleep: () => asleep,
    isFull: () => isFull,
    load: (place, vector) => {
      const { words } = store.layout;
      const source = store.frontiers[frontier.side()] ?? loaded;
      const at = place * (words + markWords);
      if (source[at] === 0) return -1;
      begin(store, { at, source }, vector);
      loaded = vector;
      asleep = source[at + words + 1] ?? 0;
      return source[at + words] ?? touched;
    },
    lull: (slots) => {
      store.stage.lull(slots);
    },
    puts: (slot, cells, { at, count, move }) => {
      const old = loaded[slot] ?? 0;
      const end = at + count;
      for (let done = at; done < end;) {
        done = store.stage.puts(slot, { at: done, cells, end, move: move + done - at, old });
        if (done < end) widen();
      }
    },
    renew: () => {
      added = 0;
      isFull = false;
      frontier.renew();
    },
    reshape: (shape) => {
      store = storeOf(shape, store);
    },
    settle: (tell) => {
      const { count, hashAt, rows, stride } = rowsOf(store);
      if (count === 0) return;
      const room = control[word.room] ?? 0;
      touched ^= store.set.touchAll(rows, { count, hashAt, stride });
      for (let at = 0; at < count * stride; at += stride) {
        if (added >= room) {
          isFull = true;
          return;
        }
        if (!store.set.insert(rows, at, rows[at + hashAt] ?? 0)) continue;
        write(store, frontier, { at, number: size * parties + party, rows });
        const behind = at + store.layout.words;
        tell(size, rows[behind + noted.parent] ?? 0, rows[behind + noted.move] ?? 0);
        size += 1;
        added += 1;
      }
      store.stage.reset();
    },
    size: () => size,
    stage: (change, move) => {
      while (!store.stage.push(change, loaded, move)) widen();
    },
    staged: () => store.stage.count(),
  };
}

interface NewWorld {
  readonly at: number;
  readonly number: number;
  readonly rows: Int32Array;
}

/** Writes a world to the next level. */
function write(
  { frontiers, layout: { words } }: Store,
  frontier: SharedFrontier,
  { at, number, rows }: NewWorld,
): void {
  const target = frontiers[1 - frontier.side()] ?? rows;
  const place = frontier.reserve(target, words + markWords);
  writeEntry(target, place, { asleep: rows[at + words] ?? 0, at, number, source: rows, words });
}

function rowsOf({ layout, stage }: Store): Hashed & { readonly rows: Int32Array } {
  const hashAt = layout.words + noted.hash;
  return { count: stage.count(), hashAt, rows: stage.rows(), stride: stage.stride };
}

/** Makes a packed world the one that others follow, its cells in `vector`. */
function begin({ layout, stage }: Store, { at, source }: Packed, vector: Int32Array): void {
  const { words } = layout;
  unpack(layout, { at, source }, vector);
  for (let next = 0; next < words; next += 1) stage.base[next] = source[at + next] ?? 0;
  stage.begin(source[at + words] ?? 0);
}

function storeOf({ capacity, frontiers, table, widths }: Shape, from?: Store): Store {
  const layout = layOut(widths);
  return {
    frontiers: frontiers.map((buffer) => new Int32Array(buffer)),
    layout,
    set: createSharedSet(table, capacity, layout.words),
    stage: createStage(layout, from),
  };
}
