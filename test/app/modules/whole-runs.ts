/** A ball that goes to and fro for ever, and letters that come in any order: for what is said of whole runs. */
import { assign, createMachine, sendTo } from 'xstate';

import { agree, agreeAcross, defineSystem, eventually } from '../../../src/index.ts';
import type { SystemDefinition } from '../../../src/index.ts';

const player = createMachine({
  id: 'player',
  context: ({ input }) => ({ other: input }),
  initial: 'playing',
  states: {
    playing: {
      on: {
        ball: {
          actions: sendTo(
            ({ context, system }) => system.get(context['other']),
            () => ({ type: 'ball' }),
          ),
        },
      },
    },
    tired: {},
  },
});

const reader = createMachine({
  id: 'reader',
  context: { read: '' },
  on: { letter: { actions: assign({ read: ({ event }) => event['text'] }) } },
});

const writer = createMachine({
  id: 'writer',
  context: ({ input }) => ({ text: input }),
  entry: sendTo(
    ({ system }) => system.get('reader'),
    ({ context }) => ({ text: context['text'], type: 'letter' }),
  ),
});

const opener = createMachine({
  id: 'opener',
  entry: sendTo(
    ({ system }) => system.get('p'),
    () => ({ type: 'ball' }),
  ),
});

const ball: SystemDefinition = {
  name: 'whole-runs',
  actors: [
    { address: 'p', input: 'q', machine: player },
    { address: 'q', input: 'p', machine: player },
    { address: 'opener', machine: opener },
  ],
  properties: [eventually('somebody tires', (view) => view.actor('p')?.value === 'tired')],
  time: 'untimed',
};

function letters(name: string, writers: readonly string[]): SystemDefinition {
  return {
    name,
    actors: [
      { address: 'reader', machine: reader },
      ...writers.map((text) => ({ address: text, input: text, machine: writer })),
    ],
    time: 'untimed',
  };
}

const isRead = agree('what is read last', (view) => view.actor('reader')?.context['read']);

const make = ({ of }: { readonly of?: unknown }): ReturnType<typeof defineSystem> => {
  if (of === 'ball') return defineSystem(ball);
  if (of === 'letters') {
    return defineSystem({ ...letters('whole-runs', ['a', 'b']), properties: [isRead] });
  }
  const other = defineSystem(letters('other-letter', ['b']));
  const across = agreeAcross(
    'what is read in both',
    [other],
    (view) => view.actor('reader')?.context['read'],
  );
  return defineSystem({ ...letters('whole-runs', ['a']), properties: [across] });
};

export const scenario = { description: 'whole runs', make, params: { of: 'ball' } };
