import type { Fact, Monitor } from '../../../src/index.ts';
import { always, count, does, send } from './play.ts';
import type { Cast } from './puppet.ts';

/** Two senders, and one who counts what it hears. */
export const talkers: Cast = {
  a: always({ go: does(send('c', 'x'), send('c', 'y')) }),
  b: always({ go: does(send('c', 'x'), send('a', 'y')) }),
  c: {
    states: {
      one: { x: { target: 'two' }, y: does(count) },
      two: { x: does(count), y: { target: 'one' } },
    },
  },
};
export const goes = { told: { a: { go: 1 }, b: { go: 1 } } };

/** Tells all that happens, but only whether it happened an odd number of times. */
const parity: Monitor = {
  name: 'parity',
  facts: ['received', 'sent', 'emitted', 'started', 'stopped', 'failed', 'lost'],
  initial: {},
  step: (state: Readonly<Record<string, boolean>>, fact: Fact) => {
    const where = 'actor' in fact ? fact.actor : `${fact.from}>${fact.to}`;
    const key = `${fact.type} ${where} ${'why' in fact ? fact.why : ''}`;
    return { ...state, [key]: state[key] !== true };
  },
};

/** Remembers the last few things that happened, in their order. */
export const diary: Monitor = {
  name: 'diary',
  facts: ['emitted', 'failed', 'lost', 'started', 'stopped'],
  initial: [],
  step: (state: readonly string[], fact: Fact) => [
    ...state.slice(-3),
    `${fact.type} ${'actor' in fact ? fact.actor : fact.to}`,
  ],
};
export const monitors = [parity, diary];

export const family: Cast = {
  a: {
    states: {
      alone: {
        born: { deeds: [{ do: 'spawn', part: 'child', id: 'kid' }], target: 'parent' },
        y: does(count),
      },
      parent: {
        gone: { deeds: [{ do: 'stop', id: 'kid' }], target: 'alone' },
        again: does(
          { do: 'stop', id: 'kid' },
          { do: 'spawn', part: 'child', id: 'kid' },
          send('./kid', 'x'),
        ),
        word: does(send('./kid', 'x')),
        fall: does(send('./kid', 'fall')),
        y: does(count),
        'xstate.done.actor.kid': { deeds: [count], target: 'alone' },
        'xstate.error.actor.kid': { deeds: [count, count], target: 'alone' },
      },
    },
  },
  child: {
    entry: [
      send('parent', 'y'),
      { do: 'spawn', part: 'grandchild', id: 'tot' },
      send('./tot', 'x'),
    ],
    states: {
      on: { x: { deeds: [send('./tot', 'x')], target: 'off' }, fall: does({ do: 'fail' }) },
      off: { x: { target: 'done' }, y: does(count) },
      done: {},
    },
  },
  grandchild: {
    entry: [send('parent', 'y')],
    states: { on: { x: does(count, { do: 'emit', event: 'e' }) } },
  },
};

export const clocks: Cast = {
  a: always({
    go: does(
      { do: 'raise', event: 'x', delay: 10, id: 'one' },
      { do: 'raise', event: 'y', delay: 5 },
      send('b', 'x', { delay: 10 }),
    ),
    x: does(count),
    y: does({ do: 'cancel', id: 'one' }, send('b', 'y')),
  }),
  b: always({ x: does(count), y: does(count, { do: 'raise', event: 'x', delay: 5, id: 'one' }) }),
};
