/** What worlds are compared by must not depend on what happened to come first. */
import { expect, test } from 'vitest';
import type { AnyActorLogic } from 'xstate';
import { assign, createMachine, setup, spawnChild } from 'xstate';

import { defineSystem, entriesOf, runSystem } from '../../src/index.ts';
import type { System } from '../../src/index.ts';
import { player, relay } from './xstate-semantics/small-machines.ts';

const child = createMachine({ id: 'shared' });

function spawner(id: string, source: 'inline' | 'named'): AnyActorLogic {
  return setup({ actors: { child } }).createMachine({
    context: {},
    id,
    on: {
      go: {
        actions:
          source === 'named'
            ? spawnChild('child', { id: 'kid' })
            : assign({ kid: ({ spawn }) => spawnMade(spawn as never) }),
      },
    },
  });
}

/** An inline machine has no name in the set-up that spawns it. */
function spawnMade(spawn: (logic: AnyActorLogic, options: { readonly id: string }) => unknown) {
  return spawn(createdOnce, { id: 'kid' });
}

const createdOnce = createMachine({ id: 'made' });

function twoSpawners(source: 'inline' | 'named'): System {
  const inputs = [{ budget: 1, event: { type: 'go' } }];
  return defineSystem({
    name: 'spawners',
    actors: [
      { address: 'a', inputs, machine: spawner('first', source) },
      { address: 'b', inputs, machine: spawner('second', source) },
    ],
  });
}

/** The hash of the end, and the names of the logics, when `order` gives the inputs. */
function endOf(source: 'inline' | 'named', order: readonly string[]): readonly string[] {
  const waiting = [...order];
  const system = twoSpawners(source);
  const { hash, world } = runSystem(system, {
    chooser: (options) => {
      const next = waiting.shift();
      return Math.max(
        0,
        options.findIndex((choice) => choice?.type === 'input' && choice.actor === next),
      );
    },
  });
  return [hash, ...[...entriesOf(world.actors)].map(([at, { logic }]) => `${at} ${logic}`)];
}

test.each(['inline', 'named'] as const)(
  'a machine that two spawn is called the same whoever comes first (%s)',
  (source) => {
    const end = endOf(source, ['a', 'b']);
    expect(endOf(source, ['b', 'a'])).toEqual(end);
    expect(end).toHaveLength(5);
  },
);

test('two actors of one systemId are a mistake', () => {
  const machine = setup({ actors: { child } }).createMachine({
    entry: [
      spawnChild('child', { id: 'one', systemId: 'service' }),
      spawnChild('child', { id: 'two', systemId: 'service' }),
    ],
  });
  const system = defineSystem({ actors: [{ address: 'a', machine }], name: 'twins' });
  expect(() => system.start()).toThrow(
    /"a\/two" starts with the systemId "service", which "a\/one" has/,
  );
});

test('a long exchange of two actors leaves no trace in the order of what is next', () => {
  const system = defineSystem({
    name: 'rally',
    actors: [
      {
        address: 'ping',
        inputs: [{ budget: 1, event: { type: 'ball' } }],
        machine: player('pong'),
        node: 'n',
      },
      { address: 'pong', machine: player('ping'), node: 'n' },
      { address: 'other', machine: relay({}), node: 'n' },
    ],
  });
  const depths: number[] = [];
  runSystem(system, {
    chooser: (options) =>
      Math.max(
        0,
        options.findIndex((choice) => choice?.type === 'input'),
      ),
    onStep: (_, { ledger }) => {
      let depth = 0;
      for (let open = ledger.agenda; open !== undefined; open = open.below) depth += 1;
      depths.push(depth);
    },
  });
  expect(depths).toHaveLength(102);
  expect(Math.max(...depths)).toBeLessThan(4);
});
