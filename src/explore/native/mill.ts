/** All that a search in shared memory works with, and what its leader does by hand. */
import type { System } from '../../runtime/system.ts';
import { createExpansion } from '../exhaustive/expansion.ts';
import { createOrigins } from '../exhaustive/origins.ts';
import type { Origins } from '../exhaustive/origins.ts';
import type { SearchOptions } from '../exhaustive/survey.ts';
import { createWatch } from '../exhaustive/watch.ts';
import type { Watch } from '../exhaustive/watch.ts';
import { createWalker } from '../interned/steps/walker.ts';
import type { Walker } from '../interned/steps/walker.ts';
import { createCore } from './core.ts';
import type { Core, Ground } from './core.ts';
import * as field from './fields.ts';
import { createHands, ownAt } from './hands.ts';
import type { Hands } from './hands.ts';
import { createHeap } from './heap.ts';
import type { Heap } from './heap.ts';
import { createJournal } from './journal.ts';
import { createNativeOrigins } from './origins.ts';
import { createQuestions } from './questions.ts';
import { createTables } from './tables.ts';
import { createNativeVisited } from './visited.ts';

/** A search that is ready to begin. */
export interface Mill {
  readonly bytes: () => number;
  readonly core: Core;
  readonly expanded: () => number;
  readonly found: () => number;
  readonly hands: Hands;
  /** Expands the world at a place by hand and looks at it; whether something is broken there. */
  readonly isBrokenAt: (place: number) => boolean;
  /** Makes room for more worlds; nobody else works meanwhile. */
  readonly makeRoom: () => void;
  /** Begins the next level; whether there is anything in it. */
  readonly nextLevel: () => boolean;
  readonly origins: Origins;
  readonly transitions: () => number;
  readonly walker: Walker;
  readonly watch: Watch;
}

/** Thrown where memory is at its end. */
export const outOfMemory = new Error('There is no memory for more worlds.');

const capacityDefault = 1 << 12;
const roomDefault = 1 << 17;
const stagedDefault = 512;
/** Of those that are looked up together at most, so many must there be. */
const leastOfStaged = 1 / 8;
const headAt = field.headAt / 4;
const statesMost = 2 ** 32 - 1;

/** A mill that has the first world. */
export function createMill(system: System, options: SearchOptions, ground: Ground): Mill {
  const { crew, properties = [], statesMax = statesMost } = options;
  const parties = (crew?.helpers ?? 0) + 1;
  const heap = createHeap(ground.memory, parties, noRoom);
  const journal = createJournal(heap);
  const walker = createWalker(system.mechanics, undefined, journal);
  const watch = createWatch(walker, properties);
  const first = walker.first();
  const core = createCore(ground, 0);
  const hands = createHands(heap, crew);
  const { capacity = capacityDefault, room: roomMost = roomDefault } = crew ?? {};
  const stageMax = crew?.staged ?? stagedDefault;
  const batch = Math.ceil(stageMax * leastOfStaged);
  const { space } = walker;
  const tables = createTables({ capacity, core, heap, parties, roomMost, space, stageMax });
  const words = heap.words();
  words[headAt + field.parties] = parties;
  words[headAt + field.batch] = batch;
  words[headAt + field.stop] = Math.min(statesMax, statesMost);
  const sum = createSum(heap, parties);
  const found = (): number => sum(field.found);
  const provide = (): void => {
    if (!tables.makeRoom(found())) throw outOfMemory;
    core.renew();
  };
  const lay = (): void => {
    journal.list(space);
    if (!tables.lay()) throw outOfMemory;
    provide();
  };
  const hold = (cells: Int32Array): void => {
    const at = (heap.words()[ownAt(0) + field.vector] ?? 0) >>> 2;
    heap.words().set(cells.subarray(0, heap.words()[headAt + field.slots]), at);
  };
  lay();
  hold(first);
  core.seed();
  const halted = (change: () => void): void => {
    core.settle();
    hands.halt();
    change();
    hands.goOn();
  };
  const makeRoom = (): void => halted(provide);
  const nextLevel = (): boolean => {
    const isAny = tables.nextLevel();
    provide();
    return isAny;
  };
  const byHand = createByHand({ batch, core, halted, heap, hold, lay, makeRoom, walker, watch });
  const transitionsOf = createTransitions(heap, parties);
  return {
    bytes: tables.bytes,
    core,
    expanded: () => sum(field.expanded),
    found,
    hands,
    isBrokenAt: byHand.isBrokenAt,
    makeRoom,
    nextLevel,
    origins: createNativeOrigins(heap, parties),
    transitions: () => byHand.transitions() + transitionsOf(),
    walker,
    watch,
  };
}

