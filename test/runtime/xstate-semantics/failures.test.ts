import { expect, test } from 'vitest';
import { assign, createMachine, raise, sendTo, setup, spawnChild } from 'xstate';

import { defineSystem, recorded, runSystem } from '../../../src/index.ts';
import { expectSame } from './both.ts';
import { fail } from './small-machines.ts';
import { announced, noteEvent, noWords, said } from './words.ts';

// XState test topic "errors": what an action throws ends the actor; its context is that before the step.
test('an error in an action ends the actor, and what its step deferred is not done', () => {
  const machine = setup({ actions: { act: recorded() } }).createMachine({
    context: noWords,
    on: {
      go: {
        actions: [
          noteEvent(),
          'act',
          sendTo(({ system }) => system.get('other'), { type: 'never' }),
          assign(() => fail('broken')),
          'act',
        ],
      },
    },
  });
  const other = createMachine({ context: noWords, on: { '*': { actions: noteEvent() } } });
  const { actors, did, received } = expectSame({
    actors: { a: machine, other },
    script: [
      ['a', { type: 'go' }],
      ['a', { type: 'go' }],
    ],
  });
  expect(actors['a']).toMatchObject({
    context: { log: [] },
    error: 'Error: broken',
    status: 'error',
  });
  expect(did['a']).toEqual([{ act: 'act' }]);
  expect(received).toEqual(['a go']);
});

// XState test topic "errors": a guard that throws ends the actor, and names the transition.
test('an error in a guard ends the actor and names the transition', () => {
  const machine = createMachine({
    id: 'm',
    on: { go: { actions: said('never'), guard: () => fail('no answer') } },
  });
  const { actors } = expectSame({ actors: { a: machine }, script: [['a', { type: 'go' }]] });
  expect(actors['a']?.status).toBe('error');
  expect(String(actors['a']?.error)).toMatch(
    /transition for event 'go' in state node 'm':\s+no answer/,
  );
});

// XState docs "options.maxIterations": an eventless loop is an error, not a hang.
test('an eventless loop ends in an error after maxIterations', () => {
  const machine = createMachine({
    initial: 'idle',
    options: { maxIterations: 20 },
    states: { idle: { on: { go: 'a' } }, a: { always: 'b' }, b: { always: 'a' } },
  });
  const { actors } = expectSame({ actors: { m: machine }, script: [['m', { type: 'go' }]] });
  expect(actors['m']).toMatchObject({ status: 'error', value: 'idle' });
  expect(String(actors['m']?.error)).toMatch(/Infinite loop detected/);
});

// XState docs "options.maxIterations": raised events count as well.
test('so does a loop of raised events', () => {
  const machine = createMachine({
    on: { again: { actions: raise({ type: 'again' }) }, go: { actions: raise({ type: 'again' }) } },
    options: { maxIterations: 20 },
  });
  const { actors } = expectSame({ actors: { m: machine }, script: [['m', { type: 'go' }]] });
  expect(actors['m']?.status).toBe('error');
});

// XState `createActor.ts`, `_initState`: an actor whose first step throws never starts.
test('an actor whose first step throws does nothing of it', () => {
  const machine = createMachine({
    context: { made: true },
    entry: [
      said('before'),
      sendTo(({ system }) => system.get('other'), { type: 'never' }),
      assign(() => fail('at once')),
    ],
  });
  const other = createMachine({ context: noWords, on: { '*': { actions: noteEvent() } } });
  const { actors, did } = expectSame({ actors: { other, a: machine } });
  expect(actors['other']?.context).toEqual({ log: [] });
  expect(actors['a']).toMatchObject({ error: 'Error: at once', status: 'error' });
  expect(did).toEqual({});
});

// XState test topic "errors": a factory of the context that throws.
test('a context that cannot be made ends the actor', () => {
  const machine = createMachine({ context: () => fail('no context') });
  const { actors } = expectSame({ actors: { a: machine } });
  expect(actors['a']).toMatchObject({ error: 'Error: no context', status: 'error' });
});

// XState docs "Actions → sendParent": a target that does not exist is the sender's own error.
test('a message to a child that does not exist ends its sender', () => {
  const machine = createMachine({
    entry: said('in'),
    on: { go: { actions: sendTo('nobody', { type: 'hello' }) } },
  });
  const { actors, did } = expectSame({ actors: { a: machine }, script: [['a', { type: 'go' }]] });
  expect(String(actors['a']?.error)).toMatch(/Unable to send event to actor 'nobody'/);
  expect(did['a']).toEqual(announced('in'));
});

// A deviation: XState leaves the children of an actor that threw running, with nobody above them.
test('the children of an actor that threw are gone with it', () => {
  const child = createMachine({ after: { 10: { actions: said('orphan') } } });
  const parent = setup({ actors: { child } }).createMachine({
    entry: spawnChild('child', { id: 'kid' }),
    on: { go: { actions: assign(() => fail('broken')) } },
  });
  const system = defineSystem({
    name: 'orphans',
    actors: [
      { address: 'parent', inputs: [{ budget: 1, event: { type: 'go' } }], machine: parent },
    ],
  });
  const { steps, world } = runSystem(system, {
    chooser: (options) => options.findIndex((choice) => choice?.type === 'input'),
  });
  expect(steps.flatMap(({ happened }) => happened).map(({ type }) => type)).toContain('stopped');
  expect(system.choices(world)).toEqual([]);
});
