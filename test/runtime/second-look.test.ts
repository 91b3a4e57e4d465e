import { describe, expect, test } from 'vitest';
import type { AnyStateMachine } from 'xstate';
import { assign, createMachine } from 'xstate';

import type { Stepper } from '../../src/kernel/effect.ts';
import { createMachineStepper } from '../../src/runtime/machine.ts';
import { createSecondLook } from '../../src/runtime/second-look.ts';

const site = { address: 'a', logic: 'm' };

/** Gives the machine `go` so often, without the audit, and looks again. */
function goes(machine: AnyStateMachine, count: number): () => void {
  const { logics, stepper } = createMachineStepper();
  logics.declare([{ actor: 'a', logic: machine, name: 'm' }]);
  const second = createSecondLook();
  return () => {
    takeSteps(second.over(stepper), count);
    second.again();
  };
}

function takeSteps(stepper: Stepper, count: number): void {
  let { local } = stepper.start(site, undefined);
  for (let step = 0; step < count; step += 1)
    ({ local } = stepper.step(site, local, { type: 'go' }));
}

function counting(next: (count: number) => number): AnyStateMachine {
  return createMachine({
    context: { count: 0 },
    on: {
      go: {
        actions: assign({ count: ({ context }) => next((context as { count: number }).count) }),
      },
    },
  });
}

describe('a second look', () => {
  test('tells a module variable', () => {
    let hidden = 0;
    const machine = counting(() => (hidden += 1));
    expect(goes(machine, 1)).toThrow(/"a" \(m\) computed one step twice with two outcomes/);
  });

  test('tells a clock that stands still for a while, when all is over', () => {
    let reads = 0;
    // Eight steps and looks back at them fit into the first moment.
    const machine = counting(() => ((reads += 1) <= 15 ? 0 : 1));
    expect(goes(machine, 8)).toThrow(/computed one step twice/);
  });

  test('is content with a machine that hides nothing', () => {
    expect(
      goes(
        counting((count) => count + 1),
        20,
      ),
    ).not.toThrow();
  });

  test('keeps a bounded number of steps', () => {
    let computed = 0;
    const machine = counting((count) => {
      computed += 1;
      return count + 1;
    });
    goes(machine, 5000)();
    expect(computed).toBeGreaterThan(5000);
    expect(computed).toBeLessThanOrEqual(5000 + 2 * 1000);
  });
});
