import { expect, test } from 'vitest';
import type { AnyActorRef } from 'xstate';
import {
  assign,
  createMachine,
  raise,
  sendParent,
  sendTo,
  setup,
  spawnChild,
  stopChild,
} from 'xstate';

import { expectSame } from './both.ts';
import { relay } from './small-machines.ts';
import { note, noteEvent, noWords } from './words.ts';

// XState test topic "sendParent": what a child sends in its entry waits for the parent's step to end.
test("a child's entry writes to its parent, which hears it when its own step is through", () => {
  const child = createMachine({
    entry: [sendParent({ type: 'born' }), sendParent({ type: 'awake' })],
  });
  const parent = setup({ actors: { child } }).createMachine({
    context: noWords,
    initial: 'idle',
    on: { '*': { actions: noteEvent() } },
    states: {
      idle: {
        on: {
          go: {
            actions: [spawnChild('child', { id: 'kid' }), raise({ type: 'raised' })],
            target: 'on',
          },
        },
      },
      on: { entry: note('on') },
    },
  });
  const { actors } = expectSame({ actors: { parent }, script: [['parent', { type: 'go' }]] });
  expect(actors['parent']?.context).toEqual({ log: ['on', 'raised', 'born', 'awake'] });
});

// XState `createActor.ts`: an invoked child starts before what its parent sends it in that step.
test('a parent writes to a child in the step that makes it', () => {
  const child = createMachine({
    context: noWords,
    entry: note('born'),
    on: { hello: { actions: [noteEvent(), sendParent({ type: 'heard' })] } },
  });
  const parent = setup({ actors: { child } }).createMachine({
    context: noWords,
    initial: 'idle',
    states: {
      idle: { on: { go: 'on' } },
      on: { entry: sendTo('kid', { type: 'hello' }), invoke: { id: 'kid', src: 'child' } },
    },
    on: { heard: { actions: noteEvent() } },
  });
  const { actors } = expectSame({ actors: { parent }, script: [['parent', { type: 'go' }]] });
  expect(actors).toMatchObject({
    parent: { context: { log: ['heard'] } },
    'parent/kid': { context: { log: ['born', 'hello'] } },
  });
});

// XState test topic "stopChild": what was sent before the stop arrives, what is sent after does not.
test('a child hears what came before its stop, and nothing after it', () => {
  const child = createMachine({
    on: { hello: { actions: sendTo(({ system }) => system.get('friend'), { type: 'heard' }) } },
  });
  const parent = setup({ actors: { child } }).createMachine({
    entry: spawnChild('child', { id: 'kid' }),
    on: {
      go: {
        actions: [sendTo('kid', { type: 'hello' }), stopChild('kid')],
      },
    },
  });
  const friend = createMachine({ context: noWords, on: { heard: { actions: noteEvent() } } });
  const { actors } = expectSame({
    actors: { friend, parent },
    script: [['parent', { type: 'go' }]],
  });
  expect(actors['friend']?.context).toEqual({ log: ['heard'] });
  expect(actors['parent/kid']).toBeUndefined();
});

// XState test topic "stop": a message for a child that was stopped is lost; a new one of its id hears.
test('a successor of the same id hears what is sent after it was made', () => {
  const child = createMachine({
    context: ({ input }) => ({ log: [String(input)] }),
    on: { hello: { actions: noteEvent() } },
  });
  const parent = setup({ actors: { child } }).createMachine({
    entry: spawnChild('child', { id: 'kid', input: 'first' }),
    on: {
      swap: {
        actions: [
          sendTo('kid', { type: 'hello', value: 'old' }),
          stopChild('kid'),
          spawnChild('child', { id: 'kid', input: 'second' }),
          sendTo('kid', { type: 'hello', value: 'new' }),
        ],
      },
    },
  });
  const { actors, received } = expectSame({
    actors: { parent },
    script: [['parent', { type: 'swap' }]],
  });
  expect(actors['parent/kid']?.context).toEqual({ log: ['second', 'hello new'] });
  expect(received).toEqual(['parent swap', 'parent/kid hello', 'parent/kid hello']);
});

// XState `createActor.ts`, `update`: a child that ends tells so after all that its last step sent.
test('a child that ends says so after what its last step caused', () => {
  const child = createMachine({
    initial: 'a',
    states: {
      a: { on: { end: 'b' } },
      b: {
        entry: [
          sendTo(({ system }) => system.get('clerk'), { type: 'file' }),
          sendParent({ type: 'last' }),
        ],
        type: 'final',
      },
    },
  });
  const parent = setup({ actors: { child } }).createMachine({
    context: noWords,
    invoke: { id: 'kid', src: 'child' },
    on: { '*': { actions: noteEvent() }, end: { actions: sendTo('kid', { type: 'end' }) } },
  });
  const clerk = relay({ file: ['parent filed'] });
  const { actors } = expectSame({
    actors: { parent, clerk },
    script: [['parent', { type: 'end' }]],
  });
  expect(actors['parent']?.context).toEqual({ log: ['filed', 'last', 'xstate.done.actor.kid'] });
});

// XState docs "Actors": a reference to a child that travels outside and is written to from there.
test('a child can be written to by whom its reference was given', () => {
  const child = createMachine({ context: noWords, on: { hello: { actions: noteEvent() } } });
  const parent = setup({
    actors: { child },
    types: { context: {} as { readonly kid: AnyActorRef | undefined } },
  }).createMachine({
    context: ({ spawn }) => ({ kid: spawn('child', { id: 'kid' }) }),
    on: {
      introduce: {
        actions: sendTo(
          ({ system }) => system.get('friend'),
          ({ context }) => ({ kid: context.kid, type: 'meet' }),
        ),
      },
    },
  });
  const friend = setup({
    types: {
      context: {} as { readonly known: AnyActorRef | undefined },
      events: {} as { readonly kid: AnyActorRef; readonly type: 'meet' },
    },
  }).createMachine({
    context: { known: undefined },
    on: {
      meet: {
        actions: [
          assign({ known: ({ event }) => event.kid }),
          sendTo(({ context }) => context.known as AnyActorRef, { type: 'hello' }),
        ],
      },
    },
  });
  const { actors } = expectSame({
    actors: { friend, parent },
    script: [['parent', { type: 'introduce' }]],
  });
  expect(actors).toMatchObject({
    friend: { context: { known: '<parent/kid>' } },
    'parent/kid': { context: { log: ['hello'] } },
  });
});
