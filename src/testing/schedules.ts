import type { Arbitrary } from 'fast-check';

import { createDrawsRunner } from '../explore/sampling/draws-runner.ts';
import type { DrawnRun, DrawsRunnerOptions } from '../explore/sampling/draws-runner.ts';
import type { System } from '../runtime/system.ts';
import { packedTapes, tapes } from './tapes.ts';

/** A run of a system, and the draws that make it. */
export interface Schedule extends DrawnRun {
  readonly numbers: readonly number[];
}

/** How runs are drawn and judged. */
interface SchedulesOptions extends DrawsRunnerOptions {
  /** Draws of a run at most, for long runs: then they are drawn in packets, which is quicker. */
  readonly drawsMax?: number;
}

/**
 * Runs of a system by draws, each judged by `properties` as it is made:
 * `fc.property(schedules(system, { properties }), ({ broken }) => broken === undefined)`. Steps that were
 * taken before cost a look-up, so that a property can look at very many of them.
 */
export function schedules(
  system: System,
  { drawsMax, ...options }: SchedulesOptions = {},
): Arbitrary<Schedule> {
  const runner = createDrawsRunner(system, options);
  const drawn = drawsMax === undefined ? tapes() : packedTapes(drawsMax);
  // Field by field: to spread a record costs as much as some steps of a run.
  return drawn.map((numbers) => {
    const { broken, ended, run, steps } = runner.run(numbers);
    return { broken, ended, numbers, run, steps };
  });
}
