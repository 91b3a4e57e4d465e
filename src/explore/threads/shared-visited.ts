/** The visited worlds of a search of several threads, as one of them sees them. */
import { markWords } from '../interned/frontier.ts';
import { layOut, unpack } from '../interned/layout.ts';
import type { Layout } from '../interned/layout.ts';
import { createStage, noted } from '../interned/stage.ts';
import type { Stage } from '../interned/stage.ts';
import type { Visited } from '../interned/visited.ts';
import { word } from './control.ts';
import type { Shape } from './crew.ts';
import { createSharedFrontier, writeEntry } from './shared-frontier.ts';
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
  let store = storeOf(first);
  let loaded: Int32Array = new Int32Array(1);
  let size = sizeBefore;
  let added = 0;
  let isFull = false;
  const frontier = createSharedFrontier(control);
  let asleep = 0;
  let touched = 0; // So that touching is not for nothing in the eyes of the compiler.
  return {
    asleep: () => asleep,
    isFull: () => isFull,
    load: (place, vector) => {
      const { layout, stage } = store;
      const source = store.frontiers[frontier.side()] ?? loaded;
      const at = place * (layout.words + markWords);
      if (source[at] === 0) return -1;
      unpack(layout, { at, source }, vector);
      loaded = vector;
      for (let next = 0; next < layout.words; next += 1) stage.base[next] = source[at + next] ?? 0;
      const number = source[at + layout.words] ?? touched;
      stage.begin(number);
      asleep = source[at + layout.words + 1] ?? 0;
      return number;
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
      const { layout, set, stage } = store;
      const count = stage.count();
      if (count === 0) return;
      const { words } = layout;
      const { stride } = stage;
      const rows = stage.rows();
      const room = control[word.room] ?? 0;
      const target = store.frontiers[1 - frontier.side()] ?? loaded;
      touched ^= set.touchAll(rows, { count, hashAt: words + noted.hash, stride });
      for (let index = 0, at = words; index < count; index += 1, at += stride) {
        if (added >= room) {
          isFull = true;
          return;
        }
        if (!set.insert(rows, at - words, rows[at + noted.hash] ?? 0)) continue;
        const place = frontier.reserve(target, words + markWords);
        const number = size * parties + party;
        writeEntry(target, place, {
          asleep: rows[at] ?? 0,
          at: at - words,
          number,
          source: rows,
          words,
        });
        tell(size, rows[at + noted.parent] ?? 0, rows[at + noted.move] ?? 0);
        size += 1;
        added += 1;
      }
      stage.reset();
    },
    size: () => size,
    stage: (change, move) => {
      while (!store.stage.push(change, loaded, move)) widen();
    },
    staged: () => store.stage.count(),
  };
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