function noRoom(): never {
  throw outOfMemory;
}

/** Adds up what all parties count. */
function createSum({ words }: Heap, parties: number): (name: number) => number {
  return (name) => {
    let all = 0;
    for (let party = 0; party < parties; party += 1) {
      all += (words()[ownAt(party) + name] ?? 0) >>> 0;
    }
    return all;
  };
}

function createTransitions({ words }: Heap, parties: number): () => number {
  return () => {
    const floats = new Float64Array(words().buffer);
    let all = 0;
    for (let party = 0; party < parties; party += 1) {
      all += floats[(ownAt(party) + field.transitions) / 2] ?? 0;
    }
    return all;
  };
}

interface Workshop extends Pick<Mill, 'core' | 'makeRoom' | 'walker' | 'watch'> {
  /** Successors that are looked up together at least. */
  readonly batch: number;
  /** Changes something while nobody else works. */
  readonly halted: (change: () => void) => void;
  readonly heap: Heap;
  /** Makes cells those of the world in hand. */
  readonly hold: (cells: Int32Array) => void;
  readonly lay: () => void;
}

interface ByHand {
  readonly isBrokenAt: Mill['isBrokenAt'];
  readonly transitions: () => number;
}

function createByHand(shop: Workshop): ByHand {
  const { batch, core, halted, heap, hold, lay, makeRoom, walker, watch } = shop;
  const { space } = walker;
  const questions = createQuestions(heap, watch.asked);
  const syncGlobals = createGlobals(heap, walker);
  let vector = new Int32Array(space.slots.length);
  const { load, visited } = createNativeVisited(core, {
    makeRoom,
    widen: () => {
      halted(lay);
      hold(vector);
      core.rebase();
    },
  });
  const expansion = createExpansion({ batch, origins: nowhere, visited, walker });
  const take = (place: number): void => {
    core.takeAt(place);
    const words = heap.words();
    const slots = words[headAt + field.slots] ?? 0;
    const at = (words[ownAt(0) + field.vector] ?? 0) >>> 2;
    if (space.slots.length > vector.length) vector = new Int32Array(space.slots.length * 2);
    vector.fill(0, slots);
    vector.set(words.subarray(at, at + slots));
    load(vector);
  };
  /** Whether the compiled part can do all of it once it has been told what there is to know. */
  const isTaught = (place: number): boolean => {
    // Another world may have taught it meanwhile.
    if (core.again(place) !== 0) return true;
    take(place);
    if (!walker.learn(vector)) return false;
    for (const { consider } of watch.asked) consider(vector);
    syncGlobals();
    questions.sync();
    return core.again(place) !== 0;
  };
  return {
    isBrokenAt: (place) => {
      if (isTaught(place)) return false;
      take(place);
      const words = heap.words();
      words[ownAt(0) + field.expanded] = (words[ownAt(0) + field.expanded] ?? 0) + 1;
      const state = core.numberAt(place) >>> 0;
      const rest = expansion.expand(vector);
      const isBroken = watch.look(vector, state, rest);
      syncGlobals();
      questions.sync();
      return isBroken;
    },
    transitions: expansion.transitions,
  };
}

// The compiled part notes where worlds came from.
const nowhere = createOrigins();

/** Writes which numbers of what belongs to no actor are simple. */
function createGlobals(heap: Heap, { isSimple, space }: Walker): () => void {
  let known = 0;
  let list = heap.ints(1);
  const sync = (): void => {
    const { length } = space.globals.all;
    if (length === known) return;
    if (length > list.length) {
      const longer = heap.ints(length * 2);
      longer.set(list);
      list = longer;
    }
    for (; known < length; known += 1) list[known] = isSimple(known) ? 1 : 0;
    heap.words()[headAt + field.simple] = list.byteOffset;
    Atomics.store(heap.words(), headAt + field.simpleCount, known);
  };
  sync();
  return sync;
}
