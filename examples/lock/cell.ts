/**
 * A cell that holds a value, and a copy of it. Clients announce what they ask and what they are told, and the
 * history of that is judged: what is read from the cell itself can be explained by one register, what is read from
 * the copy cannot.
 */
import { assign, emit, sendTo, setup } from 'xstate';

import {
  defineSystem,
  linearizable,
  operationHistory,
  register,
  sometimes,
} from '../../src/index.ts';
import type { RegisterOperation, RegisterResult, System } from '../../src/index.ts';

interface Write {
  readonly type: 'write';
  readonly client: string;
  readonly value: string;
}

interface Read {
  readonly type: 'read';
  readonly client: string;
}

interface Copied {
  readonly type: 'copied';
  readonly value: string;
}

/** Holds a value, and tells `copy` of each that is written. */
const cellMachine = setup({
  types: {
    context: {} as { readonly value: string },
    events: {} as Copied | Read | Write,
  },
  actions: {
    confirm: sendTo(({ system }, { client }: Write) => system.get(client), { type: 'written' }),
    copy: sendTo(
      ({ system }) => system.get('copy'),
      (_, { value }: Write): Copied => ({ type: 'copied', value }),
    ),
    store: assign((_, { value }: Copied | Write) => ({ value })),
    tell: sendTo(
      ({ system }, { client }: Read) => system.get(client),
      ({ context: { value } }) => ({ type: 'told', value }),
    ),
  },
}).createMachine({
  id: 'cell',
  context: { value: '-' },
  on: {
    copied: { actions: { type: 'store', params: ({ event }) => event } },
    read: { actions: { type: 'tell', params: ({ event }) => event } },
    write: {
      actions: [
        { type: 'store', params: ({ event }) => event },
        { type: 'copy', params: ({ event }) => event },
        { type: 'confirm', params: ({ event }) => event },
      ],
    },
  },
});

interface Client {
  readonly name: string;
  readonly reads: string;
}

/**
 * Writes its name, then reads.
 *
 * `writing -> reading -> done`
 */
const clientMachine = setup({
  types: {
    input: {} as Client,
    context: {} as Client,
    events: {} as { readonly type: 'written' } | { readonly type: 'told'; readonly value: string },
    emitted: {} as
      | { readonly type: 'operation.invoked'; readonly operation: RegisterOperation }
      | { readonly type: 'operation.returned'; readonly result: RegisterResult },
  },
  actions: {
    write: sendTo(
      ({ system }) => system.get('cell'),
      ({ context: { name } }): Write => ({ client: name, type: 'write', value: name }),
    ),
    read: sendTo(
      ({ context, system }) => system.get(context.reads),
      ({ context: { name } }): Read => ({ client: name, type: 'read' }),
    ),
    sayWrite: emit(({ context: { name } }) => ({
      type: 'operation.invoked',
      operation: { type: 'write', value: name },
    })),
    sayWritten: emit({ type: 'operation.returned', result: { type: 'written' } }),
    sayRead: emit({ type: 'operation.invoked', operation: { type: 'read' } }),
    sayTold: emit((_, { value }: { readonly value: string }) => ({
      type: 'operation.returned',
      result: { type: 'read', value },
    })),
  },
}).createMachine({
  id: 'client',
  context: ({ input }) => input,
  initial: 'writing',
  states: {
    writing: {
      entry: ['sayWrite', 'write'],
      on: { written: { target: 'reading', actions: 'sayWritten' } },
    },
    reading: {
      entry: ['sayRead', 'read'],
      on: {
        told: { target: 'done', actions: { type: 'sayTold', params: ({ event }) => event } },
      },
    },
    done: {},
  },
});

/** Two clients that read from the cell, or from its copy. */
function cellSystem(reads: string): System {
  return defineSystem({
    name: 'cell',
    actors: [
      { address: 'cell', machine: cellMachine },
      { address: 'copy', machine: cellMachine },
      ...['ann', 'bob'].map((name) => ({
        address: name,
        machine: clientMachine,
        input: { name, reads },
      })),
    ],
    monitors: [operationHistory()],
    network: { links: 'unordered' },
    properties: [
      linearizable(register('-')),
      sometimes('ann reads what bob wrote', (view) =>
        view.messages().some(({ event, to }) => to === 'ann' && event['value'] === 'bob'),
      ),
    ],
    time: 'untimed',
  });
}

/** With the parameter `reads`: `cell` or `copy`. */
export const scenario = {
  description: 'a cell that is read and written by two clients',
  params: { reads: 'cell' },
  make: ({ reads }: { readonly reads: string }): System => cellSystem(reads),
};
