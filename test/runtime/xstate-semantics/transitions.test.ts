import { expect, test } from 'vitest';
import { and, assign, createMachine, not, or, raise, setup, stateIn } from 'xstate';

import { expectSame } from './both.ts';
import { announced, note, noWords, said } from './words.ts';

// XState docs "Guards": the first transition whose guard holds is taken, in document order.
test('takes the first transition whose guard holds', () => {
  const machine = setup({
    types: { context: {} as { readonly count: number } },
    guards: {
      isOdd: ({ context }) => context.count % 2 === 1,
      isBig: ({ context }) => context.count > 2,
    },
  }).createMachine({
    context: { count: 0 },
    on: {
      add: [
        { actions: [said('big and odd'), add], guard: and(['isBig', 'isOdd']) },
        { actions: [said('big or odd'), add], guard: or(['isBig', 'isOdd']) },
        { actions: [said('neither'), add], guard: not(or(['isBig', 'isOdd'])) },
      ],
    },
  });
  const script = Array.from({ length: 4 }, () => ['a', { type: 'add' }] as const);
  const { did } = expectSame({ actors: { a: machine }, script });
  expect(did['a']).toEqual(announced('neither', 'big or odd', 'neither', 'big and odd'));
});

// XState docs "Guards → In-state guards": stateIn sees the other region.
test('a guard sees in which state another region is', () => {
  const machine = createMachine({
    type: 'parallel',
    states: {
      door: { initial: 'shut', states: { shut: { on: { pull: 'open' } }, open: {} } },
      light: {
        initial: 'off',
        states: {
          off: { on: { press: { guard: stateIn({ door: 'open' }), target: 'on' } } },
          on: {},
        },
      },
    },
  });
  const { actors } = expectSame({
    actors: { a: machine },
    script: [
      ['a', { type: 'press' }],
      ['a', { type: 'pull' }],
      ['a', { type: 'press' }],
    ],
  });
  expect(actors['a']?.value).toEqual({ door: 'open', light: 'on' });
});

// XState docs "Eventless transitions": taken as soon as the guard holds, after each event.
test('takes eventless transitions until nothing more holds', () => {
  const machine = createMachine({
    context: { count: 0 },
    initial: 'low',
    on: { add: { actions: add } },
    states: {
      low: { always: { guard: ({ context }) => context.count > 1, target: 'middle' } },
      middle: { always: { actions: [add, add], target: 'high' } },
      high: { always: { guard: ({ context }) => context.count > 5, target: 'top' } },
      top: {},
    },
  });
  const script = Array.from({ length: 4 }, () => ['a', { type: 'add' }] as const);
  const { actors } = expectSame({ actors: { a: machine }, script });
  expect(actors['a']).toMatchObject({ context: { count: 6 }, value: 'top' });
});

// XState docs "Transitions → Self-transitions" and "Re-entering": only reenter leaves and enters again.
test('leaves and enters a state again only where the transition says so', () => {
  const machine = createMachine({
    initial: 'a',
    states: {
      a: {
        entry: said('in a'),
        exit: said('out a'),
        initial: 'a1',
        states: {
          a1: { entry: said('in a1'), exit: said('out a1') },
          a2: { entry: said('in a2'), exit: said('out a2') },
        },
        on: {
          inner: '.a2',
          outer: { reenter: true, target: '.a2' },
          plain: { actions: said('plain') },
          self: 'a',
        },
      },
    },
  });
  const { did } = expectSame({
    actors: { m: machine },
    script: ['inner', 'plain', 'outer', 'self'].map((type) => ['m', { type }] as const),
  });
  expect(did['m']).toEqual(
    announced(
      'in a',
      'in a1',
      'out a1',
      'in a2',
      'plain',
      'out a2',
      'out a',
      'in a',
      'in a2',
      'out a2',
      'in a1',
    ),
  );
});

// XState docs "Transitions → Wildcard transitions", "Partial wildcards": the longest match wins.
test('prefers an exact match, then the longest wildcard', () => {
  const machine = createMachine({
    context: noWords,
    on: {
      '*': { actions: note('any') },
      'mouse.*': { actions: note('mouse') },
      'mouse.button.*': { actions: note('button') },
      'mouse.button.down': { actions: note('down') },
    },
  });
  const types = ['mouse.button.down', 'mouse.button.up', 'mouse.move', 'mouse', 'key'];
  const { actors } = expectSame({
    actors: { a: machine },
    script: types.map((type) => ['a', { type }] as const),
  });
  expect(actors['a']?.context).toEqual({ log: ['down', 'button', 'mouse', 'mouse', 'any'] });
});

// XState docs "Transitions → Forbidden transitions": an empty one keeps the parent from seeing the event.
test('a forbidden transition hides the event from the states around it', () => {
  const machine = createMachine({
    context: noWords,
    initial: 'locked',
    on: { push: { actions: note('pushed') } },
    states: { locked: { on: { push: {}, unlock: 'unlocked' } }, unlocked: {} },
  });
  const { actors } = expectSame({
    actors: { a: machine },
    script: ['push', 'unlock', 'push'].map((type) => ['a', { type }] as const),
  });
  expect(actors['a']?.context).toEqual({ log: ['pushed'] });
});

// XState test topic "transition": what nobody handles changes nothing.
test('an event that no state handles changes nothing', () => {
  const machine = createMachine({ context: noWords, entry: note('in') });
  const { actors, received } = expectSame({
    actors: { a: machine },
    script: [['a', { type: 'unheard' }]],
  });
  expect(received).toEqual(['a unheard']);
  expect(actors['a']?.context).toEqual({ log: ['in'] });
});

// XState docs "Tags", "state.can(event)": inputs are offered exactly where the snapshot can take them.
test('offers an input where the snapshot can take it, guards and raised events considered', () => {
  const machine = createMachine({
    context: { isReady: false },
    initial: 'idle',
    states: {
      idle: {
        on: {
          run: { guard: ({ context }) => context.isReady, target: 'running' },
          ready: { actions: [assign({ isReady: true }), raise({ type: 'run' })] },
        },
        tags: 'quiet',
      },
      running: { on: { run: {} }, tags: 'busy' },
    },
  });
  const { actors, received } = expectSame({
    actors: { a: machine },
    script: ['run', 'ready', 'run'].map((type) => ['a', { type }] as const),
  });
  expect(received).toEqual(['a run', 'a ready', 'a run']);
  expect(actors['a']?.value).toBe('running');
});

const add = assign({
  count: ({ context }: { readonly context: { readonly count: number } }) => context.count + 1,
}) as never;
