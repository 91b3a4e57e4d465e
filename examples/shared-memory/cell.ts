/** A shared variable as an actor: each access is a message to it and an answer. */
import { assign, sendTo, setup } from 'xstate';

import type { ActorDefinition } from '../../src/index.ts';

/** What may be done with a cell. */
export type Access =
  | { readonly do: 'read'; readonly cell: string }
  | { readonly do: 'write'; readonly cell: string; readonly value: number }
  /** Writes where the value is the expected one; answers whether it was. */
  | {
      readonly do: 'swap';
      readonly cell: string;
      readonly expected: number;
      readonly value: number;
    };

/** A request of a thread. */
export interface CellRequest {
  readonly type: 'cell.accessed';
  readonly access: Access;
  /** The address of the thread. */
  readonly by: string;
}

/** What a thread is told: the value read or written, and for a swap whether it was made. */
export interface CellAnswer {
  readonly type: 'cell.answered';
  readonly isDone: boolean;
  readonly value: number;
}

/** A cell that holds 0 at first. */
export function cell(address: string): ActorDefinition {
  return { address, machine: cellMachine };
}

interface CellContext {
  readonly value: number;
}

/** A cell: it carries out one access after the other. */
export const cellMachine = setup({
  types: { context: {} as CellContext, events: {} as CellRequest },
  actions: {
    answer: sendTo(
      ({ system }, { by }: CellRequest) => system.get(by),
      ({ context: { value } }, { access }: CellRequest): CellAnswer => ({
        type: 'cell.answered',
        isDone: access.do !== 'swap' || access.expected === value,
        value,
      }),
    ),
    change: assign({
      value: ({ context: { value } }, { access }: CellRequest) => valueAfter(value, access),
    }),
  },
}).createMachine({
  id: 'cell',
  context: { value: 0 },
  on: {
    'cell.accessed': {
      actions: [
        { type: 'answer', params: ({ event }) => event },
        { type: 'change', params: ({ event }) => event },
      ],
    },
  },
});

function valueAfter(value: number, access: Access): number {
  switch (access.do) {
    case 'read':
      return value;
    case 'write':
      return access.value;
    default:
      return value === access.expected ? access.value : value;
  }
}
