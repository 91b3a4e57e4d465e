/** Where the leader of several threads has its own worlds. */
import { batchOfBreadth, createExpansion } from '../exhaustive/expansion.ts';
import { createOrigins } from '../exhaustive/origins.ts';
import type { Origins } from '../exhaustive/origins.ts';
import { createHands } from './hands.ts';
import type { Hands } from './hands.ts';
import type { Lead } from './leader.ts';
import { bytesOf } from './memory.ts';
import { createSharedVisited } from './shared-visited.ts';

/** The leader's part of a search. */
export interface Desk {
  readonly bytes: () => number;
  readonly hands: Hands;
  /** Expands the world at a place of the level and looks at it; whether something is broken there. */
  readonly isBrokenAt: (place: number) => boolean;
  /** The origins of all worlds, with those of the helpers. */
  readonly origins: (pages: readonly (readonly Int32Array[])[]) => Origins;
  /** Looks up what is staged. */
  readonly settle: () => void;
  /** Those of all threads. */
  readonly transitions: () => number;
}

const slotsStart = 64;
const bytesOfOrigin = 8;

/** A desk for what one thread has begun. */
export function createDesk(begun: Lead): Desk {
  const { origins, team, walker, watch } = begun;
  const hands = createHands(begun, () => visited);
  const visited = createSharedVisited(hands.shape(), {
    control: team.control,
    party: 0,
    size: begun.visited.size(),
    widen: () => {
      hands.halt();
      hands.reshape();
      hands.goOn();
    },
  });
  const expansion = createExpansion({ batch: batchOfBreadth, origins, visited, walker });
  const expand = team.noting(expansion.expand, visited.asleep);
  const makeRoom = (): void => {
    while (visited.isFull()) {
      hands.halt();
      hands.goOn();
      expansion.settle();
    }
  };
  let vector = new Int32Array(slotsStart);
  return {
    bytes: () => bytesOf(hands.shape(), hands.waiting()) + hands.states() * bytesOfOrigin,
    hands,
    isBrokenAt: (place) => {
      if (walker.space.slots.length > vector.length) {
        vector = new Int32Array(walker.space.slots.length * 2);
      }
      const state = visited.load(place, vector);
      if (state < 0) return false;
      const rest = expand(vector);
      makeRoom();
      return watch.look(vector, state, rest);
    },
    settle: () => {
      expansion.settle();
      makeRoom();
    },
    origins: (pages) => ofAll(origins, pages, begun.visited.size()),
    transitions: () => {
      const [start, helped] = [begun.transitions - 1, hands.helped(1)];
      return start + expansion.transitions() + helped;
    },
  };
}

/** A number says which thread found a world; what one thread found before has the numbers it had. */
function ofAll(own: Origins, others: readonly (readonly Int32Array[])[], before: number): Origins {
  const all = [own, ...others.map((pages) => createOrigins({ pages }))];
  const of = (state: number): readonly [Origins, number] => [
    all[state % all.length] ?? own,
    Math.floor(state / all.length),
  ];
  return {
    ...own,
    moveOf: (state) => {
      const [origins, number] = of(state);
      return origins.moveOf(number);
    },
    parentOf: (state) => {
      const [origins, number] = of(state);
      const parent = origins.parentOf(number);
      return origins === own && number < before ? parent * all.length : parent;
    },
  };
}
