import { expect, test } from 'vitest';
import { createMachine, setup } from 'xstate';

import { twoPhaseCommit } from '../../examples/protocols/two-phase-commit.ts';
import { search, runSystem } from '../../src/index.ts';
import { observeSystem } from '../../src/runtime/system.ts';

const machine = setup({
  actors: { helper: createMachine({ id: 'helper', initial: 'idle', states: { idle: {} } }) },
  delays: { soon: 5 },
  guards: { isLate: () => false },
}).createMachine({
  id: 'door',
  initial: 'closed',
  on: { kicked: '.broken' },
  states: {
    closed: { on: { knocked: 'checking' } },
    checking: { always: [{ guard: 'isLate', target: 'locked' }, { target: 'open' }] },
    open: { after: { soon: 'closed' } },
    locked: { invoke: { src: 'helper', onDone: 'open' } },
    broken: { type: 'final' },
  },
});

const inputs = [{ budget: 1, event: { type: 'knocked' } }];

test('says which states, events and transitions never were', () => {
  const { coverage, system } = observeSystem({
    name: 'door',
    actors: [{ address: 'front', inputs, machine }],
  });
  expect(coverage()[0]?.transitions).toMatchObject({ all: 6 });
  runSystem(system, { chooser: (options) => options.length - 1 });
  expect(coverage()).toEqual([
    {
      machine: 'door',
      states: { all: 5, never: ['locked', 'broken'] },
      events: { all: 4, never: ['kicked', '0.door.locked done'] },
      transitions: {
        all: 6,
        never: [
          'kicked -> broken',
          'checking: always [isLate] -> locked',
          'locked: 0.door.locked done -> open',
        ],
      },
    },
    {
      machine: 'door>helper',
      states: { all: 1, never: ['idle'] },
      events: { all: 0, never: [] },
      transitions: { all: 0, never: [] },
    },
  ]);
});

test('sees through the memory of a search', () => {
  const { coverage, system } = observeSystem(twoPhaseCommit({ rms: 2 }));
  search(system);
  for (const { events, states, transitions } of coverage()) {
    expect([events.never, states.never]).toEqual([[], []]);
    // The bug that can be planted there has not been.
    expect(transitions.never).toEqual(
      transitions.all === 3 ? [] : ['prepared: abort.decided [breaksItsWord] -> aborted'],
    );
  }
});
