import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import type * as XState from 'xstate';

import { defineSystem, getIn, runSystem } from '../../src/index.ts';

// The copy that `require` gets, where this test and the runtime have the one of `import`.
// cast -- what a package exports is known by its own types
const other = createRequire(import.meta.url)('xstate') as typeof XState;

test('runs machines of another copy of XState', () => {
  const machine = other
    .setup({
      actors: {
        child: other.createMachine({
          id: 'child',
          initial: 'over',
          states: { over: { type: 'final' } },
        }),
      },
    })
    .createMachine({
      id: 'parent',
      initial: 'waiting',
      states: { waiting: { invoke: { src: 'child', onDone: 'told' } }, told: {} },
    });
  const { world } = runSystem(
    defineSystem({ name: 'two-copies', actors: [{ address: 'parent', machine }] }),
  );
  expect(getIn(world.actors, 'parent')?.local['value']).toBe('told');
});
