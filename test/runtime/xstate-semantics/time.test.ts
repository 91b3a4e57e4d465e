import { describe, expect, test } from 'vitest';
import { assign, cancel, createMachine, raise, sendTo, setup, spawnChild, stopChild } from 'xstate';

import { defineSystem, runSystem } from '../../../src/index.ts';
import { expectSame } from './both.ts';
import { systemOf } from './by-runtime.ts';
import { announced, note, noteEvent, noWords, said } from './words.ts';

describe('delayed transitions', () => {
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
    expect(expectSame({ actors: { a: machine }, script: ['tick'] }).actors['a']?.value).toBe(
      'slow',
    );
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
});

describe('timers of several', () => {
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
