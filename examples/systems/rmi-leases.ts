/**
 * How Java RMI collects remote objects: a client that gets a reference calls `dirty` at the object's server,
 * and `clean` when it has none any more. Calls may take their time and be made again, so each has a number that
 * only grows, and the server discards what is older than the last one that it has heard.
 *
 * @see `java.rmi.dgc.DGC`, `dirty`: "a sequence number that is used to detect and discard late calls to the
 * garbage collector". Leases are left out: with them the mistake lasts until the lease is over.
 */
import { assign, enqueueActions, sendTo, setup } from 'xstate';

import { bearsFaults, oneFact, sometimes, withPatterns } from '../../src/index.ts';
import type { SystemDefinition, View } from '../../src/index.ts';

/** What is wrong with it, and how much may happen. */
export interface RmiLeasesOptions {
  readonly bug?: RmiLeasesBug;
  /** How often the client may get a reference; 1 unless said otherwise. */
  readonly gains?: number;
}

/** Mistakes that can be planted, and what each is. */
export const rmiLeasesBugs = {
  'ignores-numbers': 'the server takes each call as it comes, however old it is',
} as const;

/** A mistake to plant. */
export type RmiLeasesBug = keyof typeof rmiLeasesBugs;

/** A client, and the server that has the object. */
export function rmiLeases({ bug, gains = 1 }: RmiLeasesOptions = {}): SystemDefinition {
  const machine =
    bug === undefined ? serverMachine : serverMachine.provide({ guards: { isLate: () => false } });
  const budget = gains;
  const definition: SystemDefinition = {
    name: 'rmi-leases',
    actors: [
      { address: 'server', machine },
      {
        address: 'client',
        inputs: [
          { budget, event: { type: 'reference.gained' } },
          { budget, event: { type: 'reference.dropped' } },
        ],
        machine: clientMachine,
      },
    ],
    network: { links: 'unordered' },
    properties: [sometimes('listed', isListed)],
    time: 'untimed',
  };
  return withPatterns(definition, [
    oneFact('listed is who has a reference', [isListed, hasReference], { when: 'at rest' }),
    bearsFaults('a call may come twice', { observe: isListed }),
  ]);
}

function isListed(view: View): boolean {
  return view.actor('server')?.value === 'listed';
}

function hasReference(view: View): boolean {
  const value = view.actor('client')?.value;
  return value === 'having' || value === 'gaining';
}

interface Numbered {
  readonly number: number;
}

interface ServerContext {
  /** The number of the last call that counted. */
  readonly heard: number;
}

/**
 * What the server knows of the client.
 *
 * `unlisted <-> listed`
 */
const serverMachine = setup({
  types: {
    context: {} as ServerContext,
    events: {} as { readonly type: 'dgc.dirty' | 'dgc.clean' } & Numbered,
  },
  actions: {
    answer: sendTo(
      ({ system }) => system.get('client'),
      (_, { number }: Numbered) => ({ type: 'dgc.done', number }),
    ),
    hear: assign((_, { number }: Numbered) => ({ heard: number })),
  },
  guards: { isLate: ({ context }, { number }: Numbered) => number <= context.heard },
}).createMachine({
  id: 'rmi-server',
  context: { heard: 0 },
  initial: 'unlisted',
  on: {
    'dgc.dirty': [
      {
        guard: { type: 'isLate', params: ({ event }) => event },
        actions: { type: 'answer', params: ({ event }) => event },
      },
      {
        target: '.listed',
        actions: [
          { type: 'hear', params: ({ event }) => event },
          { type: 'answer', params: ({ event }) => event },
        ],
      },
    ],
    'dgc.clean': [
      {
        guard: { type: 'isLate', params: ({ event }) => event },
        actions: { type: 'answer', params: ({ event }) => event },
      },
      {
        target: '.unlisted',
        actions: [
          { type: 'hear', params: ({ event }) => event },
          { type: 'answer', params: ({ event }) => event },
        ],
      },
    ],
  },
  states: { unlisted: {}, listed: {} },
});

interface ClientContext {
  /** The number of its last call. */
  readonly called: number;
}

type ClientEvent =
  | { readonly type: 'reference.gained' | 'reference.dropped' }
  | ({ readonly type: 'dgc.done' } & Numbered);

/**
 * A client.
 *
 * `without -> gaining -> having -> dropping -> without`
 */
const clientMachine = setup({
  types: { context: {} as ClientContext, events: {} as ClientEvent },
  actions: {
    call: enqueueActions(
      ({ context, enqueue }, { type }: { readonly type: 'dgc.dirty' | 'dgc.clean' }) => {
        const call = { type, number: context.called + 1 };
        enqueue.assign({ called: call.number });
        enqueue.sendTo(({ system }) => system.get('server'), call);
      },
    ),
  },
  guards: { isAwaited: ({ context }, { number }: Numbered) => number === context.called },
}).createMachine({
  id: 'rmi-client',
  context: { called: 0 },
  initial: 'without',
  states: {
    without: { on: { 'reference.gained': 'gaining' } },
    gaining: {
      entry: { type: 'call', params: { type: 'dgc.dirty' } },
      on: {
        'dgc.done': {
          guard: { type: 'isAwaited', params: ({ event }) => event },
          target: 'having',
        },
      },
    },
    having: { on: { 'reference.dropped': 'dropping' } },
    dropping: {
      entry: { type: 'call', params: { type: 'dgc.clean' } },
      on: {
        'dgc.done': {
          guard: { type: 'isAwaited', params: ({ event }) => event },
          target: 'without',
        },
      },
    },
  },
});
