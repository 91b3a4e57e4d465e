import { expect, test } from 'vitest';
import { assign, setup } from 'xstate';

import { defineSystem, entriesOf, ms, runSystem } from '../../src/index.ts';
import type { NodeId } from '../../src/index.ts';

const node = 'n' as NodeId;

const ledger = setup({
  types: {
    context: {} as { readonly name: string; readonly open: number; readonly written: number },
    events: {} as { readonly type: 'write' },
    input: {} as { readonly name: string },
  },
  actions: {
    write: assign({
      open: ({ context }) => context.open + 1,
      written: ({ context }) => context.written + 1,
    }),
  },
}).createMachine({
  context: ({ input }) => ({ name: input.name, open: 0, written: 0 }),
  initial: 'fresh',
  states: {
    fresh: { on: { write: { actions: 'write', target: 'used' } } },
    used: { on: { write: { actions: 'write' } } },
  },
});

test('what was declared durable survives a crash, all else is made anew, and goes on from there', () => {
  const system = defineSystem({
    name: 'ledger',
    actors: [
      {
        address: 'ledger',
        durable: ['written'],
        input: { name: 'book' },
        inputs: [{ budget: 3, event: { type: 'write' } }],
        machine: ledger,
        node,
      },
    ],
    plan: [
      { after: ms(1), fault: { node, type: 'crash' } },
      { after: ms(1), fault: { node, type: 'restart' } },
    ],
  });
  let writes = 0;
  const { world } = runSystem(system, {
    chooser: (options) => {
      const input = options.findIndex((choice) => choice?.type === 'input');
      writes += 1;
      // Two before the crash, one after the restart.
      return input >= 0 && (writes <= 2 || options[0] === undefined) ? input : 0;
    },
  });
  const local = Object.fromEntries(entriesOf(world.actors))['ledger']?.local;
  expect(local).toMatchObject({
    context: { name: 'book', open: 1, written: 3 },
    value: 'used',
  });
});
