/** Senders of one message each, to one receiver or each to its own. */
import { assign, sendTo, setup } from 'xstate';

import type { SystemDefinition } from '../../src/index.ts';

/** How many senders, and to whom they send. */
export interface SendersOptions {
  readonly senders: number;
  readonly to: 'each its own receiver' | 'one receiver';
}

/** The senders `s1`, `s2`, …, and their receivers. */
export function senders({ senders: count, to }: SendersOptions): SystemDefinition {
  const all = Array.from({ length: count }, (_, index) => index + 1);
  const receiverOf = (number: number): string => (to === 'one receiver' ? 'r' : `r${number}`);
  const receivers = [...new Set(all.map(receiverOf))];
  return {
    name: `${count} senders to ${to}`,
    actors: [
      ...receivers.map((address) => ({ address, machine: receiverMachine })),
      ...all.map((number) => ({
        address: `s${number}`,
        machine: senderMachine,
        input: { number, to: receiverOf(number) },
      })),
    ],
    time: 'untimed',
  };
}

interface Numbered {
  readonly number: number;
}

/** A receiver: it keeps what comes in the order in which it comes. */
const receiverMachine = setup({
  types: {
    context: {} as { readonly numbers: readonly number[] },
    events: {} as { readonly type: 'number.sent' } & Numbered,
  },
  actions: {
    keep: assign({
      numbers: ({ context }, { number }: Numbered) => [...context.numbers, number],
    }),
  },
}).createMachine({
  id: 'receiver',
  context: { numbers: [] },
  on: { 'number.sent': { actions: { type: 'keep', params: ({ event }) => event } } },
});

/** A sender: it sends its number and is through. */
const senderMachine = setup({
  types: {
    input: {} as Numbered & { readonly to: string },
    context: {} as Numbered & { readonly to: string },
  },
  actions: {
    send: sendTo(
      ({ context, system }) => system.get(context.to),
      ({ context: { number } }) => ({ type: 'number.sent', number }),
    ),
  },
}).createMachine({
  id: 'sender',
  context: ({ input }) => input,
  initial: 'through',
  states: { through: { type: 'final', entry: 'send' } },
});
