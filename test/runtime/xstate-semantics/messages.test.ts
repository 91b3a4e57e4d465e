import { expect, test } from 'vitest';
import type { AnyActorRef } from 'xstate';
import { assign, createMachine, forwardTo, sendTo, setup } from 'xstate';

import { expectSame } from './both.ts';
import { player, relay } from './small-machines.ts';
import { note, noteEvent, noWords } from './words.ts';

// XState `createActor.ts`, `update`: deferred sends run in order, and each at once all the way down.
test('what a message causes comes before the next message of its sender', () => {
  const { received } = expectSame({
    actors: {
      a: relay({ go: ['b x', 'c x'] }),
      b: relay({ x: ['d from.b'] }),
      c: relay({ x: ['d from.c'] }),
      d: relay({ 'from.b': ['e y'] }),
      e: relay({}),
    },
    script: [['a', { type: 'go' }]],
  });
  expect(received).toEqual(['a go', 'b x', 'd from.b', 'e y', 'c x', 'd from.c']);
});

// XState `Mailbox.ts`: an actor that is not through takes its mail in order, when it is.
test('a busy actor takes its mail in order, after all that its step caused', () => {
  const { received } = expectSame({
    actors: {
      a: relay({ go: ['b ask', 'c ask', 'd ask'] }),
      b: relay({ ask: ['a answer.b'] }),
      c: relay({ ask: ['b tell', 'a answer.c'] }),
      d: relay({}),
    },
    script: [['a', { type: 'go' }]],
  });
  expect(received).toEqual([
    'a go',
    'b ask',
    'c ask',
    'b tell',
    'd ask',
    'a answer.b',
    'a answer.c',
  ]);
});

// XState `Mailbox.ts`: a place in the mail is taken when the message is sent on, not when the step ends.
test('the mail of a busy actor is in the order in which senders come to it', () => {
  const { received } = expectSame({
    actors: {
      a: relay({ go: ['b start'] }),
      b: relay({ start: ['c first', 'a second'] }),
      c: relay({ first: ['a before'] }),
    },
    script: [['a', { type: 'go' }]],
  });
  expect(received).toEqual(['a go', 'b start', 'c first', 'a before', 'a second']);
});

// XState `createActor.ts`, `start`: mail waits in the mailbox until its receiver has started.
test('mail for an actor that has not started waits until it has', () => {
  const { received } = expectSame({
    actors: {
      a: relay({ 'from.b': ['c early', 'b reply'] }),
      b: relay({ reply: ['a done'] }, ['a from.b']),
      c: relay({ early: ['b from.c'] }, ['a from.c']),
    },
  });
  expect(received).toEqual(['a from.b', 'b reply', 'a done', 'a from.c', 'c early', 'b from.c']);
});

// XState docs "Actors → Sending messages": to and fro until somebody has enough.
test('two actors that answer one another go on until one has enough', () => {
  const { actors, received } = expectSame({
    actors: { ping: player('pong'), pong: player('ping') },
    script: [['ping', { type: 'ball' }]],
  });
  expect(actors).toMatchObject({
    ping: { context: { hits: 50 } },
    pong: { context: { hits: 50 } },
  });
  expect(received).toHaveLength(101);
});

// XState docs "Actors": entry actions that write to one another.
test('actors whose entries write to one another', () => {
  const { actors } = expectSame({
    actors: {
      ping: relay({ pong: ['pong ping'] }),
      pong: relay({ ping: ['ping last'] }, ['ping pong', 'ping more']),
    },
  });
  expect(actors).toMatchObject({
    ping: { context: { log: ['pong', 'more', 'last'] } },
    pong: { context: { log: ['ping'] } },
  });
});

// XState docs "Actors → Actor references": one that travels in an event is the same actor elsewhere.
test('a reference in an event leads back, and may be handed on', () => {
  const asker = createMachine({
    context: noWords,
    on: {
      go: {
        actions: sendTo(
          ({ system }) => system.get('broker'),
          ({ self }) => ({ from: self, type: 'ask' }),
        ),
      },
      answer: { actions: noteEvent() },
    },
  });
  const broker = createMachine({
    on: {
      ask: {
        actions: sendTo(
          ({ system }) => system.get('worker'),
          ({ event }) => event,
        ),
      },
    },
  });
  const worker = setup({
    types: {
      context: {} as { readonly last?: AnyActorRef; readonly same: readonly boolean[] },
      events: {} as { readonly from: AnyActorRef; readonly type: 'ask' },
    },
  }).createMachine({
    context: { same: [] },
    on: {
      ask: {
        actions: [
          assign(({ context, event }) => ({
            last: event.from,
            same: [...context.same, context.last === event.from],
          })),
          sendTo(({ event }) => event.from, { type: 'answer' }),
        ],
      },
    },
  });
  const { actors } = expectSame({
    actors: { asker, broker, worker },
    script: [
      ['asker', { type: 'go' }],
      ['asker', { type: 'go' }],
    ],
  });
  expect(actors).toMatchObject({
    asker: { context: { log: ['answer', 'answer'] } },
    worker: { context: { last: '<asker>', same: [false, true] } },
  });
});

// XState docs "Actors → Actor references": an actor knows itself when its reference comes back.
test('an actor knows its own reference when it comes back', () => {
  const pupil = createMachine({
    context: { isMe: false },
    on: {
      go: {
        actions: sendTo(
          ({ system }) => system.get('mirror'),
          ({ self }) => ({ ref: self, type: 'show' }),
        ),
      },
      shown: { actions: assign({ isMe: ({ event, self }) => event['ref'] === self }) },
    },
  });
  const mirror = setup({
    types: { events: {} as { readonly ref: AnyActorRef; readonly type: 'show' } },
  }).createMachine({
    on: {
      show: {
        actions: sendTo(
          ({ event }) => event.ref,
          ({ event }) => ({ ref: event.ref, type: 'shown' }),
        ),
      },
    },
  });
  const { actors } = expectSame({
    actors: { pupil, mirror },
    script: [['pupil', { type: 'go' }]],
  });
  expect(actors['pupil']?.context).toEqual({ isMe: true });
});

// XState docs "Actions → Forward to" (forwardTo): the very event, under its own name.
test('forwards an event as it is', () => {
  const front = createMachine({
    on: { '*': { actions: forwardTo(({ system }) => system.get('back') as AnyActorRef) } },
  });
  const back = createMachine({ context: noWords, on: { '*': { actions: noteEvent() } } });
  const { actors } = expectSame({
    actors: { front, back },
    script: [
      ['front', { type: 'one', value: 1 }],
      ['front', { type: 'two', value: 2 }],
    ],
  });
  expect(actors['back']?.context).toEqual({ log: ['one 1', 'two 2'] });
});

// XState test topic "actor": what is sent to one that has ended is lost.
test('what is sent to an actor that has ended is lost', () => {
  const ends = createMachine({
    context: noWords,
    initial: 'a',
    states: { a: { on: { end: { actions: note('end'), target: 'b' } } }, b: { type: 'final' } },
  });
  const { actors, received } = expectSame({
    actors: { a: relay({ go: ['ends end', 'ends end'] }), ends },
    script: [['a', { type: 'go' }]],
  });
  expect(actors['ends']).toMatchObject({ context: { log: ['end'] }, status: 'done' });
  expect(received).toEqual(['a go', 'ends end']);
});
