/**
 * Election on a ring that messages go round one way: a node sends its number on, a node that has a
 * smaller one keeps larger ones to itself, and whoever gets its own number back has won.
 *
 * @see Chang and Roberts, "An Improved Algorithm for Decentralized Extrema-Finding in Circular
 * Configurations of Processes", 1979; the TLA+ module `ChangRoberts`, whose model this is.
 */
import { emit, sendTo, setup } from 'xstate';

import { always, sometimes } from '../../src/index.ts';
import type { ActorDefinition, Property, SystemDefinition } from '../../src/index.ts';

/** How large the ring is, who stands for election, and what is wrong with it. */
export interface RingElectionOptions {
  readonly nodes: number;
  /** The numbers of those that stand, from 1; all of them unless said otherwise. */
  readonly initiators?: readonly number[];
  readonly bug?: RingElectionBug;
}

/** Mistakes that can be planted, and what each is. */
export const ringElectionBugs = {
  'forwards-larger-numbers': 'a candidate sends larger numbers on as well',
  'does-not-give-up': 'a candidate sends a smaller number on and still hopes',
} as const;

/** A mistake to plant. */
export type RingElectionBug = keyof typeof ringElectionBugs;

/**
 * The nodes `n1`, `n2`, …, each of which wakes up at some time; before that, messages wait for it.
 *
 * In the TLA+ examples who stands is chosen at the start: the 137 worlds and 227 steps for three nodes
 * are the sums over the eight systems that differ in that, and the depth of 10 is the greatest of theirs.
 */
export function ringElection(options: RingElectionOptions): SystemDefinition {
  return {
    name: 'ring-election',
    actors: namesOf(options).map((name, index, names) =>
      ringNode(
        name,
        { next: names[(index + 1) % names.length] ?? name, number: index + 1 },
        options,
      ),
    ),
    network: { links: 'unordered' },
    properties: ringElectionProperties(options),
    time: 'untimed',
    unhandled: 'keep',
  };
}

/** Only the smallest of those that stand can win, and only when all others know that they lost. */
export function ringElectionProperties(options: RingElectionOptions): readonly Property[] {
  const names = namesOf(options);
  const smallest = Math.min(...initiatorsOf(options));
  return [
    always('only the smallest wins', (view) => {
      const values = names.map((name) => view.actor(name)?.value);
      const winner = values.indexOf('won');
      if (winner < 0) return true;
      const others = values.filter((_, index) => index !== winner);
      return winner + 1 === smallest && others.every((value) => value === 'lost');
    }),
    ...(initiatorsOf(options).length === 0
      ? []
      : [sometimes('one wins', (view) => names.some((name) => view.actor(name)?.value === 'won'))]),
  ];
}

function namesOf({ nodes }: RingElectionOptions): readonly string[] {
  return Array.from({ length: nodes }, (_, index) => `n${index + 1}`);
}

function initiatorsOf(options: RingElectionOptions): readonly number[] {
  return options.initiators ?? namesOf(options).map((_, index) => index + 1);
}

function ringNode(
  address: string,
  place: Pick<NodeContext, 'next' | 'number'>,
  options: RingElectionOptions,
): ActorDefinition {
  const stands = initiatorsOf(options).includes(place.number);
  return {
    address,
    machine: machineWith(options.bug),
    input: { ...place, stands } satisfies NodeContext,
    inputs: [{ event: { type: 'node.woken' } }],
  };
}

function machineWith(bug?: RingElectionBug): typeof ringNodeMachine {
  switch (bug) {
    case 'forwards-larger-numbers':
      return ringNodeMachine.provide({ guards: { isLarger: () => false } });
    case 'does-not-give-up':
      return ringNodeMachine.provide({ guards: { givesUp: () => false } });
    default:
      return ringNodeMachine;
  }
}

interface NodeContext {
  readonly next: string;
  readonly number: number;
  readonly stands: boolean;
}

interface Numbered {
  readonly number: number;
}

type NodeEvent =
  | ({ readonly type: 'election.number' } & Numbered)
  | { readonly type: 'node.woken' };

/**
 * A node of the ring.
 *
 * `asleep -> candidate -> won | lost`
 */
export const ringNodeMachine = setup({
  types: {
    input: {} as NodeContext,
    context: {} as NodeContext,
    events: {} as NodeEvent,
    emitted: {} as { readonly type: 'number.kept' } & Numbered,
  },
  actions: {
    announceKept: emit((_, { number }: Numbered) => ({ type: 'number.kept' as const, number })),
    forward: sendTo(
      ({ context, system }) => system.get(context.next),
      (_, { number }: Numbered): NodeEvent => ({ type: 'election.number', number }),
    ),
    stand: sendTo(
      ({ context, system }) => system.get(context.next),
      ({ context: { number } }): NodeEvent => ({ type: 'election.number', number }),
    ),
  },
  guards: {
    givesUp: ({ context }, { number }: Numbered) => number < context.number,
    isLarger: ({ context }, { number }: Numbered) => number > context.number,
    isOwn: ({ context }, { number }: Numbered) => number === context.number,
    stands: ({ context }) => context.stands,
  },
}).createMachine({
  id: 'ring-node',
  context: ({ input }) => input,
  initial: 'asleep',
  states: {
    asleep: {
      on: {
        'node.woken': [
          { guard: 'stands', target: 'candidate', actions: 'stand' },
          { target: 'lost' },
        ],
      },
    },
    candidate: {
      on: {
        'election.number': [
          { guard: { type: 'isOwn', params: ({ event }) => event }, target: 'won' },
          {
            guard: { type: 'isLarger', params: ({ event }) => event },
            actions: { type: 'announceKept', params: ({ event }) => event },
          },
          {
            guard: { type: 'givesUp', params: ({ event }) => event },
            target: 'lost',
            actions: { type: 'forward', params: ({ event }) => event },
          },
          { actions: { type: 'forward', params: ({ event }) => event } },
        ],
      },
    },
    lost: {
      on: { 'election.number': { actions: { type: 'forward', params: ({ event }) => event } } },
    },
    won: {
      on: {
        'election.number': { actions: { type: 'announceKept', params: ({ event }) => event } },
      },
    },
  },
});
