/**
 * Termination detection on a ring: nodes give one another work, by messages that take their time, and the
 * first node finds out when all are passive and no work is on its way. A token goes round that adds up how
 * many messages were sent and not yet received, and is black when a node that it passed has received one.
 *
 * @see Dijkstra, "Shmuel Safra's version of termination detection", EWD 998, 1987; without the counting it
 * is Dijkstra, Feijen and van Gasteren, EWD 840, 1983, which is right where messages take no time.
 */
import { assign, sendTo, setup } from 'xstate';

import { always, leadsTo, sometimes } from '../../src/index.ts';
import type { ActorDefinition, Property, SystemDefinition, View } from '../../src/index.ts';

/** How large the system is, and what is wrong with it. */
export interface TerminationDetectionOptions {
  readonly nodes: number;
  /** How often each node may give work to each of the others. */
  readonly gifts: number;
  readonly bug?: TerminationDetectionBug;
}

/** Mistakes that can be planted, and what each is. */
export const terminationDetectionBugs = {
  naive: 'it is enough that each node was passive when the token passed it',
  'counts-nothing': 'nobody counts messages, as in EWD 840, where they take no time',
  'stays-white': 'a node that receives work does not become black',
  'black-keeps-the-token': 'a node that has received work does not pass the token on',
} as const;

/** A mistake to plant. */
export type TerminationDetectionBug = keyof typeof terminationDetectionBugs;

/** The nodes `n0`, `n1`, …, all of them active; the token is with `n0`. */
export function terminationDetection(options: TerminationDetectionOptions): SystemDefinition {
  const machine = machineWith(options.bug);
  const names = namesOf(options);
  return {
    name: 'termination-detection',
    actors: names.map((name) => ({ ...ringNode(name, names, options), machine })),
    network: { links: 'unordered' },
    properties: terminationDetectionProperties(options),
    time: 'untimed',
  };
}

/** What is announced is so, and what is so is announced. */
function terminationDetectionProperties(options: TerminationDetectionOptions): readonly Property[] {
  const names = namesOf(options);
  const isOver = (view: View): boolean =>
    names.every((name) => view.actor(name)?.value !== 'active') &&
    view.messages().every(({ event }) => event.type !== 'work.given');
  return [
    always('announced only when over', (view) => !isAnnounced(view) || isOver(view)),
    leadsTo('announced when over', { from: isOver, to: isAnnounced }),
    sometimes('announced', isAnnounced),
  ];
}

function isAnnounced(view: View): boolean {
  return view.actor('n0')?.value === 'announced';
}

function namesOf({ nodes }: TerminationDetectionOptions): readonly string[] {
  return Array.from({ length: nodes }, (_, index) => `n${index}`);
}

function ringNode(
  address: string,
  names: readonly string[],
  { gifts }: TerminationDetectionOptions,
): Omit<ActorDefinition, 'machine'> {
  const index = names.indexOf(address);
  const input: NodeInput = { isFirst: index === 0, next: names.at(index - 1) ?? address };
  const others = names.filter((name) => name !== address);
  return {
    address,
    input,
    inputs: [
      { event: { type: 'work.done' } },
      ...others.map((to) => ({ event: { type: 'work.shared', to }, budget: gifts })),
    ],
  };
}

function machineWith(bug?: TerminationDetectionBug): typeof detectionNodeMachine {
  switch (bug) {
    case 'naive':
      return detectionNodeMachine.provide({
        actions: { countReceived: assign({}), countSent: assign({}), darken: assign({}) },
      });
    case 'counts-nothing':
      return detectionNodeMachine.provide({
        actions: { countReceived: assign({}), countSent: assign({}) },
      });
    case 'stays-white':
      return detectionNodeMachine.provide({ actions: { darken: assign({}) } });
    case 'black-keeps-the-token':
      return detectionNodeMachine.provide({
        guards: { hasToken: ({ context: { isBlack, token } }) => !isBlack && token !== undefined },
      });
    default:
      return detectionNodeMachine;
  }
}

interface Token {
  /** Messages sent and not yet received, as far as the nodes that it passed know. */
  readonly count: number;
  /** Whether one of them had received work since it passed before. */
  readonly isBlack: boolean;
}

interface NodeInput {
  /** Whether it is the one that wants to know. */
  readonly isFirst: boolean;
  /** To whom it passes the token. */
  readonly next: string;
}

interface NodeContext extends NodeInput {
  /** Messages that it has sent, less those that it has received. */
  readonly balance: number;
  readonly isBlack: boolean;
  readonly token?: Token | undefined;
}

type NodeEvent =
  | { readonly type: 'token.passed'; readonly token: Token }
  | { readonly type: 'work.done' | 'work.given' }
  | { readonly type: 'work.shared'; readonly to: string };

/**
 * A node of the ring.
 *
 * `active <-> passive -> announced`
 */
export const detectionNodeMachine = setup({
  types: {
    input: {} as NodeInput,
    context: {} as NodeContext,
    events: {} as NodeEvent,
  },
  actions: {
    countReceived: assign({ balance: ({ context }) => context.balance - 1 }),
    countSent: assign({ balance: ({ context }) => context.balance + 1 }),
    darken: assign({ isBlack: true }),
    giveWork: sendTo(({ system }, { to }: { readonly to: string }) => system.get(to), {
      type: 'work.given',
    }),
    passToken: sendTo(
      ({ context, system }) => system.get(context.next),
      ({ context }): NodeEvent => ({ type: 'token.passed', token: nextToken(context) }),
    ),
    releaseToken: assign({ token: undefined }),
    takeToken: assign((_, { token }: { readonly token: Token }) => ({ token })),
    whiten: assign({ isBlack: false }),
  },
  guards: {
    hasToken: ({ context }) => context.token !== undefined,
    isConclusive: ({ context: { balance, isBlack, isFirst, token } }) =>
      isFirst && !isBlack && token?.isBlack === false && token.count + balance === 0,
  },
}).createMachine({
  id: 'detection-node',
  context: ({ input }) => ({
    ...input,
    balance: 0,
    isBlack: false,
    // Black, so that it says nothing.
    ...(input.isFirst ? { token: { count: 0, isBlack: true } } : {}),
  }),
  initial: 'active',
  on: {
    'token.passed': { actions: { type: 'takeToken', params: ({ event }) => event } },
    'work.given': { target: '.active', actions: ['countReceived', 'darken'] },
  },
  states: {
    active: {
      on: {
        'work.done': 'passive',
        'work.shared': {
          actions: ['countSent', { type: 'giveWork', params: ({ event }) => event }],
        },
      },
    },
    passive: {
      always: [
        { guard: 'isConclusive', target: 'announced' },
        { guard: 'hasToken', actions: ['passToken', 'whiten', 'releaseToken'] },
      ],
    },
    announced: {},
  },
});

/** What the first node sends round is new. */
function nextToken({ balance, isBlack, isFirst, token }: NodeContext): Token {
  if (token === undefined || isFirst) return { count: 0, isBlack: false };
  return { count: token.count + balance, isBlack: token.isBlack || isBlack };
}
