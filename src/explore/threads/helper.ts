/** What a thread does that helps a search. */
import { messageOf } from '../../core/errors.ts';
import type { Property } from '../../runtime/property.ts';
import type { System } from '../../runtime/system.ts';
import { batchOfBreadth, createExpansion } from '../exhaustive/expansion.ts';
import type { Expansion } from '../exhaustive/expansion.ts';
import { createOrigins } from '../exhaustive/origins.ts';
import type { Origins } from '../exhaustive/origins.ts';
import { createWatch } from '../exhaustive/watch.ts';
import type { Watch } from '../exhaustive/watch.ts';
import { unlearned } from '../interned/gate.ts';
import { createWalker } from '../interned/walker.ts';
import type { Walker } from '../interned/walker.ts';
import { countAsking } from './asking.ts';
import type { Asking } from './asking.ts';
import { helperWordsOf, rouse, status, word } from './control.ts';
import type { HelperWords } from './control.ts';
import type { LeaderLink, Order, Shape } from './crew.ts';
import { chunkSize } from './shared-frontier.ts';
import { createSharedVisited } from './shared-visited.ts';
import type { SharedVisited } from './shared-visited.ts';

/** Where a helper may be left for a while; it says how to wait where it has nothing to do. */
export type Breath = (() => void) | undefined;

/**
 * Helps the search at the other end of a link with a system that was made there too. It goes on until
 * the search is over; whoever runs it lets it breathe.
 */
export function* assist(
  system: System,
  properties: readonly Property[],
  link: LeaderLink,
): Generator<Breath, void> {
  const walker = createWalker(system.mechanics, system.definition.within);
  walker.first();
  walker.space.gate.isShut = true;
  const start = yield* beginning(link);
  const control = new Int32Array(start.control);
  const words = helperWordsOf(start.control, start.helper);
  const say = (what: number): void => {
    Atomics.store(control, words.status, what);
    rouse(control, word.signal);
  };
  try {
    yield* help({ control, link, party: start.helper + 1, properties, say, walker, words });
  } catch (error) {
    link.send({ message: messageOf(error), type: 'failed' });
    say(status.failed);
  }
}

const moment = new Int32Array(new SharedArrayBuffer(4));
const momentMs = 1;
const sleepMs = 100;

function* beginning(
  link: LeaderLink,
): Generator<Breath, Extract<Order, { readonly type: 'begin' }>> {
  for (;;) {
    const order = link.receive();
    if (order?.type === 'begin') return order;
    yield () => Atomics.wait(moment, 0, 0, momentMs);
  }
}

interface Helping {
  readonly control: Int32Array;
  readonly link: LeaderLink;
  readonly party: number;
  readonly properties: readonly Property[];
  readonly say: (status: number) => void;
  readonly walker: Walker;
  readonly words: HelperWords;
}

function* help(helping: Helping): Generator<Breath, void> {
  const { control, link, say, walker, words } = helping;
  let desk: Desk | undefined;
  const follow = (): void => {
    for (let order = link.receive(); order !== undefined; order = link.receive()) {
      if (order.type === 'learn') {
        learn(walker, order.worlds, () => Atomics.add(control, words.beat, 1));
        Atomics.add(control, words.lessons, 1);
      }
      if (order.type !== 'shape') continue;
      if (desk === undefined) desk = createDesk(helping, order.shape, follow);
      else desk.visited.reshape(order.shape);
    }
  };
  let epoch = Atomics.load(control, word.epoch);
  say(status.halted);
  for (;;) {
    const seen = epoch;
    while (Atomics.load(control, word.epoch) === seen) {
      yield () => Atomics.wait(control, word.epoch, seen, sleepMs);
    }
    epoch = Atomics.load(control, word.epoch);
    follow();
    if (Atomics.load(control, word.isOver) !== 0) break;
    if (desk !== undefined) yield* desk.work();
    say(status.halted);
  }
  link.send({ origins: desk?.origins.pages() ?? [], type: 'done' });
  rouse(control, word.signal);
}

