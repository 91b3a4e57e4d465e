import { anything, assert, jsonValue, property } from 'fast-check';
import { expect, test } from 'vitest';

import { canonical, leafText } from '../../src/core/canonical.ts';
import { digest, isSameDigest } from '../../src/core/digest.ts';
import { isSame } from '../../src/core/same.ts';
import { fromEnvironment } from '../../src/testing/index.ts';

test('says what digests say', () => {
  assert(
    property(jsonValue({ maxDepth: 2 }), jsonValue({ maxDepth: 2 }), (first, second) => {
      const [one, two] = [canonical(first), canonical(second)];
      expect(isSame(one, two)).toBe(isSameDigest(digest(one), digest(two)));
    }),
    fromEnvironment(1_000),
  );
});

test('knows a copy from its original by nothing', () => {
  assert(
    property(jsonValue(), (value) => {
      expect(isSame(canonical(value), canonical(structuredClone(value)))).toBe(true);
    }),
    fromEnvironment(),
  );
});

test.each([
  [[1], [1, 2]],
  [[1], { 0: 1 }],
  [{ a: 1 }, { a: 2 }],
  [{ a: 1 }, { b: 1 }],
  [{ a: 1 }, { a: 1, b: 1 }],
  [{}, null],
  ['1', 1],
  [new Error('a'), new Error('b')],
  [new Error('a'), new TypeError('a')],
  [new Error('a'), {}],
  [leaf('x'), leaf('y')],
  [leaf('x'), {}],
])('tells apart %j and %j', (first, second) => {
  expect([isSame(first, second), isSame(second, first)]).toEqual([false, false]);
});

test('is true of anything and itself', () => {
  assert(
    property(anything(), (value) => {
      expect(isSame(value, value)).toBe(true);
    }),
    fromEnvironment(),
  );
});

function leaf(text: string): object {
  return Object.assign(Object.create({}) as object, { [leafText]: text });
}
