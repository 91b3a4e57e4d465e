/** A thread that works on shared cells, one access after the other. */
import { assign, sendTo, setup } from 'xstate';

import type { ActorDefinition } from '../../src/index.ts';
import type { Access, CellAnswer, CellRequest } from './cell.ts';

/** What a thread does: its own variables are plain data. */
export interface ThreadProgram<Variables extends object> {
  readonly start: Variables;
  /** The next access, or nothing when the thread is through. */
  readonly next: (variables: Variables) => Access | undefined;
  /** Its variables after an answer. */
  readonly take: (variables: Variables, answer: CellAnswer) => Variables;
}

/** The thread at an address; threads of one `name` are one machine, so their programs must be one. */
export function thread<Variables extends object>(
  address: string,
  program: ThreadProgram<Variables>,
): ActorDefinition {
  return { address, input: { address }, machine: threadMachine(program) };
}

/**
 * The machine of a thread.
 *
 * `busy -> through`
 */
function threadMachine<Variables extends object>({ next, start, take }: ThreadProgram<Variables>) {
  return setup({
    types: {
      input: {} as { readonly address: string },
      context: {} as { readonly address: string; readonly variables: Variables },
      events: {} as CellAnswer,
    },
    actions: {
      ask: sendTo(
        ({ context, system }) => system.get(next(context.variables)?.cell ?? ''),
        ({ context }): CellRequest => ({
          type: 'cell.accessed',
          access: next(context.variables) ?? { do: 'read', cell: '' },
          by: context.address,
        }),
      ),
      learn: assign({
        variables: ({ context }, answer: CellAnswer) => take(context.variables, answer),
      }),
    },
    guards: { isThrough: ({ context }) => next(context.variables) === undefined },
  }).createMachine({
    id: 'thread',
    context: ({ input: { address } }) => ({ address, variables: start }),
    initial: 'asking',
    states: {
      asking: {
        always: [
          { guard: 'isThrough', target: 'through' },
          { target: 'waiting', actions: 'ask' },
        ],
      },
      waiting: {
        on: {
          'cell.answered': {
            target: 'asking',
            actions: { type: 'learn', params: ({ event }) => event },
          },
        },
      },
      through: { type: 'final' },
    },
  });
}
