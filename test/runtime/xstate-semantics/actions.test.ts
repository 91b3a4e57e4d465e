import { expect, test } from 'vitest';
import type { AnyActorRef } from 'xstate';
import {
  assign,
  cancel,
  createMachine,
  emit,
  enqueueActions,
  log,
  raise,
  sendTo,
  setup,
} from 'xstate';

import { recorded } from '../../../src/index.ts';
import { expectSame } from './both.ts';
import { announced, note, said } from './words.ts';

// XState docs "Actions": order of actions; "Context": assign sees what earlier assigns did.
test('each assign sees the context that the one before it left', () => {
  const machine = createMachine({
    context: { count: 1, seen: [] as number[] },
    on: {
      go: {
        actions: [
          assign({ count: ({ context }) => context.count * 2 }),
          assign({ seen: ({ context }) => [...context.seen, context.count] }),
          assign(({ context }) => ({ count: context.count + 3, seen: [...context.seen, -1] })),
          assign({ seen: ({ context }) => [...context.seen, context.count] }),
        ],
      },
    },
  });
  const { actors } = expectSame({ actors: { a: machine }, script: [['a', { type: 'go' }]] });
  expect(actors['a']?.context).toEqual({ count: 5, seen: [2, -1, 5] });
});

// XState docs "Actions → Entry and exit actions": exit, transition, entry; from inside out and outside in.
test('runs exit actions inside out, then those of the transition, then entries outside in', () => {
  const machine = createMachine({
    initial: 'a',
    states: {
      a: {
        entry: said('in a'),
        exit: said('out a'),
        initial: 'a1',
        states: { a1: { entry: said('in a1'), exit: said('out a1') } },
        on: { go: { actions: [said('go 1'), said('go 2')], target: 'b.b2' } },
      },
      b: {
        entry: said('in b'),
        initial: 'b1',
        states: { b1: { entry: said('in b1') }, b2: { entry: said('in b2') } },
      },
    },
  });
  const { did } = expectSame({ actors: { m: machine }, script: [['m', { type: 'go' }]] });
  expect(did['m']).toEqual(
    announced('in a', 'in a1', 'out a1', 'out a', 'go 1', 'go 2', 'in b', 'in b2'),
  );
});

// XState docs "Actions → Raise action"; test topic "raise": raised events come before external ones.
test('a raised event is taken in the same step, after eventless transitions', () => {
  const machine = createMachine({
    context: { log: [] as string[] },
    initial: 'a',
    states: {
      a: { on: { go: { actions: raise({ type: 'raised' }), target: 'b' } } },
      b: {
        always: { actions: note('always'), target: 'c' },
        on: { raised: { actions: note('too early') } },
      },
      c: { on: { raised: { actions: note('raised'), target: 'd' }, next: 'a' } },
      d: {},
    },
  });
  const { actors } = expectSame({
    actors: { a: machine },
    script: [
      ['a', { type: 'go' }],
      ['a', { type: 'next' }],
    ],
  });
  expect(actors['a']).toMatchObject({ context: { log: ['always', 'raised'] }, value: 'd' });
});

// XState test topic "raise": several raised events keep their order.
test('raised events keep their order, and what they raise comes behind them', () => {
  const machine = createMachine({
    context: { log: [] as string[] },
    entry: [raise({ type: 'one' }), raise({ type: 'two' })],
    on: {
      one: { actions: [note('one'), raise({ type: 'three' })] },
      two: { actions: note('two') },
      three: { actions: note('three') },
    },
  });
  const { actors } = expectSame({ actors: { a: machine } });
  expect(actors['a']?.context).toEqual({ log: ['one', 'two', 'three'] });
});

// XState docs "Delayed events": raise with a delay, and cancel by its id.
test('raises after a delay, unless it is cancelled', () => {
  const machine = createMachine({
    context: { log: [] as string[] },
    entry: [
      raise({ type: 'late' }, { delay: 30, id: 'late' }),
      raise({ type: 'soon' }, { delay: 10, id: 'soon' }),
    ],
    on: {
      soon: { actions: [note('soon'), cancel('late'), raise({ type: 'later' }, { delay: 5 })] },
      late: { actions: note('late') },
      later: { actions: note('later') },
    },
  });
  const { actors } = expectSame({ actors: { a: machine }, script: ['tick', 'tick', 'tick'] });
  expect(actors['a']?.context).toEqual({ log: ['soon', 'later'] });
});

// XState docs "Actions → Emit action" and "Log action": expressions see context and event.
test('emits and logs in the order in which they are written', () => {
  const machine = createMachine({
    context: { count: 0 },
    on: {
      add: {
        actions: [
          log(({ context }) => context.count, 'before'),
          assign({ count: ({ context, event }) => context.count + event.by }),
          emit(({ context, event }) => ({ type: 'added', by: event.by, now: context.count })),
          log('plain'),
        ],
      },
    },
    types: {} as { context: { count: number }; events: { by: number; type: 'add' } },
  });
  const { did } = expectSame({
    actors: { a: machine },
    script: [
      ['a', { type: 'add', by: 2 }],
      ['a', { type: 'add', by: 3 }],
    ],
  });
  expect(did['a']).toEqual([
    { label: 'before', log: 0 },
    { emit: { by: 2, now: 2, type: 'added' } },
    { log: 'plain' },
    { label: 'before', log: 2 },
    { emit: { by: 3, now: 5, type: 'added' } },
    { log: 'plain' },
  ]);
});

