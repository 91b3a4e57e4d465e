/** A register that lives on one server: each request is served at once, so it is trivially linearizable. */
import { assign, sendTo, setup } from 'xstate';

import type { ActorDefinition, SystemDefinition } from '../../src/index.ts';
import { registerSystem, serverNames, unwritten } from './register-client.ts';
import type { ReadRequest, RegisterReply, WriteRequest } from './register-client.ts';

export { registerProperties as singleCopyRegisterProperties } from './register-client.ts';

/** How many clients use it, and what is wrong with it. */
export interface SingleCopyRegisterOptions {
  readonly clients: number;
  readonly bug?: SingleCopyRegisterBug;
}

/** Mistakes that can be planted, and what each is. */
export const singleCopyRegisterBugs = {
  'forgets-writes': 'a write is confirmed and not carried out',
  'two-copies': 'there are two servers that do not know of each other',
} as const;

/** A mistake to plant. */
export type SingleCopyRegisterBug = keyof typeof singleCopyRegisterBugs;

/**
 * `server1` and its clients: 93 worlds and 121 steps for two of these, 4,243 and 6,778 for three, as in
 * Stateright's example.
 */
export function singleCopyRegister({ bug, clients }: SingleCopyRegisterOptions): SystemDefinition {
  return registerSystem({
    name: 'single-copy-register',
    clients,
    links: 'unordered',
    servers: serverNames(bug === 'two-copies' ? 2 : 1).map((name) => server(name, bug)),
  });
}

function server(address: string, bug?: SingleCopyRegisterBug): ActorDefinition {
  return {
    address,
    machine:
      bug === 'forgets-writes'
        ? singleCopyServerMachine.provide({ actions: { store: assign({}) } })
        : singleCopyServerMachine,
  };
}

/** The server. It has one state, and the value. */
export const singleCopyServerMachine = setup({
  types: {
    context: {} as { readonly value: string },
    events: {} as ReadRequest | WriteRequest,
  },
  actions: {
    answerRead: sendTo(
      ({ system }, { client }: ReadRequest) => system.get(client),
      ({ context: { value } }, { request }): RegisterReply => ({
        type: 'register.read-reply',
        request,
        value,
      }),
    ),
    answerWrite: sendTo(
      ({ system }, { client }: WriteRequest) => system.get(client),
      (_, { request }): RegisterReply => ({ type: 'register.write-reply', request }),
    ),
    store: assign((_, { value }: WriteRequest) => ({ value })),
  },
}).createMachine({
  id: 'single-copy-server',
  context: { value: unwritten },
  on: {
    'register.read-request': { actions: { type: 'answerRead', params: ({ event }) => event } },
    'register.write-request': {
      actions: [
        { type: 'store', params: ({ event }) => event },
        { type: 'answerWrite', params: ({ event }) => event },
      ],
    },
  },
});
