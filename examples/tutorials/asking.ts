/** A client that asks a server, and asks again when no answer comes: the system of the ten-line test. */
import { sendTo, setup } from 'xstate';

import { atQuiescence, defineSystem } from '../../src/index.ts';

const client = setup({
  actions: { ask: sendTo(({ system }) => system.get('server'), { type: 'asked' }) },
  delays: { patience: 10 },
}).createMachine({
  id: 'client',
  initial: 'asking',
  states: {
    asking: {
      entry: 'ask',
      on: { answered: 'served' },
      after: { patience: { target: 'asking', reenter: true } },
    },
    served: {},
  },
});

const server = setup({
  actions: { answer: sendTo(({ system }) => system.get('client'), { type: 'answered' }) },
}).createMachine({
  id: 'server',
  on: { asked: { actions: 'answer' } },
});

/** `client` and `server`. */
export const system = defineSystem({
  name: 'asking',
  actors: [
    { address: 'client', machine: client },
    { address: 'server', machine: server },
  ],
  properties: [
    atQuiescence('the client is served', (view) => view.actor('client')?.value === 'served'),
  ],
});
