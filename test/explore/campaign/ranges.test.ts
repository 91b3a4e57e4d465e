import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { firstGap, isApart, sizeOf, withSpan } from '../../../src/explore/campaign/ranges.ts';
import type { Spans } from '../../../src/explore/campaign/ranges.ts';
import { fromEnvironment } from '../../../src/testing/environment.ts';

test('spans are the set of their numbers', () => {
  const one = fc.tuple(fc.nat({ max: 40 }), fc.nat({ max: 8 }));
  fc.assert(
    fc.property(fc.array(one, { maxLength: 12 }), one, (added, [from, count]) => {
      const set = new Set(added.flatMap(([at, size]) => range(at, at + size)));
      const spans = added.reduce<Spans>(
        (all, [at, size]) => withSpan(all, { end: at + size, from: at }),
        [],
      );
      expect(spans.flatMap((span) => range(span.from, span.end))).toEqual(
        [...set].toSorted((first, second) => first - second),
      );
      expect(sizeOf(spans)).toBe(set.size);
      const gap = firstGap(spans, 50);
      const missing = range(0, 50).filter((number) => !set.has(number));
      expect(gap?.from).toBe(missing[0]);
      expect(gap && range(gap.from, gap.end).some((number) => set.has(number))).toBe(false);
      const isFree = range(from, from + count).every((number) => !set.has(number));
      expect(count === 0 || isApart(spans, { end: from + count, from })).toBe(isFree);
    }),
    fromEnvironment(100),
  );
});

function range(from: number, end: number): readonly number[] {
  return Array.from({ length: Math.max(0, end - from) }, (_, index) => from + index);
}
