import * as fc from 'fast-check';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { expect, test } from 'vitest';

import { createRandom } from '../../src/core/random.ts';

test('the same seed gives the same numbers, everywhere', () => {
  expect(numbers(42)).toEqual(numbers(42));
  expect(numbers(42)).not.toEqual(numbers(43));
  expect(numbers(42)).toMatchInlineSnapshot(`
    [
      5,
      25,
      35,
      20,
      34,
      84,
      52,
      87,
    ]
  `);
});

test('numbers are those of pure-rand', () => {
  const counts = fc.array(fc.oneof(fc.nat({ max: 9 }), fc.integer({ max: 2 ** 33, min: 1 })));
  fc.assert(
    fc.property(fc.integer(), counts, (seed, all) => {
      const random = createRandom(seed);
      const generator = xoroshiro128plus(seed);
      const expected = all.map((count) => (count <= 1 ? 0 : uniformInt(generator, 0, count - 1)));
      expect(all.map(random.below)).toEqual(expected);
    }),
  );
});

test('numbers fill their range evenly', () => {
  const random = createRandom(1);
  const drawn = Array.from({ length: 3_000 }, () => random.below(3));
  const counts = [0, 1, 2].map((number) => drawn.filter((other) => other === number).length);
  expect(Math.min(...counts)).toBeGreaterThan(900);
});

test('there is nothing to choose among one or none', () => {
  const random = createRandom(1);
  expect([random.below(1), random.below(0)]).toEqual([0, 0]);
});

test('what is certain happens and what is impossible does not', () => {
  const random = createRandom(1);
  const certain = Array.from({ length: 100 }, () => random.chance(1));
  const impossible = Array.from({ length: 100 }, () => random.chance(0));
  expect(new Set(certain)).toEqual(new Set([true]));
  expect(new Set(impossible)).toEqual(new Set([false]));
});

function numbers(seed: number): readonly number[] {
  const random = createRandom(seed);
  return Array.from({ length: 8 }, () => random.below(100));
}
