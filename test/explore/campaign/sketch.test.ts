import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { digest } from '../../../src/core/digest.ts';
import { createSketcher, estimateOf, joinSketches } from '../../../src/explore/campaign/sketch.ts';
import { fromEnvironment } from '../../../src/testing/environment.ts';

function sketchOf(numbers: readonly number[]): string {
  const { add, sketch } = createSketcher();
  for (const number of numbers) add(digest(`world ${number}`));
  return sketch();
}

const numbers = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => from + index);

describe('a sketch', () => {
  test.each([0, 1, 40, 1_000, 5_000, 60_000])('of %i things says about so many', (count) => {
    expect(Math.abs(estimateOf(sketchOf(numbers(0, count))) - count)).toBeLessThanOrEqual(
      count * 0.08,
    );
  });

  test('of parts joined is that of the whole, whatever they have in common', () => {
    const some = fc.array(fc.nat({ max: 500 }), { maxLength: 200 });
    fc.assert(
      fc.property(some, some, (one, other) => {
        const [first, second] = [sketchOf(one), sketchOf(other)];
        const whole = sketchOf([...one, ...other]);
        expect(joinSketches(first, second)).toBe(whole);
        expect(joinSketches(second, joinSketches(first, second))).toBe(whole);
      }),
      fromEnvironment(50),
    );
  });
});
