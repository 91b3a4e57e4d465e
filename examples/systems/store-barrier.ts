/**
 * A barrier over a store that the first rank keeps: each rank counts itself in, and asks until all are in. The
 * first rank must not leave, and take the store with it, before the others have seen so.
 *
 * @see https://github.com/pytorch/pytorch/pull/74931 (rank 0 exits and its TCPStore with it, while others
 * still use it), and
 * https://github.com/pytorch/pytorch/issues/69520; the remedy is that rank 0 waits until all others have finished.
 */
import { assign, enqueueActions, sendTo, setup } from 'xstate';

import { never, sometimes } from '../../src/index.ts';
import type { SystemDefinition } from '../../src/index.ts';

/** What is wrong with it, and how large it is. */
export interface StoreBarrierOptions {
  readonly bug?: StoreBarrierBug;
  /** Ranks apart from the first; 2 unless said otherwise. */
  readonly others?: number;
}

/** Mistakes that can be planted, and what each is. */
export const storeBarrierBugs = {
  'first-one-out':
    'the first rank leaves, and closes the store, as soon as it has seen all of them',
} as const;

/** A mistake to plant. */
export type StoreBarrierBug = keyof typeof storeBarrierBugs;

/** The first rank, `rank0`, which keeps the store, and the other ranks. */
export function storeBarrier({ bug, others = 2 }: StoreBarrierOptions = {}): SystemDefinition {
  const names = Array.from({ length: others }, (_, index) => `rank${index + 1}`);
  const machine =
    bug === undefined
      ? keeperMachine
      : keeperMachine.provide({ guards: { isLastOut: () => true } });
  return {
    name: 'store-barrier',
    actors: [
      { address: 'rank0', input: { others }, machine },
      ...names.map((name) => ({ address: name, input: { name }, machine: rankMachine })),
    ],
    properties: [
      never('a rank finds the store closed', (view) =>
        names.some((name) => view.actor(name)?.value === 'failed'),
      ),
      sometimes('all are through', (view) =>
        names.every((name) => view.actor(name)?.value === 'through'),
      ),
    ],
    time: 'untimed',
  };
}

interface By {
  readonly by: string;
}

type KeeperEvent = ({ readonly type: 'store.entered' | 'store.asked' } & By) | Left;

interface Left {
  readonly type: 'store.left';
}

/**
 * The first rank, with the store.
 *
 * `open -> leaving -> closed`
 */
const keeperMachine = setup({
  types: {
    input: {} as { readonly others: number },
    context: {} as { readonly entered: number; readonly left: number; readonly others: number },
    events: {} as KeeperEvent,
  },
  actions: {
    answer: enqueueActions(({ context: { entered, others }, enqueue }, { by }: By) => {
      const answer = { type: entered === others ? 'store.complete' : 'store.incomplete' };
      enqueue.sendTo(({ system }) => system.get(by), answer);
    }),
    enter: assign(({ context: { entered } }) => ({ entered: entered + 1 })),
    leave: assign(({ context: { left } }) => ({ left: left + 1 })),
    refuse: sendTo(({ system }, { by }: By) => system.get(by), { type: 'store.closed' }),
  },
  guards: {
    areAllIn: ({ context: { entered, others } }) => entered === others,
    isLastOut: ({ context: { left, others } }) => left === others,
  },
}).createMachine({
  id: 'store-keeper',
  context: ({ input: { others } }) => ({ entered: 0, left: 0, others }),
  initial: 'open',
  on: {
    'store.entered': { actions: 'enter' },
    'store.asked': { actions: { type: 'answer', params: ({ event }) => event } },
    'store.left': { actions: 'leave' },
  },
  states: {
    open: { always: { guard: 'areAllIn', target: 'leaving' } },
    leaving: { always: { guard: 'isLastOut', target: 'closed' } },
    closed: {
      on: { 'store.asked': { actions: { type: 'refuse', params: ({ event }) => event } } },
    },
  },
});

type RankEvent = { readonly type: 'store.complete' | 'store.incomplete' | 'store.closed' };

/**
 * Another rank: it asks again after a while as long as not all are in.
 *
 * `asking <-> waiting`, then `through`, or `failed`
 */
const rankMachine = setup({
  types: {
    input: {} as { readonly name: string },
    context: {} as { readonly name: string },
    events: {} as RankEvent,
  },
  actions: {
    ask: sendTo(
      ({ system }) => system.get('rank0'),
      ({ context: { name } }) => ({ type: 'store.asked', by: name }),
    ),
    enter: sendTo(
      ({ system }) => system.get('rank0'),
      ({ context: { name } }) => ({ type: 'store.entered', by: name }),
    ),
    leave: sendTo(({ system }) => system.get('rank0'), { type: 'store.left' }),
  },
  delays: { pause: 1 },
}).createMachine({
  id: 'store-rank',
  context: ({ input }) => input,
  entry: 'enter',
  initial: 'asking',
  states: {
    asking: {
      entry: 'ask',
      on: { 'store.complete': 'through', 'store.incomplete': 'waiting', 'store.closed': 'failed' },
    },
    waiting: { after: { pause: 'asking' } },
    through: { entry: 'leave' },
    failed: {},
  },
});
