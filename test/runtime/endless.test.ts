import { describe, expect, test } from 'vitest';
import type { AnyActorLogic } from 'xstate';
import { createMachine, raise } from 'xstate';

import { defineSystem, runSystem } from '../../src/index.ts';

function run(machine: AnyActorLogic): void {
  const inputs = [{ budget: 1, event: { type: 'go' } }];
  const system = defineSystem({ name: 'endless', actors: [{ address: 'a', inputs, machine }] });
  runSystem(system, { chooser: (options) => options.length - 1 });
}

describe('a step that never comes to rest is an error', () => {
  test('of transitions without events that lead to one another', () => {
    const machine = createMachine({
      id: 'round',
      initial: 'rest',
      states: { a: { always: 'b' }, b: { always: 'a' }, rest: { on: { go: 'a' } } },
    });
    expect(() => {
      run(machine);
    }).toThrow(/^Machine "round" \(actor "a", state "rest"\): A step .* 10000 microsteps/);
  });

  test('of an event that raises itself', () => {
    const machine = createMachine({ on: { go: { actions: raise({ type: 'go' }) } } });
    expect(() => {
      run(machine);
    }).toThrow(/Look for a circle of `always`, of `raise`/);
  });

  test('in the first step too', () => {
    const machine = createMachine({
      initial: 'a',
      states: { a: { always: 'b' }, b: { always: 'a' } },
    });
    expect(() => {
      run(machine);
    }).toThrow(/10000 microsteps/);
  });

  test("while a machine's own limit is its own failure, as under XState", () => {
    const machine = createMachine({
      initial: 'rest',
      options: { maxIterations: 20 },
      states: { a: { always: 'b' }, b: { always: 'a' }, rest: { on: { go: 'a' } } },
    });
    expect(() => {
      run(machine);
    }).not.toThrow();
  });
});
