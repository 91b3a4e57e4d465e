/**
 * What clients of a register do: each writes a value of its own, then reads, and announces both, so that
 * a monitor keeps the history by which the register is judged. As in Stateright's `RegisterActor`: the
 * actors are numbered, servers first, and client `index` asks server `index` mod the number of servers,
 * then the one after it; its requests are called `index` and twice `index`.
 *
 * @see Stateright 0.31, `actor/register.rs`.
 */
import { emit, sendTo, setup } from 'xstate';

import { linearizable, operationHistory, register, sometimes } from '../../src/index.ts';
import type {
  ActorDefinition,
  Property,
  RegisterOperation,
  RegisterResult,
  SystemDefinition,
} from '../../src/index.ts';

/** Servers by address, how many clients use them, over what network. */
export interface RegisterSystem {
  readonly name: string;
  readonly clients: number;
  readonly links: 'fifo' | 'unordered';
  readonly servers: readonly ActorDefinition[];
}

/** The addresses `server1`, `server2`, …; their alphabetical order decides between equal clocks. */
export function serverNames(servers: number): readonly string[] {
  return Array.from({ length: servers }, (_, index) => `server${index + 1}`);
}

/** Servers and the clients `client1`, `client2`, … that use them as one register. */
export function registerSystem({
  clients,
  links,
  name,
  servers,
}: RegisterSystem): SystemDefinition {
  return {
    name,
    actors: [
      ...servers,
      ...Array.from({ length: clients }, (_, place) => client(place, serverNames(servers.length))),
    ],
    monitors: [operationHistory()],
    network: { links },
    properties: registerProperties(),
    // No message has a time. One that nobody minds stays where it is, unless others wait behind it.
    time: 'untimed',
    unhandled: links === 'unordered' ? 'keep' : 'consume',
  };
}

/** What was read can always be explained; and what was written can be read. */
export function registerProperties(): readonly Property[] {
  return [
    linearizable(register(unwritten)),
    sometimes('value chosen', (view) =>
      view
        .messages()
        .some(({ event }) => event.type === 'register.read-reply' && event['value'] !== unwritten),
    ),
  ];
}

/** What a register holds before anything was written. */
export const unwritten = '';

/** A client wants to write. */
export interface WriteRequest {
  readonly type: 'register.write-request';
  readonly client: string;
  readonly request: number;
  readonly value: string;
}

/** A client wants to read. */
export interface ReadRequest {
  readonly type: 'register.read-request';
  readonly client: string;
  readonly request: number;
}

/** What a client is told. */
export type RegisterReply =
  | { readonly type: 'register.read-reply'; readonly request: number; readonly value: string }
  | { readonly type: 'register.write-reply'; readonly request: number };

interface ClientContext {
  readonly index: number;
  readonly name: string;
  readonly reader: string;
  readonly value: string;
  readonly writer: string;
}

function client(place: number, servers: readonly string[]): ActorDefinition {
  const index = servers.length + place;
  const name = `client${place + 1}`;
  const input: ClientContext = {
    index,
    name,
    reader: servers[(index + 1) % servers.length] ?? '',
    value: 'ABCDEFGH'[place] ?? name,
    writer: servers[index % servers.length] ?? '',
  };
  return { address: name, machine: registerClientMachine, input };
}

/**
 * A client of a register.
 *
 * `writing -> reading -> served`
 */
export const registerClientMachine = setup({
  types: {
    input: {} as ClientContext,
    context: {} as ClientContext,
    events: {} as RegisterReply,
    emitted: {} as
      | { readonly type: 'operation.invoked'; readonly operation: RegisterOperation }
      | { readonly type: 'operation.returned'; readonly result: RegisterResult },
  },
  actions: {
    announceRead: emit((_, { value }: { readonly value: string }) => ({
      type: 'operation.returned',
      result: { type: 'read', value },
    })),
    announceReading: emit({ type: 'operation.invoked', operation: { type: 'read' } }),
    announceWriting: emit(({ context: { value } }) => ({
      type: 'operation.invoked',
      operation: { type: 'write', value },
    })),
    announceWritten: emit({ type: 'operation.returned', result: { type: 'written' } }),
    requestRead: sendTo(
      ({ context, system }) => system.get(context.reader),
      ({ context: { index, name } }): ReadRequest => ({
        type: 'register.read-request',
        client: name,
        request: 2 * index,
      }),
    ),
    requestWrite: sendTo(
      ({ context, system }) => system.get(context.writer),
      ({ context: { index, name, value } }): WriteRequest => ({
        type: 'register.write-request',
        client: name,
        request: index,
        value,
      }),
    ),
  },
}).createMachine({
  id: 'register-client',
  context: ({ input }) => input,
  initial: 'writing',
  states: {
    writing: {
      entry: ['announceWriting', 'requestWrite'],
      on: { 'register.write-reply': { target: 'reading', actions: 'announceWritten' } },
    },
    reading: {
      entry: ['announceReading', 'requestRead'],
      on: {
        'register.read-reply': {
          target: 'served',
          actions: { type: 'announceRead', params: ({ event }) => event },
        },
      },
    },
    served: { type: 'final' },
  },
});
