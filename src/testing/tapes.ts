import { array, assert, nat, property } from 'fast-check';
import type { Arbitrary } from 'fast-check';

import { fromEnvironment } from './environment.ts';

/**
 * Runs as draws: small numbers, each an answer at one point of a run, given to it by `draws`. A number
 * that is too large is clamped, so a counterexample shrinks to few and small ones.
 */
export function tapes(): Arbitrary<readonly number[]> {
  return array(nat({ max: 7 }), { maxLength: 64 });
}

/**
 * Checks a claim about many runs: `checkAllTapes((tape) => { … runSystem(system, { chooser: draws(tape) }) … })`.
 * Seed and number of runs come from `ORRERY_SEED` and `ORRERY_RUNS`.
 *
 * @throws whatever `check` throws, with the smallest draws for which it does.
 */
export function checkAllTapes(check: (tape: readonly number[]) => void): void {
  // What an assertion returns is nobody's verdict; fast-check would take it for one.
  const checked = property(tapes(), (tape) => {
    check(tape);
  });
  assert(checked, fromEnvironment());
}
