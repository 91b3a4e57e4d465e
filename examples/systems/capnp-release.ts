/**
 * How Cap'n Proto counts references to a capability between two vats: the one that has it notes in its export
 * table how often it has sent it, and the other says in its `Release` how often it has received it. So what was
 * sent while the release was on its way is not given up with it.
 *
 * @see Cap'n Proto, `rpc.capnp`, `Release.referenceCount` ("the number of times this capability was received")
 * and `CapDescriptor.senderHosted`; `rpc.c++`, `RpcConnectionState::releaseExport`.
 */
import { assign, enqueueActions, sendTo, setup } from 'xstate';

import { atQuiescence, never, sometimes } from '../../src/index.ts';
import type { Property, SystemDefinition, View } from '../../src/index.ts';

/** What is wrong with it, and how much may happen. */
export interface CapnpReleaseOptions {
  readonly bug?: CapnpReleaseBug;
  /** How often the capability may be sent; 2 unless said otherwise. */
  readonly sends?: number;
}

/** Mistakes that can be planted, and what each is. */
export const capnpReleaseBugs = {
  'releases-all': 'a release gives up all references, those that are still on their way among them',
  'releases-one': 'a release gives up one reference, however many were received',
} as const;

/** A mistake to plant. */
export type CapnpReleaseBug = keyof typeof capnpReleaseBugs;

/** The vat `exporter`, which has the capability, and the vat `importer`. */
export function capnpRelease({ bug, sends = 2 }: CapnpReleaseOptions = {}): SystemDefinition {
  return {
    name: 'capnp-release',
    actors: [
      {
        address: 'exporter',
        inputs: [{ budget: sends, event: { type: 'capability.sent' } }],
        machine: exporterWith(bug),
      },
      {
        address: 'importer',
        inputs: [{ event: { type: 'capability.dropped' } }],
        machine: importerMachine,
      },
    ],
    properties: capnpReleaseProperties(),
    time: 'untimed',
  };
}

function capnpReleaseProperties(): readonly Property[] {
  return [
    never(
      'released while it is imported, or on its way',
      (view) => exported(view) === 0 && (imported(view) > 0 || isOnItsWay(view)),
    ),
    atQuiescence('exported is what is imported', (view) => exported(view) === imported(view)),
    sometimes('released', (view) => numberOf(view, 'exporter', 'released') > 0),
  ];
}

function exported(view: View): number {
  return numberOf(view, 'exporter', 'count');
}

function imported(view: View): number {
  return numberOf(view, 'importer', 'count');
}

function isOnItsWay(view: View): boolean {
  return view.messages().some(({ event }) => event.type === 'capnp.call');
}

function numberOf(view: View, address: string, key: string): number {
  return Number(view.actor(address)?.context[key]);
}

function exporterWith(bug?: CapnpReleaseBug): typeof exporterMachine {
  switch (bug) {
    case 'releases-all':
      return exporterMachine.provide({
        actions: { release: assign({ count: 0, released: 1 }) },
      });
    case 'releases-one':
      return exporterMachine.provide({
        actions: {
          release: assign(({ context: { count } }) => ({ count: count - 1, released: 1 })),
        },
      });
    default:
      return exporterMachine;
  }
}

interface Counted {
  readonly referenceCount: number;
}

/** The vat that has the capability. */
const exporterMachine = setup({
  types: {
    context: {} as {
      /** How often the other vat has it, as far as this one knows; not exported where it is 0. */
      readonly count: number;
      /** Whether it was ever released, as 0 or 1. */
      readonly released: number;
    },
    events: {} as
      | { readonly type: 'capability.sent' }
      | ({ readonly type: 'capnp.release' } & Counted),
  },
  actions: {
    release: assign(({ context: { count } }, { referenceCount }: Counted) => ({
      count: count - referenceCount,
      released: 1,
    })),
    send: enqueueActions(({ context: { count }, enqueue }) => {
      enqueue.assign({ count: count + 1 });
      enqueue.sendTo(({ system }) => system.get('importer'), { type: 'capnp.call' });
    }),
  },
}).createMachine({
  id: 'capnp-exporter',
  context: { count: 0, released: 0 },
  on: {
    'capability.sent': { actions: 'send' },
    'capnp.release': { actions: { type: 'release', params: ({ event }) => event } },
  },
});

/**
 * The vat that is sent the capability.
 *
 * `without <-> having`
 */
const importerMachine = setup({
  types: {
    context: {} as {
      /** How often it has received the capability since it had none. */
      readonly count: number;
    },
    events: {} as { readonly type: 'capability.dropped' | 'capnp.call' },
  },
  actions: {
    forget: assign({ count: 0 }),
    receive: assign(({ context: { count } }) => ({ count: count + 1 })),
    release: sendTo(
      ({ system }) => system.get('exporter'),
      ({ context: { count } }) => ({ type: 'capnp.release', referenceCount: count }),
    ),
  },
}).createMachine({
  id: 'capnp-importer',
  context: { count: 0 },
  initial: 'without',
  on: { 'capnp.call': { target: '.having', actions: 'receive' } },
  states: {
    without: {},
    having: { on: { 'capability.dropped': { target: 'without', actions: ['release', 'forget'] } } },
  },
});
