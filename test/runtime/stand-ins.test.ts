import { describe, expect, test } from 'vitest';
import { assign, fromPromise, setup } from 'xstate';

import { defineSystem, entriesOf, ms, outcomes, runSystem, scripted } from '../../src/index.ts';
import type { Choice, System, World } from '../../src/index.ts';
import { endsOf } from './worlds.ts';

const notFound = new Error('not found');

const profile = setup({
  actors: { fetchUser: fromPromise(async (): Promise<string> => 'Ann') },
  types: { context: {} as { readonly event: unknown } },
}).createMachine({
  context: { event: undefined },
  id: 'profile',
  initial: 'loading',
  states: {
    loading: {
      after: { 20: 'late' },
      invoke: {
        id: 'user',
        onDone: { actions: assign({ event: ({ event }) => event }), target: 'shown' },
        onError: { actions: assign({ event: ({ event }) => event }), target: 'failed' },
        src: 'fetchUser',
      },
    },
    late: {},
    shown: {},
    failed: {},
  },
});

function systemWith(fetchUser: unknown): System {
  const machine = profile.provide({ actors: { fetchUser: fetchUser as never } });
  return defineSystem({ name: 'profile', actors: [{ address: 'page', machine }] });
}

function pageIn(world: World): Readonly<Record<string, unknown>> {
  return Object.fromEntries(entriesOf(world.actors))['page']?.local ?? {};
}

describe('outcomes', () => {
  test('each outcome at each moment is a choice, the first value at the first moment the dullest', () => {
    const system = systemWith(
      outcomes({ reject: [notFound], resolve: ['Ann', 'Bob'], within: [ms(5), ms(15)] }),
    );
    const choices = system.choices(system.start().world);
    expect(choices.map(wordsOf)).toEqual([
      'Ann at 5000',
      'Bob at 5000',
      'not found at 5000',
      'Ann at 15000',
      'Bob at 15000',
      'not found at 15000',
    ]);
  });

  test('ends with the events that XState has for promises', () => {
    const system = systemWith(outcomes({ reject: [notFound], resolve: ['Ann'] }));
    const { world } = system.start();
    const [resolves, rejects] = system.choices(world);
    expect(afterAll(system, world, resolves)).toMatchObject({
      context: { event: { actorId: 'user', output: 'Ann', type: 'xstate.done.actor.user' } },
      value: 'shown',
    });
    expect(afterAll(system, world, rejects)).toMatchObject({
      context: {
        event: {
          actorId: 'user',
          error: { message: 'not found' },
          type: 'xstate.error.actor.user',
        },
      },
      value: 'failed',
    });
  });

  test('an outcome that comes too late never comes: the timer was first', () => {
    const system = systemWith(outcomes({ resolve: ['Ann'], within: [ms(5), ms(30)] }));
    const ends = endsOf(system, (world) => String(pageIn(world)['value']));
    expect([...ends].toSorted()).toEqual(['late', 'shown']);
  });

  test('what can never end is refused', () => {
    expect(() => outcomes({})).toThrow(/neither a value to resolve with nor an error/);
  });
});

describe('scripted', () => {
  const listener = setup({
    actors: { socket: scripted([]) },
    types: { context: {} as { readonly log: readonly string[] } },
  }).createMachine({
    context: { log: [] },
    invoke: { id: 'socket', src: 'socket' },
    on: {
      '*': { actions: assign({ log: ({ context, event }) => [...context.log, event.type] }) },
    },
  });

  test('tells one event a step, each at its moment, and then is done', () => {
    const socket = scripted([
      { send: [{ type: 'open' }], within: [ms(10)] },
      { within: [ms(5)] },
      { send: [{ type: 'data' }, { type: 'lost' }], within: [ms(1)] },
    ]);
    const system = defineSystem({
      name: 'listening',
      actors: [{ address: 'page', machine: listener.provide({ actors: { socket } }) }],
    });
    const { steps } = runSystem(system);
    expect(steps.filter(({ choice }) => choice?.type === 'fire').map(({ at }) => at)).toEqual([
      10_000, 15_000, 16_000,
    ]);
    const logs = endsOf(system, (world) => JSON.stringify(pageIn(world)['context']));
    expect([...logs].toSorted()).toEqual([
      '{"log":["open","data","xstate.done.actor.socket"]}',
      '{"log":["open","lost","xstate.done.actor.socket"]}',
    ]);
  });

  test('is done at once where there is nothing to tell', () => {
    const system = defineSystem({
      name: 'silent',
      actors: [{ address: 'page', machine: listener }],
    });
    expect(pageIn(runSystem(system).world)['context']).toEqual({
      log: ['xstate.done.actor.socket'],
    });
  });
});

function wordsOf(choice: Choice): string {
  if (choice.type !== 'fire') return choice.type;
  const { error, output } = choice.event as { readonly error?: Error; readonly output?: string };
  return `${error?.message ?? output} at ${choice.after}`;
}

/** The page when `choice` was taken, and then the dullest. */
function afterAll(system: System, start: World, choice: Choice | undefined): object {
  let world = start;
  for (let next = choice; next !== undefined; next = system.dullest(world))
    ({ world } = system.apply(world, next));
  return pageIn(world);
}
