/** The memory that threads share: made, and made anew where it is too small. */
import type { Mark } from '../interned/frontier.ts';
import { bitsFor, layOut, pack, unpack, widthMax } from '../interned/layout.ts';
import type { Layout } from '../interned/layout.ts';
import { hashWords } from '../interned/packed-set.ts';
import { firstActorSlot, globalSlot, monitorSlot } from '../interned/space.ts';
import type { Space } from '../interned/space.ts';
import { word } from './control.ts';
import type { Shape } from './crew.ts';
import { chunkSize, markAt, markWords, writeEntry } from './shared-frontier.ts';
import type { Entry } from './shared-frontier.ts';
import { createSharedSet } from './shared-set.ts';

/** What a table takes at first: to make room for more means to write all anew. */
const bytesFirst = 1 << 25;
/** A table that is fuller than this is doubled where threads halt anyhow, and none gets fuller than that. */
const [loadUsual, loadMax] = [0.65, 0.8];

const [roomyBits, roomySlotsMax] = [2, 64];

/** How many worlds there are, and the places that a table has at least, a power of two. */
export interface Size {
  readonly least?: number | undefined;
  /** Widths that are kept if they are still wide enough: then nothing has to be packed anew. */
  readonly widths?: Uint8Array;
  readonly worlds: number;
}

/** Places that threads have reserved in a frontier and not used. */
const reservedMax = chunkSize << 6;

/** A shape with room for so many worlds, and for every number that a space knows. */
export function shapeFor(space: Space, { least, widths: before, worlds }: Size): Shape {
  const needed = Uint8Array.from(largestNumbers(space), bitsFor);
  const widths = before !== undefined && areWithin(needed, before) ? before : roomy(needed);
  const { words } = layOut(widths);
  let capacity = least ?? 1 << (31 - Math.clz32(bytesFirst / (words * 4)));
  while (worlds > capacity * loadUsual) capacity *= 2;
  const frontier = (): SharedArrayBuffer =>
    new SharedArrayBuffer((capacity + reservedMax) * (words + markWords) * 4);
  return {
    capacity,
    frontiers: [frontier(), frontier()],
    table: new SharedArrayBuffer(capacity * words * 4),
    widths,
    words,
  };
}

function areWithin(needed: Uint8Array, widths: Uint8Array): boolean {
  return (
    needed.length === widths.length && needed.every((width, slot) => width <= (widths[slot] ?? 0))
  );
}

/**
 * Wider by some bits where that costs no word, the widest first, which grow most: threads halt, and all is
 * written anew, when a number outgrows its slot.
 */
function roomy(widths: Uint8Array): Uint8Array {
  const { words } = layOut(widths);
  const slots = [...widths.keys()].toSorted(
    (one, other) => (widths[other] ?? 0) - (widths[one] ?? 0),
  );
  let wide = widths;
  for (const slot of slots.slice(0, roomySlotsMax)) {
    const wider = wide.slice();
    wider[slot] = Math.min((wide[slot] ?? 0) + roomyBits, widthMax);
    if (layOut(wider).words === words) wide = wider;
  }
  return wide;
}

/** The worlds that each of so many threads may add to what a shape holds. */
export function roomIn({ capacity }: Shape, worlds: number, parties: number): number {
  return Math.floor((capacity * loadMax - worlds) / parties);
}

/** Whether a shape should be larger for so many worlds. */
export function isOutgrown(shape: Shape, worlds: number): boolean {
  return worlds > shape.capacity * loadUsual;
}

/** Writes worlds to a shape. */
export interface Filler {
  readonly known: (layout: Layout, source: Int32Array, at: number) => void;
  /** Writes a world to its place in one of the frontiers. */
  readonly waiting: (where: Waiting, mark: Mark) => void;
}

/** A world that waits. */
export interface Waiting {
  readonly at: number;
  readonly layout: Layout;
  readonly place: number;
  readonly side: number;
  readonly source: Int32Array;
}

/** A filler of an empty shape; with worlds as they are where these lie as in another one. */
export function fill({ capacity, frontiers, table, widths }: Shape, from?: Shape): Filler {
  const layout = layOut(widths);
  const { words } = layout;
  const set = createSharedSet(table, capacity, words);
  const sides = frontiers.map((buffer) => new Int32Array(buffer));
  const write = (where: Pick<Waiting, 'place' | 'side'>, entry: Entry): void => {
    const target = sides[where.side];
    if (target !== undefined) writeEntry(target, where.place, entry);
  };
  if (from?.widths === widths) {
    return {
      known: (_, source, at) => {
        set.insert(source, at, hashWords(source, at, words));
      },
      waiting: ({ at, place, side, source }, { asleep, number }) => {
        write({ place, side }, { asleep, at, number, source, words });
      },
    };
  }
  const packed = new Int32Array(words);
  const vector = new Int32Array(layout.slots);
  const move = (old: Layout, source: Int32Array, at: number): void => {
    unpack(old, { at, source }, vector);
    pack(layout, vector, { at: 0, source: packed });
  };
  return {
    known: (old, source, at) => {
      move(old, source, at);
      set.insert(packed, 0, hashWords(packed, 0, words));
    },
    waiting: ({ at, layout: old, place, side, source }, { asleep, number }) => {
      move(old, source, at);
      write({ place, side }, { asleep, at: 0, number, source: packed, words });
    },
  };
}

/** What a shape is made anew for. */
export interface Refilling {
  readonly control: Int32Array;
  readonly space: Space;
  readonly worlds: number;
}

/** A shape that holds what another one does. */
export function refilled(old: Shape, { control, space, worlds }: Refilling): Shape {
  const next = shapeFor(space, { least: old.capacity, widths: old.widths, worlds });
  const layout = layOut(old.widths);
  const { words } = layout;
  const { known, waiting } = fill(next, old);
  createSharedSet(old.table, old.capacity, words).forEach((source, at) =>
    known(layout, source, at),
  );
  const level = control[word.level] ?? 0;
  for (const [side, buffer] of old.frontiers.entries()) {
    const source = new Int32Array(buffer);
    const end = control[side === (level & 1) ? word.levelEnd : word.nextEnd] ?? 0;
    for (let place = 0; place < end; place += 1) {
      const at = place * (words + markWords);
      if (source[at] === 0) continue;
      waiting({ at, layout, place, side, source }, markAt(source, at + words));
    }
  }
  return next;
}

/** The bytes that a shape takes, as far as it was used. */
export function bytesOf({ table, words }: Shape, waiting: number): number {
  return table.byteLength + (waiting + 2 * chunkSize) * (words + markWords) * 4;
}

function largestNumbers(space: Space): readonly number[] {
  return space.slots.map((slot, index) => {
    if (index === globalSlot) return space.globals.all.length;
    if (index === monitorSlot) return space.monitorStates.all.length;
    return index < firstActorSlot ? 0 : (slot?.cells.all.length ?? 0);
  });
}
