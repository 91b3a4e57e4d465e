import { describe, expect, test } from 'vitest';
import type { AnyActorLogic } from 'xstate';
import { assign, createMachine, sendTo, setup } from 'xstate';

import { defineSystem, runSystem } from '../../src/index.ts';

/** Two actors of one machine, each given `go` twice. */
function runTwice(machine: AnyActorLogic): void {
  const inputs = [{ budget: 2, event: { type: 'go' } }];
  const system = defineSystem({
    name: 'audited',
    actors: [
      { address: 'a', inputs, machine },
      { address: 'b', inputs, machine },
    ],
  });
  runSystem(system, { chooser: (options) => options.length - 1 });
}

describe('the audit, which is on in all tests, catches', () => {
  test('a counter of the module in an action', () => {
    let count = 0;
    const machine = createMachine({
      context: { id: 0 },
      on: { go: { actions: assign({ id: () => (count += 1) }) } },
    });
    expect(() => runTwice(machine)).toThrow(/"b" \(\(machine\)\) computed one step twice/);
  });

  test('a random number in the context', () => {
    const machine = createMachine({ context: () => ({ id: Math.random() }) });
    expect(() => runTwice(machine)).toThrow(
      /look for a module variable, a clock or a random number/,
    );
  });

  test('a random delay', () => {
    const machine = setup({ delays: { soon: () => Math.random() * 100 } }).createMachine({
      initial: 'on',
      states: { on: { after: { soon: 'off' } }, off: {} },
    });
    expect(() => runTwice(machine)).toThrow(/computed one step twice/);
  });

  test('a guard that remembers how often it was asked', () => {
    let asked = 0;
    const machine = createMachine({
      entry: sendTo(({ self }) => self, { type: 'knock' }),
      initial: 'shut',
      states: { open: {}, shut: { on: { knock: { guard: isEven, target: 'open' } } } },
    });
    function isEven(): boolean {
      asked += 1;
      return asked % 2 === 0;
    }
    expect(() => runTwice(machine)).toThrow(/computed one step twice/);
  });

  test('an object that a machine keeps and changes', () => {
    const shared = { hits: 0 };
    const machine = createMachine({
      context: { hits: 0 },
      on: {
        go: {
          actions: assign(() => {
            shared.hits += 1;
            return { hits: shared.hits };
          }),
        },
      },
    });
    expect(() => runTwice(machine)).toThrow(/computed one step twice/);
  });
});

test('a machine that uses only what it is given passes the audit, its own id included', () => {
  const machine = setup({
    types: { context: {} as { readonly hits: number; readonly me: string } },
  }).createMachine({
    context: ({ self }) => ({ hits: 0, me: self.id }),
    on: { go: { actions: assign({ hits: ({ context }) => context.hits + 1 }) } },
  });
  expect(() => runTwice(machine)).not.toThrow();
});
