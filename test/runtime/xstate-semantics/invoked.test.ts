import { describe, expect, test } from 'vitest';
import {
  assign,
  createMachine,
  enqueueActions,
  fromTransition,
  sendParent,
  sendTo,
  setup,
} from 'xstate';

import { expectSame } from './both.ts';
import { counting, echo, fail, startedBy } from './small-machines.ts';
import { announced, noteEvent, noWords, said } from './words.ts';

describe('invoked children', () => {
  // XState docs "Invoke": starts with the state, is stopped with it, gets its input.
  test('start with their state and stop with it', () => {
    const child = setup({
      types: { context: {} as { readonly given: unknown } },
    }).createMachine({
      context: ({ input }) => ({ given: input }),
      entry: [
        said('child in'),
        sendParent(({ context }) => ({ type: 'up', value: context.given })),
      ],
      exit: said('never on stop'),
    });
    const parent = setup({ actors: { child } }).createMachine({
      context: noWords,
      initial: 'idle',
      states: {
        idle: { on: { go: 'busy' } },
        busy: {
          entry: said('in'),
          exit: said('out'),
          invoke: { id: 'kid', input: startedBy, src: 'child' },
          on: { stop: 'idle', up: { actions: noteEvent() } },
        },
      },
    });
    const scenario = (...types: readonly string[]) => ({
      actors: { parent },
      script: types.map((type) => ['parent', { type }] as const),
    });
    expect(expectSame(scenario('go')).actors).toMatchObject({
      parent: { children: ['parent/kid'], context: { log: ['up go'] } },
      'parent/kid': { context: { given: 'go' } },
    });
    const { actors, did } = expectSame(scenario('go', 'stop', 'go', 'stop'));
    expect(Object.keys(actors)).toEqual(['parent']);
    expect(did['parent/kid']).toEqual(announced('child in', 'child in'));
  });

  // XState docs "Invoke → onDone": the event carries the output, the id in its type.
  test('tell with their output that they are done', () => {
    const child = createMachine({
      initial: 'a',
      output: { answer: 42 },
      states: { a: { type: 'final' } },
    });
    const parent = setup({ actors: { child } }).createMachine({
      context: { event: undefined },
      initial: 'busy',
      states: {
        busy: {
          invoke: {
            id: 'kid',
            onDone: { actions: assign({ event: ({ event }) => event }), target: 'after' },
            src: 'child',
          },
        },
        after: {},
      },
    });
    const { actors } = expectSame({ actors: { parent } });
    expect(actors['parent']).toMatchObject({
      context: {
        event: { actorId: 'kid', output: { answer: 42 }, type: 'xstate.done.actor.kid' },
      },
      value: 'after',
    });
  });

  // XState docs "Invoke → onError"; test topic "error": what a child throws reaches onError.
  test('tell with their error that they failed, at the start or later', () => {
    const child = createMachine({
      entry: enqueueActions(({ enqueue, self }) => {
        if (self.id === 'early') throw new Error('at once');
        enqueue.emit({ type: 'well' });
      }),
      on: { break: { actions: assign(() => fail('later')) } },
    });
    const parent = setup({ actors: { child } }).createMachine({
      context: { errors: [] as unknown[] },
      invoke: ['early', 'late'].map((id) => ({
        id,
        onError: {
          actions: assign(({ context, event }: never) => ({
            errors: [
              ...(context as { errors: unknown[] }).errors,
              (event as { error: unknown }).error,
            ],
          })),
        },
        src: 'child' as const,
      })) as never,
      on: { go: { actions: sendTo('late', { type: 'break' }) } },
    });
    const { actors } = expectSame({ actors: { parent }, script: [['parent', { type: 'go' }]] });
    expect(actors['parent']?.context).toEqual({ errors: ['Error: at once', 'Error: later'] });
  });

  // XState test topic "error": an error that the parent does not handle is the parent's own.
  test('fail their parent where it does not handle the error', () => {
    const child = createMachine({ on: { break: { actions: assign(() => fail('broken')) } } });
    const parent = setup({ actors: { child, echo } }).createMachine({
      invoke: [
        { id: 'other', src: 'echo' },
        { id: 'kid', src: 'child' },
      ],
      on: { go: { actions: [said('go'), sendTo('kid', { type: 'break' })] } },
    });
    const top = setup({ actors: { parent } }).createMachine({
      context: noWords,
      invoke: { id: 'parent', onError: { actions: noteEvent() }, src: 'parent' },
      on: { go: { actions: sendTo('parent', { type: 'go' }) } },
    });
    const { actors } = expectSame({ actors: { top }, script: [['top', { type: 'go' }]] });
    expect(Object.keys(actors)).toEqual(['top']);
    expect(actors['top']?.context).toEqual({ log: ['xstate.error.actor.parent'] });
  });

  // XState docs "Invoke → Multiple actors", "Invoke fromTransition".
  test('may be transition functions, which answer by their scope', () => {
    const counter = fromTransition(
      (count: number, event: { readonly type: string }, { emit: announce }) => {
        announce({ type: 'counted', was: count } as never);
        return event.type === 'add' ? count + 1 : count;
      },
      ({ input }: { readonly input: number }) => input,
    );
    const parent = setup({ actors: { counter } }).createMachine({
      invoke: [
        { id: 'one', input: 1, src: 'counter' },
        { id: 'ten', input: () => 10, src: 'counter' },
      ],
      on: { go: { actions: [sendTo('one', { type: 'add' }), sendTo('ten', { type: 'add' })] } },
    });
    const { actors } = expectSame({
      actors: { parent },
      script: [
        ['parent', { type: 'go' }],
        ['parent', { type: 'go' }],
      ],
    });
    expect(actors).toMatchObject({ 'parent/one': { context: 3 }, 'parent/ten': { context: 12 } });
  });

  // XState docs "Invoke": one that is left in the same step is never started.
  test('never start when their state is left in the step that entered it', () => {
    const child = createMachine({ entry: [said('started'), sendParent({ type: 'up' })] });
    const parent = setup({ actors: { child } }).createMachine({
      initial: 'idle',
      states: {
        idle: { on: { go: 'passing' } },
        passing: { always: 'after', invoke: { id: 'kid', src: 'child' } },
        after: { on: { up: 'wrong' } },
        wrong: {},
      },
    });
    const { actors, did } = expectSame({
      actors: { parent },
      script: [['parent', { type: 'go' }]],
    });
    expect(actors).toMatchObject({ parent: { children: [], value: 'after' } });
    expect(did['parent/kid']).toBeUndefined();
  });

  // XState test topic "invoke": re-entering stops the old child and starts a new one of that id.
  test('are replaced when their state is entered again', () => {
    const parent = setup({ actors: { counting } }).createMachine({
      initial: 'on',
      states: {
        on: {
          invoke: { id: 'kid', src: 'counting' },
          on: {
            add: { actions: sendTo('kid', { type: 'add' }) },
            again: { reenter: true, target: 'on' },
          },
        },
      },
    });
    const { actors } = expectSame({
      actors: { parent },
      script: ['add', 'add', 'again', 'add'].map((type) => ['parent', { type }] as const),
    });
    expect(actors['parent/kid']?.context).toEqual({ count: 1 });
  });
});
