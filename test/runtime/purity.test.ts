import { describe, expect, test } from 'vitest';
import type { AnyActorLogic, AnyActorRef } from 'xstate';
import {
  assign,
  createMachine,
  enqueueActions,
  fromCallback,
  fromEventObservable,
  fromObservable,
  fromPromise,
  fromTransition,
  sendTo,
  setup,
  spawnChild,
} from 'xstate';

import { recorded } from '../../src/index.ts';
import { errorOf, nothing, runAll, systemWith } from './refusals.ts';

describe('what acts on the outside is refused when the system is defined', () => {
  const promise = fromPromise(async () => 'data');
  const callback = fromCallback(() => undefined);
  const observable = fromObservable(() => ({ subscribe: () => ({ unsubscribe: nothing }) }));
  const events = fromEventObservable(() => ({ subscribe: () => ({ unsubscribe: nothing }) }));

  test.each([
    ['fromPromise', promise],
    ['fromCallback', callback],
    ['fromObservable', observable],
    ['fromEventObservable', events],
  ])('%s invoked by name', (_, fetchUser) => {
    const machine = setup({ actors: { fetchUser } }).createMachine({
      id: 'profile',
      initial: 'idle',
      states: { idle: {}, loading: { invoke: { src: 'fetchUser' } } },
    });
    const error = errorOf(() => systemWith(machine));
    expect(error).toMatch(
      /^runtime\/impure-machine: Machine "profile" \(actor "rm1", state "loading"\) runs "fetchUser"/,
    );
    expect(error).toMatch(/machine\.provide\(\{ actors: \{ fetchUser: outcomes\(\{ resolve/);
    expect(error).toMatch(/scripted\(\[\.\.\.\]\) for a callback or an observable/);
  });

  test('a promise invoked inline', () => {
    const machine = createMachine({ id: 'profile', invoke: { src: promise } });
    expect(errorOf(() => systemWith(machine))).toMatch(
      /impure-machine: Machine "profile" \(actor "rm1", state "\(root\)"\) runs "\(inline\)".*name it in setup\(\{ actors \}\)/s,
    );
  });

  test('a promise spawned by an action, by its name or inline', () => {
    const named = setup({ actors: { fetchUser: promise } }).createMachine({
      id: 'profile',
      on: { go: { actions: spawnChild('fetchUser') } },
    });
    expect(errorOf(() => systemWith(named))).toMatch(/Machine "profile".*runs "fetchUser"/);
    const inline = createMachine({ id: 'profile', entry: spawnChild(promise) });
    expect(errorOf(() => systemWith(inline))).toMatch(/Machine "profile".*runs "\(inline\)"/);
  });

  test('a promise deep in the machines of children', () => {
    const child = setup({ actors: { fetchUser: promise } }).createMachine({
      id: 'child',
      initial: 'busy',
      states: { busy: { invoke: { src: 'fetchUser' } } },
    });
    const parent = setup({ actors: { child } }).createMachine({ invoke: { src: 'child' } });
    expect(errorOf(() => systemWith(parent))).toMatch(
      /Machine "child" \(a child of actor "rm1", state "busy"\) runs/,
    );
  });

  test('a promise that is an actor of the system', () => {
    expect(errorOf(() => systemWith(promise))).toMatch(/impure-machine: The system runs "logic"/);
  });

  test('an action that acts, by its name or inline', () => {
    const named = setup({ actions: { ring: nothing } }).createMachine({
      id: 'bell',
      initial: 'on',
      states: { on: { entry: 'ring' } },
    });
    const error = errorOf(() => systemWith(named));
    expect(error).toMatch(
      /Machine "bell" \(actor "rm1", state "on", entry\) runs the action "ring", which acts/,
    );
    expect(error).toMatch(/machine\.provide\(\{ actions: \{ ring: recorded\(\) \} \}\)/);
    const inline = createMachine({ id: 'bell', on: { go: { actions: () => undefined } } });
    expect(errorOf(() => systemWith(inline))).toMatch(
      /Machine "bell" \(actor "rm1", state "\(root\)", on "go"\).*inline/,
    );
  });
});

function scoped(use: (scope: never) => unknown): AnyActorLogic {
  return fromTransition((state, _event, scope) => (use(scope as never), state), 0);
}

describe('what only shows at run time is refused at its first use', () => {
  test('a promise spawned in assign', () => {
    const machine = setup({ actors: { fetchUser: fromPromise(async () => 'data') } }).createMachine(
      {
        context: { user: undefined },
        on: { go: { actions: assign({ user: ({ spawn }) => spawn('fetchUser') }) } },
      },
    );
    expect(errorOf(() => runAll(machine, { type: 'go' }))).toMatch(
      /^runtime\/impure-machine: .*runs .*fetchUser.*outcomes/s,
    );
  });

  test('an inline action among those that are enqueued', () => {
    const machine = createMachine({
      id: 'bell',
      initial: 'quiet',
      states: {
        quiet: {
          on: { go: { actions: enqueueActions(({ enqueue }) => enqueue(() => undefined)) } },
        },
      },
    });
    expect(errorOf(() => runAll(machine, { type: 'go' }))).toMatch(
      /^runtime\/impure-machine: Machine "bell" \(actor "rm1", state "quiet"\) runs the action.*recorded\(\)/s,
    );
  });

  test.each([
    ['getSnapshot()', (ref: AnyActorRef) => ref.getSnapshot() as unknown],
    ['send()', (ref: AnyActorRef) => ref.send({ type: 'x' })],
    ['on()', (ref: AnyActorRef) => ref.on('x', nothing)],
    ['subscribe()', (ref: AnyActorRef) => ref.subscribe(nothing)],
    ['sessionId', (ref: AnyActorRef) => ref.sessionId],
  ])('%s of a reference, its own, a stored one and a new child', (what, use) => {
    const expected = new RegExp(
      `^runtime/impure-machine: Machine "user" \\(actor "rm1", .*\\) used \`${what.replace('()', '\\(\\)')}\` of an actor reference.*sendTo`,
      's',
    );
    const child = createMachine({});
    const machine = setup({
      actors: { child },
      types: { context: {} as { readonly kid: AnyActorRef; readonly seen: unknown } },
    }).createMachine({
      context: ({ spawn }) => ({
        kid: spawn('child', { id: 'kid' }) as AnyActorRef,
        seen: undefined as unknown,
      }),
      id: 'user',
      on: {
        fresh: { actions: assign({ seen: ({ spawn }) => use(spawn('child') as AnyActorRef) }) },
        guarded: { actions: assign({ seen: 1 }), guard: ({ context }) => use(context.kid) === 1 },
        other: { actions: assign({ seen: ({ system }) => use(system.get('x') as AnyActorRef) }) },
        own: { actions: assign({ seen: ({ self }) => use(self) }) },
        stored: { actions: assign({ seen: ({ context }) => use(context.kid) }) },
        swallowed: {
          actions: assign({
            seen: ({ self }) => {
              try {
                return use(self);
              } catch {
                return 'nothing happened';
              }
            },
          }),
        },
      },
    });
    for (const type of ['fresh', 'guarded', 'other', 'own', 'stored', 'swallowed'])
      expect(errorOf(() => runAll(machine, { type }))).toMatch(expected);
  });

  test('system.getAll(), and what a transition function finds in its scope', () => {
    const all = createMachine({
      context: { all: undefined as unknown },
      entry: assign({ all: ({ system }) => system.getAll() }),
      id: 'nosy',
    });
    expect(errorOf(() => runAll(all))).toMatch(
      /^runtime\/impure-machine: Machine "nosy" \(actor "rm1", starting\) used `system\.getAll\(\)`/,
    );
    expect(
      errorOf(() =>
        runAll(
          scoped((scope: { defer: (run: () => void) => void }) => scope.defer(nothing)),
          { type: 'go' },
        ),
      ),
    ).toMatch(/impure-machine: .*`defer\(\)`/);
    expect(
      errorOf(() =>
        runAll(
          scoped((scope: { sessionId: string }) => scope.sessionId),
          { type: 'go' },
        ),
      ),
    ).toMatch(/impure-machine: .*`sessionId`/);
  });

  test('a target that is undefined, which XState would take for the sender', () => {
    const machine = createMachine({
      context: { friend: undefined as unknown },
      id: 'lonely',
      on: {
        go: { actions: sendTo(({ context }) => context.friend as AnyActorRef, { type: 'hello' }) },
      },
    });
    expect(errorOf(() => runAll(machine, { type: 'go' }))).toMatch(
      /^runtime\/no-target: Machine "lonely" \(actor "rm1", state \{\}\) sent "hello" to an undefined target.*`self`/s,
    );
  });

  test('watching the snapshots of a child', () => {
    const child = createMachine({});
    const machine = setup({ actors: { child } }).createMachine({
      id: 'watcher',
      invoke: { id: 'kid', onSnapshot: { actions: assign({}) }, src: 'child' },
    } as never);
    expect(errorOf(() => runAll(machine as AnyActorLogic))).toMatch(
      /^runtime\/impure-machine: Machine "watcher".*watches the snapshots of its child "kid"/,
    );
  });

  test('stopping what is not a child', () => {
    const machine = createMachine({
      id: 'bossy',
      on: {
        go: {
          actions: enqueueActions(({ enqueue, system }) =>
            enqueue.stopChild(system.get('rm1') as never),
          ),
        },
      },
    });
    expect(errorOf(() => runAll(machine, { type: 'go' }))).toMatch(
      /^runtime\/not-a-child: Machine "bossy".*stops "rm1", which is not a child/,
    );
  });
});

test('an action that is recorded leaves its name and params in the trace, and nothing else', () => {
  const machine = setup({
    actions: { ring: nothing },
  })
    .createMachine({ entry: { params: { times: 2 }, type: 'ring' } })
    .provide({ actions: { ring: recorded() } });
  const { step } = systemWith(machine).start();
  expect(step.happened).toContainEqual({
    actor: 'rm1',
    name: 'ring',
    params: { times: 2 },
    type: 'acted',
  });
});
