import { expect, test } from 'vitest';
import { assign, createMachine, raise, sendTo, setup } from 'xstate';

import { runSystem } from '../../../src/index.ts';
import { expectSame } from './both.ts';
import { systemOf } from './by-runtime.ts';
import { announced, note, noteEvent, noWords, said } from './words.ts';

// XState docs "Delayed transitions": the shortest delay first; leaving the state cancels the others.
test('of several delays the shortest is taken, and leaving cancels the others', () => {
  const machine = createMachine({
    context: noWords,
    initial: 'wait',
    states: {
      wait: {
        after: { 30: { actions: note('thirty') }, 10: { actions: note('ten') }, 20: 'next' },
      },
      next: { after: { 50: { actions: note('fifty') } } },
    },
  });
  const { actors } = expectSame({
    actors: { a: machine },
    script: ['tick', 'tick', 'tick', 'tick'],
  });
  expect(actors['a']).toMatchObject({ context: { log: ['ten', 'fifty'] }, value: 'next' });
});

// XState docs "Delayed transitions": entering the state again starts its delay anew.
test('a state that is entered again waits anew, one that only changes inside does not', () => {
  const machine = createMachine({
    context: noWords,
    type: 'parallel',
    states: {
      outer: {
        initial: 'wait',
        states: {
          wait: {
            after: { 100: { actions: note('outer') } },
            initial: 'one',
            on: { again: { reenter: true, target: 'wait' }, inside: '.two' },
            states: { one: {}, two: {} },
          },
        },
      },
      clock: { after: { 60: { actions: note('60') }, 120: { actions: note('120') } } },
    },
  });
  const run = (type: string) =>
    expectSame({ actors: { a: machine }, script: ['tick', ['a', { type }], 'tick', 'tick'] });
  expect(run('again').actors['a']?.context).toEqual({ log: ['60', '120', 'outer'] });
  expect(run('inside').actors['a']?.context).toEqual({ log: ['60', 'outer', '120'] });
});

// XState docs "Delayed transitions → Dynamic delays": named delays are computed on entry.
test('a named delay is computed of the context when the state is entered', () => {
  const machine = setup({
    types: { context: {} as { readonly log: readonly string[]; readonly tries: number } },
    delays: { backOff: ({ context }) => 10 * 2 ** context.tries },
  }).createMachine({
    context: { log: [], tries: 0 },
    initial: 'waiting',
    states: {
      waiting: {
        after: {
          backOff: {
            actions: [assign({ tries: ({ context }) => context.tries + 1 }), note('again')],
            reenter: true,
            target: 'waiting',
          },
        },
      },
    },
  });
  const scenario = { actors: { a: machine }, script: ['tick', 'tick', 'tick'] as const };
  expect(expectSame(scenario).actors['a']?.context).toEqual({
    log: ['again', 'again', 'again'],
    tries: 3,
  });
  const moments = runSystem(systemOf(scenario), { stepsMax: 3 }).steps.map(({ at }) => at);
  expect(moments).toEqual([0, 10_000, 30_000, 70_000]);
});

// XState docs "Delayed transitions": guards and several candidates of one delay.
test('the first candidate of a delay whose guard holds is taken', () => {
  const machine = createMachine({
    context: { isFast: false },
    initial: 'wait',
    on: { hurry: { actions: assign({ isFast: true }) } },
    states: {
      wait: {
        after: {
          10: [{ guard: ({ context }) => context.isFast, target: 'fast' }, { target: 'slow' }],
        },
      },
      fast: {},
      slow: {},
    },
  });
  expect(expectSame({ actors: { a: machine }, script: ['tick'] }).actors['a']?.value).toBe('slow');
  const { actors } = expectSame({
    actors: { a: machine },
    script: [['a', { type: 'hurry' }], 'tick'],
  });
  expect(actors['a']?.value).toBe('fast');
});

// XState test topic "after": a delay of nothing comes after all that is already under way.
test('a delay of nothing comes after the messages under way', () => {
  const machine = createMachine({
    context: noWords,
    entry: [
      raise({ type: 'timer' }, { delay: 0 }),
      sendTo(({ self }) => self, { type: 'message' }),
    ],
    on: { message: { actions: noteEvent() }, timer: { actions: noteEvent() } },
  });
  const { actors } = expectSame({ actors: { a: machine }, script: ['tick'] });
  expect(actors['a']?.context).toEqual({ log: ['message', 'timer'] });
});

// XState test topic "after": final states and their exits cancel what was still to come.
test('a machine that has ended has no timers', () => {
  const machine = createMachine({
    after: { 50: { actions: said('too late') } },
    initial: 'a',
    states: { a: { after: { 10: 'b' } }, b: { entry: said('end'), type: 'final' } },
  });
  const { did } = expectSame({ actors: { a: machine }, script: ['tick', 'tick'] });
  expect(did['a']).toEqual(announced('end'));
});
