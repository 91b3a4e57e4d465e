/** Where XState has one order because it is one process, the world offers the others as well. */
import { expect, test } from 'vitest';
import type { AnyActorRef, EventObject } from 'xstate';
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

import { defineSystem, ms } from '../../../src/index.ts';
import type { System, World } from '../../../src/index.ts';
import { endsOf } from '../worlds.ts';
import { expectSame } from './both.ts';
import { systemOf } from './by-runtime.ts';
import { localAt } from './local-at.ts';
import type { Scenario } from './scenario.ts';
import { relay } from './small-machines.ts';
import { noteEvent, noWords } from './words.ts';

/** What `actor` has heard in each end of a scenario whose inputs come once each. */
function heardBy(actor: string, scenario: Scenario): readonly string[] {
  const { definition } = systemOf(scenario);
  const actors = definition.actors.map((declared) => ({
    ...declared,
    inputs: (declared.inputs ?? []).map(({ event }) => ({ budget: 1, event })),
  }));
  const system = defineSystem({ ...definition, actors });
  return [...endsOf(system, (world) => logOf(world, actor))].toSorted();
}

function logOf(world: World, actor: string): string {
  const { log } = (localAt(world, actor)?.['context'] ?? noWords) as typeof noWords;
  return log.join(' ');
}

/** Both: what XState's order gives, and what all orders give. */
function ordersOf(actor: string, scenario: Scenario) {
  const same = expectSame(scenario);
  return { all: heardBy(actor, scenario), first: logOf(same.world, actor) };
}

test('what two senders write to one receiver may come in either order', () => {
  const { all, first } = ordersOf('d', {
    actors: {
      a: relay({ go: ['b x', 'c x'] }),
      b: relay({ x: ['d from.b'] }),
      c: relay({ x: ['d from.c'] }),
      d: relay({}),
    },
    script: [['a', { type: 'go' }]],
  });
  expect(first).toBe('from.b from.c');
  expect(all).toEqual(['from.b from.c', 'from.c from.b']);
});

test('what one sender writes to one receiver never changes its order', () => {
  const { all } = ordersOf('b', {
    actors: { a: relay({ go: ['b one', 'b two', 'b three'] }), b: relay({}) },
    script: [['a', { type: 'go' }]],
  });
  expect(all).toEqual(['one two three']);
});

test('a busy actor may hear what is further down before what is next', () => {
  const { all, first } = ordersOf('a', {
    actors: {
      a: relay({ go: ['b start'] }),
      b: relay({ start: ['c first', 'a second'] }),
      c: relay({ first: ['a before'] }),
    },
    script: [['a', { type: 'go' }]],
  });
  expect(first).toBe('go before second');
  expect(all).toEqual(['go before second', 'go second before']);
});

test('a child that ends may say so before or after what others say of it', () => {
  const child = createMachine({
    initial: 'a',
    states: {
      a: { on: { end: 'b' } },
      b: {
        entry: sendTo(({ system }) => system.get('clerk'), { type: 'file' }),
        type: 'final',
      },
    },
  });
  const parent = setup({ actors: { child } }).createMachine({
    context: noWords,
    invoke: { id: 'kid', src: 'child' },
    on: { '*': { actions: noteEvent() }, end: { actions: sendTo('kid', { type: 'end' }) } },
  });
  const { all, first } = ordersOf('parent', {
    actors: { parent, clerk: relay({ file: ['parent filed'] }) },
    script: [['parent', { type: 'end' }]],
  });
  expect(first).toBe('filed xstate.done.actor.kid');
  expect(all).toEqual(['filed xstate.done.actor.kid', 'xstate.done.actor.kid filed']);
});

test('a child may be stopped before or after it hears what a third one sends it', () => {
  const child = createMachine({
    on: { hello: { actions: sendTo(({ system }) => system.get('friend'), { type: 'heard' }) } },
  });
  const parent = setup({
    actors: { child },
    types: { context: {} as { readonly kid: AnyActorRef } },
  }).createMachine({
    context: ({ spawn }) => ({ kid: spawn('child', { id: 'kid' }) }),
    on: {
      go: {
        actions: [
          sendTo(
            ({ system }) => system.get('friend'),
            ({ context }) => ({ type: 'call', who: context.kid }),
          ),
          stopChild('kid'),
        ],
      },
    },
  });
  const friend = createMachine({
    context: noWords,
    on: {
      '*': { actions: noteEvent() },
      call: { actions: [noteEvent(), sendTo(callerOf, { type: 'hello' })] },
    },
  });
  const { all, first } = ordersOf('friend', {
    actors: { friend, parent },
    script: [['parent', { type: 'go' }]],
  });
  expect(first).toBe('call heard');
  expect(all).toEqual(['call', 'call heard']);
});

