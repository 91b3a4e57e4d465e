import { expect } from 'vitest';

import { runByRuntime } from './by-runtime.ts';
import type { RunByRuntime } from './by-runtime.ts';
import { runByXState } from './by-xstate.ts';
import type { Scenario } from './scenario.ts';

/**
 * Runs a scenario both ways and expects the same states, contexts, actions and order of events; then
 * the tape alone must repeat it. What it was is given back, so that a test can say what it should be.
 */
export function expectSame(scenario: Scenario): RunByRuntime {
  const run = runByRuntime(scenario);
  const { actors, did, received, isRepeatable } = run;
  expect({ actors, did, received }).toEqual(runByXState(scenario));
  expect(isRepeatable).toBe(true);
  return run;
}
