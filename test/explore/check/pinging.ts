import { sendTo, setup } from 'xstate';

import { atQuiescence } from '../../../src/index.ts';
import type { SystemDefinition } from '../../../src/index.ts';

/** Asks once, and again after 10 ms, at most once. */
const asking = setup({
  actions: {
    ask: sendTo(({ system }) => system.get('b'), { type: 'asked' }),
  },
  delays: { patience: 10 },
}).createMachine({
  id: 'asking',
  initial: 'waiting',
  states: {
    waiting: { entry: 'ask', after: { patience: 'late' }, on: { answered: 'happy' } },
    late: {},
    happy: {},
  },
});

const answering = setup({
  actions: { answer: sendTo(({ system }) => system.get('a'), { type: 'answered' }) },
}).createMachine({ id: 'answering', on: { asked: { actions: 'answer' } } });

/** `a` asks `b` and gets an answer, if nothing is lost. */
export function ping(): SystemDefinition {
  return {
    name: 'ping',
    actors: [
      { address: 'a', machine: asking },
      { address: 'b', machine: answering },
    ],
    properties: [atQuiescence('answered', (view) => view.actor('a')?.value === 'happy')],
  };
}
