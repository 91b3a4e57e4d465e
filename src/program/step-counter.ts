import { invariant } from '../core/errors.ts';

/**
 * Counts steps; the call after the last that is allowed throws.
 *
 * @throws {SimulationError} `program/too-many-steps`
 */
export function createStepCounter(fn: string, stepsMax: number): () => void {
  let steps = 0;
  return () => {
    steps += 1;
    invariant(
      steps <= stepsMax,
      'program/too-many-steps',
      `Function "${fn}" took ${stepsMax} steps without a remote request. Look for a loop that never ` +
        'ends, or raise stepsMax.',
    );
  };
}