test('two children that start may be heard of in either order', () => {
  const child = createMachine({ entry: sendParent(({ self }) => ({ type: self.id })) });
  const parent = setup({ actors: { child } }).createMachine({
    context: noWords,
    entry: [spawnChild('child', { id: 'left' }), spawnChild('child', { id: 'right' })],
    on: { '*': { actions: noteEvent() } },
  });
  const { all, first } = ordersOf('parent', { actors: { parent } });
  expect(first).toBe('left right');
  expect(all).toEqual(['left right', 'right left']);
});

test('timers that are due at one moment may fire in any order, and none before its moment', () => {
  const machine = createMachine({
    context: noWords,
    entry: [
      raise({ type: 'one' }, { delay: 10 }),
      raise({ type: 'two' }, { delay: 10 }),
      raise({ type: 'late' }, { delay: 11 }),
    ],
    on: { '*': { actions: noteEvent() } },
  });
  const { all, first } = ordersOf('a', { actors: { a: machine }, script: ['tick', 'tick'] });
  expect(first).toBe('one two late');
  expect(all).toEqual(['one two late', 'two one late']);
});

test('an input may come before, between or after what is under way', () => {
  const machine = createMachine({
    context: noWords,
    on: {
      '*': { actions: noteEvent() },
      go: { actions: sendTo(({ self }) => self, { type: 'mine' }) },
    },
  });
  const { all, first } = ordersOf('a', {
    actors: { a: machine },
    script: [
      ['a', { type: 'go' }],
      ['a', { type: 'push' }],
    ],
  });
  expect(first).toBe('mine push');
  expect(all).toEqual(['mine push', 'push mine']);
});

// A deviation: XState drops what a busy child has not read when it is stopped; here it reads it first.
test('a child hears all that its parent wrote before it stopped it', () => {
  const child = createMachine({
    on: {
      ask: { actions: sendParent({ type: 'asked' }) },
      more: { actions: sendTo(({ system }) => system.get('friend'), { type: 'heard' }) },
    },
  });
  const parent = setup({ actors: { child } }).createMachine({
    entry: spawnChild('child', { id: 'kid' }),
    on: {
      asked: { actions: [sendTo('kid', { type: 'more' }), stopChild('kid')] },
      go: { actions: sendTo('kid', { type: 'ask' }) },
    },
  });
  const scenario: Scenario = {
    actors: { friend: relay({}), parent },
    script: [['parent', { type: 'go' }]],
  };
  expect(heardBy('friend', scenario)).toEqual(['heard']);
});

test('the first of the choices is always the dullest, whatever was taken before', () => {
  const parent = setup({
    actors: { child: relay({ hi: ['a late'] }, ['a born', 'b born']) },
    types: { context: {} as { readonly kids: number } },
  }).createMachine({
    context: { kids: 0 },
    on: {
      grow: {
        actions: [
          spawnChild('child', { id: 'kid' }),
          sendTo('kid', { type: 'hi' }),
          raise({ type: 'tick' }, { delay: 1 }),
          assign({ kids: 1 }),
        ],
        guard: ({ context }) => context.kids === 0,
      },
      tick: { actions: sendTo(({ system }) => system.get('b'), { type: 'ticked' }) },
    },
  });
  const system = systemOf({
    actors: { a: relay({ go: ['parent grow', 'b x'], x: [] }), b: relay({ x: ['a y'] }), parent },
    script: [['a', { type: 'go' }]],
  });
  expect(differencesIn(system, 400)).toEqual([]);
});

function callerOf({ event }: { readonly event: EventObject }): AnyActorRef {
  return (event as unknown as { readonly who: AnyActorRef }).who;
}

/** Where the first of all choices is not the dullest, on a walk that takes the k-th in turn. */
function differencesIn(system: System, steps: number): readonly string[] {
  const found: string[] = [];
  let { world } = system.start();
  for (let step = 0; step < steps; step += 1) {
    const choices = system.choices(world);
    const own = choices.find(({ type }) => type === 'deliver' || type === 'fire');
    const dullest = system.dullest(world);
    if (own?.name !== dullest?.name) found.push(`${step}: ${own?.name} ${dullest?.name}`);
    const choice = choices[(step * 7) % Math.max(1, choices.length)];
    if (choice === undefined) return found;
    ({ world } = system.apply(world, choice));
  }
  return found;
}

test('between nodes a message takes its time, and the order of equal times is open too', () => {
  const actors = [
    {
      address: 'a',
      inputs: [{ budget: 1, event: { type: 'go' } }],
      machine: relay({ go: ['b x', 'c x'] }),
    },
    { address: 'b', machine: relay({ x: ['d from.b'] }) },
    { address: 'c', machine: relay({ x: ['d from.c'] }) },
    { address: 'd', machine: relay({}) },
  ];
  const system = defineSystem({ actors, name: 'apart', network: { latency: [ms(1)] } });
  const ends = endsOf(system, (world) => logOf(world, 'd'));
  expect([...ends].toSorted()).toEqual(['from.b from.c', 'from.c from.b']);
});