// XState docs "Actions → Enqueue actions": conditions, order, and `check`.
test('enqueues actions in order, by what a guard says at that moment', () => {
  const machine = setup({
    types: { context: {} as { readonly count: number } },
    actions: { act: recorded() },
    guards: { isSmall: ({ context }) => context.count < 2 },
  }).createMachine({
    context: { count: 0 },
    on: {
      go: {
        actions: enqueueActions(({ check, context, enqueue }) => {
          enqueue.emit({ type: 'was', count: context.count } as never);
          enqueue.assign({ count: context.count + 1 });
          if (check('isSmall')) enqueue.raise({ type: 'go' });
          else enqueue('act');
          enqueue(
            enqueueActions(({ context: inner, enqueue: more }) => {
              more.emit({ type: 'now', count: inner.count } as never);
            }),
          );
        }),
      },
    },
  });
  const { did } = expectSame({ actors: { a: machine }, script: [['a', { type: 'go' }]] });
  expect(did['a']).toEqual([
    { emit: { count: 0, type: 'was' } },
    { emit: { count: 1, type: 'now' } },
    { emit: { count: 1, type: 'was' } },
    { emit: { count: 2, type: 'now' } },
    { emit: { count: 2, type: 'was' } },
    { act: 'act' },
    { emit: { count: 3, type: 'now' } },
  ]);
});

// XState docs "Actions → Dynamic parameters", "Guards → Guards with parameters".
test('gives named actions and guards their params', () => {
  const tell: (_: unknown, params: { text: string; total: number }) => void = recorded();
  const machine = setup({
    types: {
      context: {} as { readonly total: number },
      events: {} as { readonly amount: number; readonly type: 'pay' },
    },
    actions: {
      add: assign({
        total: ({ context }, params: { amount: number }) => context.total + params.amount,
      }),
      tell,
    },
    guards: {
      isAtLeast: (_, params: { amount: number; least: number }) => params.amount >= params.least,
    },
  }).createMachine({
    context: { total: 0 },
    on: {
      pay: [
        {
          guard: {
            params: ({ event }) => ({ amount: event.amount, least: 10 }),
            type: 'isAtLeast',
          },
          actions: [
            { params: ({ event }) => ({ amount: event.amount }), type: 'add' },
            { params: ({ context }) => ({ text: 'paid', total: context.total }), type: 'tell' },
          ],
        },
        { actions: { params: { text: 'too little', total: 0 }, type: 'tell' } },
      ],
    },
  });
  const { did, actors } = expectSame({
    actors: { a: machine },
    script: [
      ['a', { type: 'pay', amount: 12 }],
      ['a', { type: 'pay', amount: 3 }],
    ],
  });
  expect(actors['a']?.context).toEqual({ total: 12 });
  expect(did['a']).toEqual([
    { act: 'tell', params: { text: 'paid', total: 12 } },
    { act: 'tell', params: { text: 'too little', total: 0 } },
  ]);
});

// XState docs "Actions → Dynamic parameters": what acts on the outside.
test('an action that is recorded is only written down', () => {
  const machine = setup({ actions: { ring: recorded() } }).createMachine({
    entry: { params: { loud: true }, type: 'ring' },
  } as never);
  const { did } = expectSame({ actors: { a: machine } });
  expect(did['a']).toEqual([{ act: 'ring', params: { loud: true } }]);
});

// XState docs "Actions → Send-to action": to itself, behind what is raised.
test('what an actor sends to itself comes after what it raises', () => {
  const machine = createMachine({
    context: { log: [] as string[] },
    on: {
      go: {
        actions: [
          sendTo(({ self }) => self, { type: 'sent' }),
          raise({ type: 'raised' }),
          note('go'),
        ],
      },
      sent: { actions: note('sent') },
      raised: { actions: note('raised') },
    },
  });
  const { actors } = expectSame({ actors: { a: machine }, script: [['a', { type: 'go' }]] });
  expect(actors['a']?.context).toEqual({ log: ['go', 'raised', 'sent'] });
});

// XState test topic "assign": an actor may keep its own reference, use it at once and later.
test('an actor that keeps its own reference can send to it in the same step and later', () => {
  const machine = createMachine({
    context: { log: [] as string[], me: undefined as unknown },
    on: {
      go: {
        actions: [
          assign({ me: ({ self }) => self }),
          sendTo(({ context }) => context.me as AnyActorRef, { type: 'first' }),
        ],
      },
      first: {
        actions: [
          note('first'),
          sendTo(({ context }) => context.me as AnyActorRef, { type: 'second' }),
        ],
      },
      second: { actions: note('second') },
    },
  });
  const { actors } = expectSame({ actors: { a: machine }, script: [['a', { type: 'go' }]] });
  expect(actors['a']?.context).toEqual({ log: ['first', 'second'], me: '<a>' });
});
