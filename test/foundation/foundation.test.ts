import { expect, test } from 'vitest';
import { setup } from 'xstate';

import { twoPhaseCommit } from '../../examples/protocols/two-phase-commit.ts';
import { defineSystem, getIn, keysOf } from '../../src/index.ts';
import { breadthFirst } from './breadth-first.ts';

test.each([
  [2, 56],
  [3, 288],
])('two-phase commit with %i resource managers has %i states', (rms, states) => {
  expect(breadthFirst(defineSystem(twoPhaseCommit({ rms }))).states).toBe(states);
});

test('no resource manager commits while another aborts', () => {
  const system = defineSystem(twoPhaseCommit({ rms: 3 }));
  const outcomes = breadthFirst(system).ends.map((world) =>
    ['rm1', 'rm2', 'rm3'].map((rm) => getIn(world.actors, rm)?.local['value']),
  );
  expect(new Set(outcomes.map((values) => values.join(' ')))).toEqual(
    new Set(['aborted aborted aborted', 'committed committed committed']),
  );
});

test.each([
  // Both at one beat, or one of them a moment ahead of the other.
  ['timed', 6],
  ['untimed', 4],
] as const)('periodic timers have a finite space when %s', (time, states) => {
  const metronome = setup({}).createMachine({
    id: 'metronome',
    initial: 'tick',
    states: { tick: { after: { 10: 'tock' } }, tock: { after: { 10: 'tick' } } },
  });
  const system = defineSystem({
    name: 'metronomes',
    actors: [
      { address: 'left', machine: metronome },
      { address: 'right', machine: metronome },
    ],
    time,
  });
  expect(breadthFirst(system)).toEqual({ ends: [], states });
});

test('two spawns that commute end in one state, whichever came first', () => {
  const child = setup({}).createMachine({ id: 'child' });
  const parent = setup({ actors: { child } }).createMachine({
    id: 'parent',
    initial: 'alone',
    states: {
      alone: { on: { 'child.wanted': 'together' } },
      together: { invoke: { src: 'child' } },
    },
  });
  const inputs = [{ event: { type: 'child.wanted' }, budget: 1 }];
  const system = defineSystem({
    name: 'parents',
    actors: [
      { address: 'ann', machine: parent, inputs },
      { address: 'bob', machine: parent, inputs },
    ],
  });
  const { ends, states } = breadthFirst(system);
  expect(states).toBe(4);
  expect(ends.map((world) => keysOf(world.actors))).toEqual([
    ['ann', 'ann/0.parent.together', 'bob', 'bob/0.parent.together'],
  ]);
});
