/** A lock that a server gives to one client at a time. */
import { assign, enqueueActions, sendTo, setup } from 'xstate';

import { always, defineSystem, leadsTo, sometimes } from '../../src/index.ts';

const clients = ['client1', 'client2'];

interface From {
  readonly from: string;
}

/**
 * The server.
 *
 * `free <-> taken`
 */
export const serverMachine = setup({
  types: {
    context: {} as { readonly waiting: readonly string[] },
    events: {} as { readonly type: 'lock.wanted' | 'lock.released' } & From,
  },
  actions: {
    grant: enqueueActions(({ context: { waiting }, enqueue }) => {
      const [next = '', ...rest] = waiting;
      enqueue.sendTo(({ system }) => system.get(next), { type: 'lock.granted' });
      enqueue.assign({ waiting: rest });
    }),
    line: assign(({ context: { waiting } }, { from }: From) => ({ waiting: [...waiting, from] })),
  },
  guards: { isAwaited: ({ context: { waiting } }) => waiting.length > 0 },
}).createMachine({
  id: 'lock-server',
  context: { waiting: [] },
  initial: 'free',
  on: { 'lock.wanted': { actions: { type: 'line', params: ({ event }) => event } } },
  states: {
    free: { always: { guard: 'isAwaited', target: 'taken' } },
    taken: { entry: 'grant', on: { 'lock.released': 'free' } },
  },
});

/**
 * A client.
 *
 * `idle -> waiting -> holding -> idle`
 */
export const clientMachine = setup({
  types: {
    input: {} as { readonly name: string },
    context: {} as { readonly name: string },
    events: {} as { readonly type: 'lock.granted' | 'work.found' },
  },
  actions: {
    ask: sendTo(
      ({ system }) => system.get('server'),
      ({ context: { name } }) => ({ type: 'lock.wanted', from: name }),
    ),
    release: sendTo(
      ({ system }) => system.get('server'),
      ({ context: { name } }) => ({ type: 'lock.released', from: name }),
    ),
  },
  delays: { work: 1000 },
}).createMachine({
  id: 'lock-client',
  context: ({ input }) => input,
  initial: 'idle',
  states: {
    idle: { on: { 'work.found': 'waiting' } },
    waiting: { entry: 'ask', on: { 'lock.granted': 'holding' } },
    holding: { after: { work: { target: 'idle', actions: 'release' } } },
  },
});

/** One server, two clients. */
export const system = defineSystem({
  name: 'lock',
  actors: [
    { address: 'server', machine: serverMachine },
    ...clients.map((name) => ({
      address: name,
      machine: clientMachine,
      input: { name },
      // The environment may give it work, twice in a run.
      inputs: [{ event: { type: 'work.found' }, budget: 2 }],
    })),
  ],
  network: { links: 'unordered' },
  time: 'untimed',
  properties: [
    always(
      'one holds the lock',
      (view) => clients.filter((name) => view.actor(name)?.value === 'holding').length <= 1,
    ),
    ...clients.map((name) =>
      leadsTo(`${name} gets the lock`, {
        from: (view) => view.actor(name)?.value === 'waiting',
        to: (view) => view.actor(name)?.value === 'holding',
      }),
    ),
    sometimes('both want it', (view) =>
      clients.every((name) => view.actor(name)?.value === 'waiting'),
    ),
  ],
});
