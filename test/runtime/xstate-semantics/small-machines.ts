/** Machines that several of the scenarios use. */
import type { AnyActorRef } from 'xstate';
import { assign, createMachine, emit, sendParent, sendTo, setup } from 'xstate';

import { noteEvent, noWords } from './words.ts';

/** Tells its parent what it hears, and ends when told to. */
export const echo = setup({
  types: { events: {} as { readonly type: 'finish' | 'hello'; readonly value?: string } },
}).createMachine({
  id: 'echo',
  initial: 'on',
  output: 'bye',
  states: {
    on: {
      on: {
        finish: 'off',
        hello: { actions: sendParent(({ event }) => ({ type: 'echoed', value: event.value })) },
      },
    },
    off: { type: 'final' },
  },
});

export const counting = createMachine({
  context: { count: 0 },
  on: {
    add: {
      actions: [assign({ count: ({ context }) => context.count + 1 }), emit({ type: 'added' })],
    },
  },
});

export function startedBy({ event }: { readonly event: { readonly type: string } }): string {
  return event.type;
}

export function fail(message: string): never {
  throw new Error(message);
}
/** Sends the ball back fifty times. */
export function player(other: string) {
  return setup({ types: { context: {} as { readonly hits: number } } }).createMachine({
    context: { hits: 0 },
    on: {
      ball: {
        actions: [
          assign({ hits: ({ context }) => context.hits + 1 }),
          sendTo(({ system }) => system.get(other), { type: 'ball' }),
        ],
        guard: ({ context }) => context.hits < 50,
      },
    },
  });
}

/** An actor that writes down what it hears and sends on by a table: `receiver event`. */
export function relay(
  table: Readonly<Record<string, readonly string[]>>,
  atStart: readonly string[] = [],
) {
  return createMachine({
    context: noWords,
    entry: atStart.map(sending) as never,
    on: {
      '*': { actions: noteEvent() },
      ...Object.fromEntries(
        Object.entries(table).map(([type, sends]) => [
          type,
          { actions: [noteEvent(), ...sends.map(sending)] as never },
        ]),
      ),
    },
  });
}

function sending(line: string) {
  const [to = '', type = ''] = line.split(' ');
  return sendTo(({ system }) => system.get(to) as AnyActorRef, { type });
}
