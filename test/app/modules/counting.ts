/** A scenario of one's own, with a parameter. */
import { setup } from 'xstate';

import { defineSystem } from '../../../src/index.ts';

const machine = setup({ delays: { tick: 10 } }).createMachine({
  id: 'clock',
  initial: 'waiting',
  states: { waiting: { after: { tick: 'done' } }, done: { type: 'final' } },
});

export const scenario = {
  description: 'clocks that tick once',
  params: { clocks: 2 },
  make: ({ clocks }: { readonly clocks: number }) =>
    defineSystem({
      name: 'counting',
      actors: Array.from({ length: clocks }, (_, index) => ({ address: `clock${index}`, machine })),
    }),
};