/** Learns what the leader did, in the same order. */
function learn({ expand, space }: Walker, worlds: Int32Array, beat: () => void): void {
  space.gate.isShut = false;
  for (let at = 0; at < worlds.length;) {
    const first = at + 2;
    const end = first + (worlds[at] ?? 0);
    const asleep = worlds[at + 1] ?? 0;
    const vector = new Int32Array(Math.max(end - first, space.slots.length) + 1);
    vector.set(worlds.subarray(first, end));
    expand(vector, ignore, { ...noShortcuts, asleep: () => asleep });
    beat();
    at = end;
  }
  space.gate.isShut = true;
}

const ignore = (): undefined => undefined;
const noShortcuts = { lull: ignore, puts: ignore, skip: ignore, urge: ignore };

/** Where a helper has its worlds. */
interface Desk {
  readonly origins: Origins;
  readonly visited: SharedVisited;
  /** Works until the level is through, or all are to halt. */
  readonly work: () => Generator<Breath, void>;
}

function createDesk(helping: Helping, shape: Shape, follow: () => void): Desk {
  const { control, party, properties, walker, words } = helping;
  const visited = createSharedVisited(shape, { control, party, size: 0, widen: refuse });
  const origins = createOrigins();
  const asking = countAsking(properties);
  const expansion = createExpansion({ batch: batchOfBreadth, origins, visited, walker });
  const look = createLook({ asking, expansion, follow, visited, walker }, properties);
  let [place, end] = [0, 0];
  let given = -1;
  const isHalted = (): boolean => Atomics.load(control, word.halt) !== 0;
  const report = (): void => {
    words.counts[0] = visited.size();
    words.counts[1] = look.transitions();
  };
  function* work(): Generator<Breath, void> {
    visited.renew();
    expansion.settle();
    for (;;) {
      Atomics.add(control, words.beat, 1);
      // Nothing stays staged where others may think that all is done.
      if (place === end || given >= 0 || isHalted()) expansion.settle();
      if (visited.isFull()) Atomics.store(control, word.halt, 1);
      if (given >= 0) {
        if (words.post.put(given)) given = -1;
        rouse(control, word.signal);
      }
      if (isHalted()) break;
      if (given >= 0) {
        yield () => Atomics.wait(moment, 0, 0, momentMs);
        continue;
      }
      if (place === end) {
        report();
        yield undefined;
        place = Atomics.add(control, word.claimed, 1) * chunkSize;
        end = Math.min(place + chunkSize, control[word.levelEnd] ?? 0);
        if (place >= end) {
          [place, end] = [0, 0];
          break;
        }
      }
      if (!look.at(place)) given = place;
      place += 1;
    }
    report();
  }
  return { origins, visited, work };
}

/** Only the leader makes room for numbers: it learns them. */
function refuse(): never {
  throw unlearned;
}

interface Looking {
  readonly asking: Asking;
  readonly expansion: Expansion;
  readonly follow: () => void;
  readonly visited: SharedVisited;
  readonly walker: Walker;
}

interface Look {
  /** Expands the world at a place and looks at it; whether that is all there is to it. */
  readonly at: (place: number) => boolean;
  readonly transitions: () => number;
}

const slotsStart = 64;

function createLook(
  { asking, expansion, follow, visited, walker }: Looking,
  properties: readonly Property[],
): Look {
  const watch: Watch = createWatch(walker, asking.properties);
  let vector = new Int32Array(slotsStart);
  // The leader counts what is given to it; and an expansion counts the start.
  let uncounted = 1;
  const tryAt = (place: number): boolean => {
    if (walker.space.slots.length > vector.length) {
      vector = new Int32Array(walker.space.slots.length * 2);
    }
    const state = visited.load(place, vector);
    if (state < 0) return true;
    const [asked, transitions] = [asking.count(), expansion.transitions()];
    try {
      const rest = expansion.expand(vector);
      if (properties.length > 0) watch.look(vector, state, rest);
      if (asking.count() === asked) return true;
    } catch {
      // Whatever it is, the leader meets it too.
    }
    uncounted += expansion.transitions() - transitions;
    return false;
  };
  return {
    at: (place) => {
      const { gate } = walker.space;
      for (;;) {
        if (tryAt(place)) return true;
        // What was found is found; but it may have been found in part only.
        expansion.settle();
        const { learned } = gate;
        follow();
        if (gate.learned === learned || visited.isFull()) return false;
      }
    },
    transitions: () => expansion.transitions() - uncounted,
  };
}
