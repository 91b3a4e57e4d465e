/**
 * The worlds in which something is still owed to a property, and the ways between them: where a run can
 * stay in there for ever, or end in there, the property is broken.
 */
import type { Decision } from '../interned/questions/decision.ts';
import type { Walker } from '../interned/steps/walker.ts';
import { createNumberedWorlds } from '../interned/visited/numbered-worlds.ts';

/** A part of the graph of worlds. */
export interface Region {
  readonly bytes: () => number;
  /** Where the ways of a world begin among `targets`; one more than there are worlds. */
  readonly offsets: () => Int32Array;
  readonly originOf: (state: number) => RegionOrigin;
  readonly read: (state: number, vector: Int32Array) => void;
  /** Adds a world from which the property waits: `from` is its number in the search that found it. */
  readonly seed: (vector: Int32Array, from: number) => void;
  readonly size: () => number;
  /** For each move of each world, in their order, the world to which it leads; -1 for one outside. */
  readonly targets: () => Int32Array;
  /**
   * Finds all worlds of the region, by breadth.
   *
   * @returns `open` with the first world found in which the system has nothing left to do, `cut` at a
   * limit, `done` when all were found.
   */
  readonly explore: (limits: RegionLimits) => Explored;
}

/** Where the world was found first: in the search before, or from another of the region. */
export type RegionOrigin =
  | { readonly type: 'seed'; readonly state: number }
  | { readonly type: 'step'; readonly move: number; readonly state: number };

/** Where to stop. */
export interface RegionLimits {
  readonly bytesMax: number;
  readonly statesMax: number;
}

/** How far it went. */
export type Explored =
  | { readonly type: 'cut' | 'done' }
  | { readonly type: 'rest'; readonly state: number };

const bytesAsked = 1 << 12;

/** An empty region of the worlds in which `isOpen` holds. */
export function createRegion(walker: Walker, isOpen: Decision): Region {
  const { change, expand, isWithin = () => true, space } = walker;
  const worlds = createNumberedWorlds();
  const parents = createNumbers();
  const moves = createNumbers();
  const offsets = createNumbers();
  const targets = createNumbers();
  let vector = new Int32Array(1);
  let next = new Int32Array(1);
  const add = (cells: Int32Array, parent: number, move: number): number => {
    const before = worlds.size();
    const state = worlds.add(cells, space.slots.length);
    if (state === before) {
      parents.push(parent);
      moves.push(move);
    }
    return state;
  };
  const bytes = (): number =>
    [worlds, parents, moves, offsets, targets].reduce((sum, part) => sum + part.bytes(), 0);
  /** Whether the system has something to do of its own. */
  const visitAll = (state: number): boolean => {
    let move = 0;
    let isBusy = false;
    offsets.push(targets.size());
    expand(vector, ({ isExternal }) => {
      if (!isExternal) isBusy = true;
      if (next.length < space.slots.length) next = new Int32Array(space.slots.length * 2);
      for (let slot = 0; slot < next.length; slot += 1) next[slot] = change.at(slot);
      const isInside = change.count() === 0 || (isWithin(next) && isOpen(next));
      targets.push(isInside ? add(next, state, move) : -1);
      move += 1;
    });
    return isBusy;
  };
  return {
    bytes,
    explore: ({ bytesMax, statesMax }) => {
      for (let state = 0; state < worlds.size(); state += 1) {
        if (worlds.size() > statesMax) return { type: 'cut' };
        if (state % bytesAsked === 0 && bytes() > bytesMax) return { type: 'cut' };
        if (vector.length < space.slots.length) vector = new Int32Array(space.slots.length * 2);
        vector.fill(0);
        worlds.read(state, vector);
        if (!visitAll(state)) return { type: 'rest', state };
      }
      offsets.push(targets.size());
      return { type: 'done' };
    },
    offsets: offsets.all,
    originOf: (state) => {
      const parent = parents.all()[state] ?? 0;
      if (parent < 0) return { state: -1 - parent, type: 'seed' };
      return { move: moves.all()[state] ?? 0, state: parent, type: 'step' };
    },
    read: worlds.read,
    seed: (cells, from) => {
      add(cells, -1 - from, 0);
    },
    size: worlds.size,
    targets: targets.all,
  };
}

interface Numbers {
  readonly all: () => Int32Array;
  readonly bytes: () => number;
  readonly push: (value: number) => void;
  readonly size: () => number;
}

function createNumbers(): Numbers {
  let all = new Int32Array(1 << 8);
  let size = 0;
  return {
    all: () => all,
    bytes: () => all.byteLength,
    push: (value) => {
      if (size === all.length) {
        const more = new Int32Array(size * 2);
        more.set(all);
        all = more;
      }
      all[size] = value;
      size += 1;
    },
    size: () => size,
  };
}
