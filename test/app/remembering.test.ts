import { expect, test } from 'vitest';

import { tracedCall } from '../../examples/tutorials/traced-call.ts';
import { remembering } from '../../src/app/cli/remembering.ts';
import { defineSystem, randomWalk, runSystem } from '../../src/index.ts';
import { couriers, everyFault } from '../trace/couriers.ts';

test.each([
  ['couriers with every fault', couriers(3, { faults: everyFault })],
  ['a traced call', defineSystem(tracedCall())],
])('a system that remembers runs like one that does not: %s', (_, system) => {
  const quick = remembering(system);
  for (let seed = 0; seed < 15; seed += 1) {
    const chooser = () => randomWalk(seed, { faultRate: 0.2 });
    const slow = runSystem(system, { chooser: chooser() });
    const fast = runSystem(quick, { chooser: chooser() });
    expect(fast.hash).toBe(slow.hash);
    expect(fast.steps).toEqual(slow.steps);
  }
});

test('computes a step of an actor in a given state only once', () => {
  let computed = 0;
  const system = defineSystem(tracedCall());
  const { rules, stepper } = system.mechanics;
  const counted = {
    ...system,
    mechanics: {
      ...system.mechanics,
      rules,
      stepper: {
        ...stepper,
        step: (...given: Parameters<typeof stepper.step>) => {
          computed += 1;
          return stepper.step(...given);
        },
      },
    },
  };
  const quick = remembering(counted);
  runSystem(quick);
  const first = computed;
  expect(first).toBeGreaterThan(10);
  runSystem(quick);
  expect(computed).toBe(first);
});
