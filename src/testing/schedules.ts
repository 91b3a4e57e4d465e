import type { Arbitrary } from 'fast-check';

import { createDrawsRunner } from '../explore/sampling/draws-runner.ts';
import type { DrawnRun, DrawsRunnerOptions } from '../explore/sampling/draws-runner.ts';
import type { System } from '../runtime/system.ts';
import { tapes } from './tapes.ts';

/** A run of a system, and the draws that make it. */
export interface Schedule extends DrawnRun {
  readonly numbers: readonly number[];
}

/**
 * Runs of a system by draws, each judged by `properties` as it is made:
 * `fc.property(schedules(system, { properties }), ({ broken }) => broken === undefined)`. Steps that were
 * taken before cost a look-up, so that a property can look at very many of them.
 */
export function schedules(system: System, options: DrawsRunnerOptions = {}): Arbitrary<Schedule> {
  const runner = createDrawsRunner(system, options);
  return tapes().map((numbers) => ({ numbers, ...runner.run(numbers) }));
}
