/**
 * What the runtime relies on inside of XState. Where this fails after XState was updated, the name of
 * the test says which of the runtime's assumptions no longer holds.
 */
import { describe, expect, test } from 'vitest';
import type { AnyActor, AnyActorRef } from 'xstate';
import {
  assign,
  cancel,
  createMachine,
  emit,
  enqueueActions,
  fromTransition,
  log,
  raise,
  sendParent,
  sendTo,
  setup,
  spawnChild,
  stopChild,
} from 'xstate';

import { createScope, step } from './telling-scope.ts';
import type { Seen } from './telling-scope.ts';

/** What was read after the step began to look at its actions. */
function readsIn({ reads }: Seen): readonly string[] {
  return reads.slice(0, reads.findLastIndex((read) => read.startsWith('did')) + 1);
}

describe('the order of readings of the scope', () => {
  const ref = { address: 'x' } as unknown as AnyActorRef;

  test('an action reads `self`, then `system`, and a send with a target nothing more', () => {
    const machine = createMachine({ on: { go: { actions: sendTo(() => ref, { type: 'x' }) } } });
    expect(readsIn(step(machine))).toEqual(['self', 'system', 'did xstate.sendTo']);
  });

  test('a send without a target reads `self` once more, and sends to it', () => {
    const machine = createMachine({
      on: { go: { actions: sendTo(() => undefined as unknown as AnyActorRef, { type: 'x' }) } },
    });
    const seen = step(machine);
    expect(readsIn(seen)).toEqual(['self', 'system', 'self', 'did xstate.sendTo']);
    expect(seen.actions[0]?.params).toMatchObject({ targetId: undefined, to: { id: 'me' } });
  });

  test('what `assign` reads leaves `system` as the last', () => {
    const machine = createMachine({
      context: {},
      on: { go: { actions: [assign({ a: 1 }), sendTo(() => ref, { type: 'x' })] } },
    });
    expect(readsIn(step(machine))).toEqual([
      'self',
      'system',
      'self',
      'system',
      'self',
      'system',
      'did xstate.sendTo',
    ]);
  });
});

describe('the shapes of actions', () => {
  const child = createMachine({});
  const machine = setup({ actors: { child } }).createMachine({
    entry: spawnChild('child', { id: 'kid' }),
    on: {
      go: {
        actions: [
          sendTo(
            ({ system }) => system.get('x'),
            { type: 'x' },
            { delay: ({ self }) => self.id.length + 3, id: 'later' },
          ),
          sendParent({ type: 'up' }),
          raise({ type: 'raised' }, { delay: 7, id: 'timer' }),
          raise({ type: 'now' }),
          cancel('timer'),
          emit({ type: 'news' }),
          log('words', 'label'),
          stopChild('kid'),
          spawnChild('child', { id: 'two', input: { a: 1 }, systemId: 'second' }),
          { params: { times: 2 }, type: 'named' },
          enqueueActions(({ enqueue }) => enqueue.emit({ type: 'inner' })),
        ] as never,
      },
    },
  });
  const seen = step(machine);
  const [send, up, later, now, cancelled, news, logged, stopped, spawned, named, inner] =
    seen.actions;

  test('send, delayed and to the parent', () => {
    expect(send).toEqual({
      params: {
        delay: 5,
        event: { type: 'x' },
        id: 'later',
        targetId: undefined,
        to: { name: 'x' },
      },
      type: 'xstate.sendTo',
    });
    expect(up?.params).toMatchObject({ targetId: '#_parent', to: { id: 'parent' } });
  });

  test('raise and cancel', () => {
    expect(later).toEqual({
      params: { delay: 7, event: { type: 'raised' }, id: 'timer' },
      type: 'xstate.raise',
    });
    expect(now?.params).toMatchObject({ delay: undefined });
    expect(cancelled).toEqual({ params: { sendId: 'timer' }, type: 'xstate.cancel' });
  });

  test('emit, log, named actions and those that are enqueued', () => {
    expect(news).toEqual({ params: { event: { type: 'news' } }, type: 'xstate.emit' });
    expect(logged).toEqual({ params: { label: 'label', value: 'words' }, type: 'xstate.log' });
    expect(named).toEqual({ params: { times: 2 }, type: 'named' });
    expect(inner).toEqual({ params: { event: { type: 'inner' } }, type: 'xstate.emit' });
  });

  test('stop and spawn carry the actor itself', () => {
    expect(stopped?.type).toBe('xstate.stopChild');
    expect(stopped?.params).toMatchObject({ id: 'kid' });
    expect(spawned).toMatchObject({
      params: { actorRef: { id: 'two', src: 'child', systemId: 'second' } },
      type: 'xstate.spawnChild',
    });
    expect(seen.children.at(-1)?.options.input).toEqual({ a: 1 });
  });
});

