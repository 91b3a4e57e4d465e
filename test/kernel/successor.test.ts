import { expect, test } from 'vitest';
import { setup, spawnChild, stopChild } from 'xstate';

import { defineSystem } from '../../src/index.ts';
import { walk } from './talk.ts';

const middle = setup({}).createMachine({ id: 'middle' });
const top = setup({ actors: { middle } }).createMachine({
  id: 'top',
  entry: spawnChild('middle', { id: 'kid' }),
  on: {
    renew: { actions: [stopChild('kid'), spawnChild('middle', { id: 'kid' })] },
    stop: { actions: stopChild('kid') },
  },
});

/** A parent with a child; the environment may have it stop the child, or put another in its place. */
function family(faults = {}) {
  const inputs = ['renew', 'stop'].map((type) => ({ event: { type }, budget: 1 }));
  return defineSystem({
    name: 'family',
    actors: [{ address: 'top', machine: top, inputs }],
    faults,
  });
}

test('a successor starts once its predecessor has stopped', () => {
  const at = walk(family()).take('input renew to top');
  expect(at.offered()).toEqual(['deliver xstate.stop top -> top/kid', 'input stop to top']);
  expect(at.take('deliver xstate.stop top -> top/kid').offered()).toEqual(['input stop to top']);
});

test('a crash leaves nothing of a successor that waited', () => {
  const at = walk(family({ crash: 1 })).take('input renew to top', 'crash top');
  expect(at.offered()).toEqual([]);
  expect(at.world.links).toEqual({});
});
