import { expect, test } from 'vitest';
import { assign, createMachine, sendTo, setup } from 'xstate';

import { expectSame } from './both.ts';
import { announced, note, noteEvent, noWords, said } from './words.ts';

// XState docs "History states": shallow remembers the child, deep all below, default the first time.
test.each([
  ['shallow', { on: { two: 'first' } }],
  ['deep', { on: { two: 'second' } }],
] as const)('comes back by %s history', (history, expected) => {
  const machine = createMachine({
    initial: 'off',
    on: { off: '.off', on: '.on.before' },
    states: {
      off: {},
      on: {
        initial: 'one',
        states: {
          before: { history, target: 'one', type: 'history' },
          one: {},
          two: { initial: 'first', states: { first: { on: { next: 'second' } }, second: {} } },
        },
        on: { two: '.two' },
      },
    },
  });
  const { actors } = expectSame({
    actors: { a: machine },
    script: ['on', 'two', 'next', 'off', 'on'].map((type) => ['a', { type }] as const),
  });
  expect(actors['a']?.value).toEqual(expected);
});

// XState docs "History states": the default of one that remembers nothing yet.
test('takes the default of a history that remembers nothing yet', () => {
  const machine = createMachine({
    initial: 'off',
    states: {
      off: { on: { on: 'on.before' } },
      on: {
        initial: 'one',
        states: { before: { target: 'two', type: 'history' }, one: {}, two: {} },
      },
    },
  });
  const { actors } = expectSame({ actors: { a: machine }, script: [['a', { type: 'on' }]] });
  expect(actors['a']?.value).toEqual({ on: 'two' });
});

// XState docs "Parallel states": all exits come before all actions; onDone when all regions are final.
test('is done with a parallel state when each region is final', () => {
  const machine = createMachine({
    context: noWords,
    initial: 'both',
    states: {
      both: {
        type: 'parallel',
        onDone: { actions: noteEvent(), target: 'after' },
        states: {
          left: region('left'),
          right: region('right'),
        },
      },
      after: { entry: note('after') },
    },
  });
  const { actors } = expectSame({
    actors: { a: machine },
    script: ['go', 'left', 'right'].map((type) => ['a', { type }] as const),
  });
  expect(actors['a']).toMatchObject({
    context: {
      log: [
        'right out',
        'left out',
        'left went',
        'right went',
        'left in',
        'right in',
        'left done',
        'right done',
        'xstate.done.state.(machine).both',
        'after',
      ],
    },
    value: 'after',
  });
});

// XState docs "Final states" and "Output": done.state events, their order, the output of the machine.
test('tells of each final state with its output, and ends with that of the machine', () => {
  const machine = createMachine({
    context: noWords,
    exit: said('out'),
    initial: 'work',
    output: ({ context, event }) => ({ event: event.type, log: context.log }),
    states: {
      work: {
        exit: said('out of work'),
        initial: 'step',
        onDone: {
          actions: assign(({ context, event }) => ({
            log: [...context.log, String(event.output)],
          })),
          target: 'end',
        },
        states: { step: { on: { go: 'done' } }, done: { output: 'worked', type: 'final' } },
      },
      end: { entry: said('in end'), type: 'final' },
    },
  });
  const { actors, did } = expectSame({
    actors: { a: machine },
    script: [
      ['a', { type: 'go' }],
      ['a', { type: 'go' }],
    ],
  });
  expect(actors['a']).toMatchObject({
    output: { event: 'xstate.done.state.(machine).end', log: ['worked'] },
    status: 'done',
  });
  expect(did['a']).toEqual(announced('out of work', 'in end', 'out'));
});

// XState docs "Initial transition", test topic "initial": its actions run after the entry of its state.
test('runs the actions of an initial transition after the entry of the state around it', () => {
  const machine = createMachine({
    entry: said('in root'),
    initial: 'a',
    states: {
      a: {
        entry: said('in a'),
        initial: { actions: said('initially'), target: 'a1' },
        states: { a1: { entry: said('in a1') } },
      },
    },
  });
  const { did } = expectSame({ actors: { m: machine } });
  expect(did['m']).toEqual(announced('in root', 'in a', 'initially', 'in a1'));
});

// XState docs "Input": the context is made of it, and entry actions see it in the first event.
test('makes its context of its input', () => {
  const machine = setup({
    types: { context: {} as { readonly name: unknown; readonly size: number } },
  }).createMachine({
    context: ({ input }) => ({ ...(input as { readonly name: string }), size: 0 }),
    entry: [
      assign({ size: ({ context }) => String(context.name).length }),
      sendTo(
        ({ self }) => self,
        ({ event }) => ({ type: 'began', with: event }),
      ),
    ],
    on: { began: { actions: assign(({ event }) => ({ name: event['with'] })) } },
  });
  const { actors } = expectSame({ actors: { a: { input: { name: 'Ann' }, machine } } });
  expect(actors['a']?.context).toEqual({
    name: { input: { name: 'Ann' }, type: 'xstate.init' },
    size: 3,
  });
});

function region(name: string) {
  return {
    initial: 'on',
    states: {
      on: {
        exit: note(`${name} out`),
        on: { go: { actions: note(`${name} went`), target: 'off' } },
      },
      off: {
        entry: note(`${name} in`),
        on: { [name]: { actions: note(`${name} done`), target: 'end' } },
      },
      end: { type: 'final' as const },
    },
  };
}