describe('children', () => {
  const child = setup({ actors: { leaf: createMachine({}) } }).createMachine({
    invoke: { id: 'leaf', src: 'leaf' },
  });

  test('each tells the system of itself when it is made, before it computes its first step', () => {
    const parent = setup({ actors: { child } }).createMachine({
      on: { go: { actions: spawnChild('child', { id: 'kid' }) } },
    });
    const { children } = step(parent);
    expect(children.map(({ id }) => id)).toEqual(['kid', 'leaf']);
    expect(children[0]).toMatchObject({ _parent: { id: 'me' } });
  });

  test('one without an id takes its session id, which the system gives', () => {
    const parent = setup({ actors: { child } }).createMachine({
      context: {},
      on: { go: { actions: assign({ kid: ({ spawn }) => spawn('child') }) } },
    });
    const [kid] = step(parent).children;
    expect([kid?.id, kid?.sessionId, kid?.src]).toEqual(['booked', 'booked', 'child']);
  });

  test('a spawn in `assign` reports no action but defers the start', () => {
    const parent = setup({ actors: { child } }).createMachine({
      context: {},
      on: { go: { actions: assign({ kid: ({ spawn }) => spawn('child', { id: 'kid' }) }) } },
    });
    const seen = step(parent);
    expect(seen.actions).toEqual([]);
    expect(seen.reads.filter((read) => read === 'deferred')).toHaveLength(1);
  });

  test('the id of a child may be set while it tells of itself', () => {
    const parent = setup({ actors: { child } }).createMachine({
      context: { id: '' },
      on: { go: { actions: assign({ id: ({ spawn }) => spawn('child').id }) } },
    });
    const before = parent.getInitialSnapshot(createScope().scope as never, undefined);
    const { scope } = createScope();
    const system = scope.system as unknown as Record<string, unknown>;
    system['_sendInspectionEvent'] = ({ actorRef, type }: { actorRef: AnyActor; type: string }) => {
      if (type === '@xstate.actor') Object.defineProperty(actorRef, 'id', { value: 'named' });
    };
    const after = parent.transition(before, { type: 'go' }, scope as never);
    expect(after.context).toEqual({ id: 'named' });
    expect(Object.keys(after.children)).toEqual(['named']);
  });

  test('a send to a child that is invoked in the same state gets its target after the fact', () => {
    const parent = setup({ actors: { child } }).createMachine({
      initial: 'idle',
      states: {
        idle: { on: { go: 'on' } },
        on: { entry: sendTo('kid', { type: 'x' }), invoke: { id: 'kid', src: 'child' } },
      },
    });
    const seen = step(parent);
    expect(seen.actions.map(({ type }) => type)).toEqual(['xstate.sendTo', 'xstate.spawnChild']);
    expect(seen.actions[0]?.params).toMatchObject({ targetId: 'kid', to: seen.children[0] });
  });

  test('an inline source is named by its place, and found there again', () => {
    const parent = createMachine({ initial: 'on', states: { on: { invoke: { src: child } } } });
    const [invoked] = parent.states['on']?.invoke ?? [];
    expect(invoked).toMatchObject({
      id: '0.(machine).on',
      src: 'xstate.invoke.0.(machine).on',
    });
  });
});

describe('snapshots', () => {
  test('have these members', () => {
    expect(Object.keys(step(createMachine({})).after).toSorted()).toEqual(
      [
        '_nodes',
        'can',
        'children',
        'context',
        'error',
        'getMeta',
        'hasTag',
        'historyValue',
        'machine',
        'matches',
        'output',
        'status',
        'tags',
        'toJSON',
        'value',
      ].toSorted(),
    );
  });

  test('a step that throws in the beginning is caught by XState, later it is not', () => {
    const early = createMachine({ context: fails });
    const snapshot = early.getInitialSnapshot(createScope().scope as never, undefined);
    expect(snapshot).toMatchObject({ error: { message: 'broken' }, status: 'error' });
    const late = createMachine({ context: {}, on: { go: { actions: assign(fails) } } });
    expect(() => step(late)).toThrow('broken');
  });

  test('one that is not concerned is given back as it is', () => {
    const machine = createMachine({});
    const before = machine.getInitialSnapshot(createScope().scope as never, undefined);
    const after = machine.transition(before, { type: 'unheard' }, createScope().scope as never);
    expect(after).toBe(before);
  });

  test('what `resolveState` makes of its data acts as the snapshot did', () => {
    const machine = createMachine({
      initial: 'a',
      states: { a: { initial: 'b', states: { b: { on: { go: 'c' } }, c: {} } } },
    });
    const resolved = machine.resolveState({ value: { a: 'b' } });
    const after = machine.transition(resolved, { type: 'go' }, createScope().scope as never);
    expect(after.value).toEqual({ a: 'c' });
  });

  test('those of a transition function are plain data', () => {
    const logic = fromTransition((count: number) => count + 1, 0);
    const first = logic.getInitialSnapshot(createScope().scope as never, undefined);
    expect(first).toEqual({ context: 0, error: undefined, output: undefined, status: 'active' });
    expect(logic.transition(first, { type: 'go' }, createScope().scope as never).context).toBe(1);
  });
});

function fails(): never {
  throw new Error('broken');
}
