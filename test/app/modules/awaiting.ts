/** A machine that waits for a promise: nothing here can decide what becomes of it. */
import { fromPromise, setup } from 'xstate';

import { defineSystem } from '../../../src/index.ts';

const machine = setup({
  actors: { fetchUser: fromPromise(() => Promise.resolve('Ada')) },
}).createMachine({
  id: 'profile',
  initial: 'loading',
  states: { loading: { invoke: { src: 'fetchUser', onDone: 'shown' } }, shown: {} },
});

export const system = defineSystem({ name: 'profile', actors: [{ address: 'page', machine }] });
