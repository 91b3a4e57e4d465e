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

const drawsInOne = 8;
const bitsOfDraw = 3;

/**
 * Up to so many draws, eight to a number: where runs are quick, most of the time goes into drawing. They
 * shrink as well, to few and small numbers, but less evenly.
 */
export function packedTapes(drawsMax: number): Arbitrary<readonly number[]> {
  const packed = nat({ max: 2 ** (drawsInOne * bitsOfDraw) - 1 });
  const maxLength = Math.ceil(drawsMax / drawsInOne);
  return array(packed, { maxLength, size: 'max' }).map(unpacked);
}

/** The first draws stand in the last places. */
function unpacked(numbers: readonly number[]): readonly number[] {
  const all: number[] = [];
  for (const number of numbers) {
    let left = number;
    for (let count = 0; count < drawsInOne; count += 1) {
      all.push(left & ((1 << bitsOfDraw) - 1));
      left >>>= bitsOfDraw;
    }
  }
  return all;
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
