import { describe, expect, test } from 'vitest';
import { assign, cancel, createMachine, raise, sendTo, setup, spawnChild, stopChild } from 'xstate';

import { defineSystem, runSystem } from '../../../src/index.ts';
import { expectSame } from './both.ts';
import { systemOf } from './by-runtime.ts';
import { note, noteEvent, noWords } from './words.ts';

// XState docs "Delayed transitions"; SimulatedClock: of equal moments the first set is first.
test('equal due moments come in the order in which they were set', () => {
  const machine = createMachine({
    context: noWords,
    entry: [
      raise({ type: 'one' }, { delay: 10 }),
      raise({ type: 'two' }, { delay: 10 }),
      raise({ type: 'three' }, { delay: 10 }),
    ],
    on: { '*': { actions: noteEvent() } },
  });
  const { actors, received } = expectSame({
    actors: { a: machine, b: machine },
    script: ['tick'],
  });
  expect(actors['a']?.context).toEqual({ log: ['one', 'two', 'three'] });
  expect(received.map((line) => line[0]).join('')).toBe('aaabbb');
});

// XState docs "Delayed events → sendTo with delay": what is due earlier may be set later.
test('what two timers cause comes before the next timer of that moment', () => {
  const ping = createMachine({
    context: noWords,
    entry: [raise({ type: 'first' }, { delay: 10 }), raise({ type: 'second' }, { delay: 10 })],
    on: {
      first: {
        actions: [note('first'), sendTo(({ system }) => system.get('pong'), { type: 'ask' })],
      },
      second: { actions: note('second') },
      answer: { actions: note('answer') },
    },
  });
  const pong = createMachine({
    on: { ask: { actions: sendTo(({ system }) => system.get('ping'), { type: 'answer' }) } },
  });
  const { actors } = expectSame({ actors: { ping, pong }, script: ['tick'] });
  expect(actors['ping']?.context).toEqual({ log: ['first', 'answer', 'second'] });
});

// XState docs "Delayed events": cancel takes its own timer only, and only of this actor.
test('cancels by id, only its own, and what has fired is no error', () => {
  const machine = createMachine({
    context: noWords,
    entry: [
      raise({ type: 'tock' }, { delay: 10, id: 'tock' }),
      raise({ type: 'tack' }, { delay: 20, id: 'tack' }),
    ],
    on: {
      stop: { actions: cancel('tock') },
      tack: { actions: [noteEvent(), cancel('tock'), cancel('nothing')] },
      tock: { actions: noteEvent() },
    },
  });
  const { actors } = expectSame({
    actors: { a: machine, b: machine },
    script: [['a', { type: 'stop' }], 'tick', 'tick'],
  });
  expect(actors['a']?.context).toEqual({ log: ['tack'] });
  expect(actors['b']?.context).toEqual({ log: ['tock', 'tack'] });
});

// XState test topic "delayed events": a stopped child's timers are gone.
test('the timers of a child that was stopped or has ended are gone', () => {
  const child = createMachine({
    entry: sendTo(({ system }) => system.get('parent'), { type: 'late' }, { delay: 20 }),
    initial: 'a',
    states: { a: { on: { finish: 'b' } }, b: { type: 'final' } },
  });
  const parent = setup({ actors: { child } }).createMachine({
    context: noWords,
    entry: [
      spawnChild('child', { id: 'stopped' }),
      spawnChild('child', { id: 'ended' }),
      spawnChild('child', { id: 'running' }),
    ],
    on: {
      go: { actions: [stopChild('stopped'), sendTo('ended', { type: 'finish' })] },
      late: { actions: noteEvent() },
    },
  });
  const { actors } = expectSame({
    actors: { parent },
    script: [['parent', { type: 'go' }], 'tick', 'tick'],
  });
  expect(actors['parent']?.context).toEqual({ log: ['late'] });
});

test('the timers of an actor whose node crashed are gone, and its restart sets them anew', () => {
  const machine = createMachine({
    entry: raise({ type: 'late' }, { delay: 20 }),
    on: { late: {} },
  });
  const system = defineSystem({
    name: 'crashing',
    actors: [{ address: 'a', machine, node: 'n' }],
    plan: [
      { after: 15_000, fault: { node: 'n', type: 'crash' } },
      { after: 10_000, fault: { node: 'n', type: 'restart' } },
    ] as never,
  });
  const fired = runSystem(system).steps.filter(({ choice }) => choice?.type === 'fire');
  expect(fired.map(({ at }) => at)).toEqual([45_000]);
});

describe('a timer that is set again each time', () => {
  const clock = createMachine({
    context: { ticks: 0 },
    initial: 'on',
    states: {
      on: {
        after: {
          10: {
            actions: assign({ ticks: ({ context }) => context.ticks + 1 }),
            guard: ({ context }) => context.ticks < 10,
            reenter: true,
            target: 'on',
          },
        },
      },
    },
  });

  // SimulatedClock.increment(100) would fire it once: a new timer starts where the clock already is.
  test('fires ten times in a hundred milliseconds', () => {
    const system = systemOf({ actors: { clock } });
    const moments = runSystem(system).steps.flatMap(({ at, choice }) => (choice ? [at] : []));
    expect(moments.slice(0, 10)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((n) => n * 10_000));
  });

  // XState docs "Testing": the clock moved from due moment to due moment does the same.
  test('does as XState does when its clock goes from due moment to due moment', () => {
    const { actors } = expectSame({
      actors: { clock },
      script: Array.from({ length: 12 }, () => 'tick' as const),
    });
    expect(actors['clock']?.context).toEqual({ ticks: 10 });
  });
});

// XState docs "Delayed events": a delayed message to another, named by an expression.
test('sends to another after a delay that an expression gives', () => {
  const sender = setup({
    types: { events: {} as { readonly by: number; readonly type: 'go' } },
  }).createMachine({
    on: {
      go: {
        actions: sendTo(
          ({ system }) => system.get('receiver'),
          ({ event }) => ({ type: 'late', value: event.by }),
          { delay: ({ event }) => event.by },
        ),
      },
    },
  });
  const receiver = createMachine({ context: noWords, on: { late: { actions: noteEvent() } } });
  const { actors } = expectSame({
    actors: { sender, receiver },
    script: [
      ['sender', { type: 'go', by: 20 }],
      ['sender', { type: 'go', by: 10 }],
      'tick',
      'tick',
    ],
  });
  expect(actors['receiver']?.context).toEqual({ log: ['late 10', 'late 20'] });
});
