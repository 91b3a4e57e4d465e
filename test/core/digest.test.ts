import { assert, jsonValue, property, shuffledSubarray } from 'fast-check';
import { describe, expect, test } from 'vitest';

import { canonical } from '../../src/core/canonical.ts';
import { chain, digest, formatDigest, isSameDigest, join } from '../../src/core/digest.ts';
import type { Digest } from '../../src/core/digest.ts';
import { fromEnvironment } from '../../src/testing/index.ts';

const textOf = (value: unknown): string => formatDigest(digest(canonical(value)));

describe('a digest', () => {
  test('is the same in every process and version', () => {
    expect(textOf({ a: [1, 'two', true, null, -3.5], b: {} })).toMatchInlineSnapshot(
      `"3f289fa7776d68e2"`,
    );
  });

  test('tells apart what is different', () => {
    const values = [
      [undefined, null, false, true, 0, 1, -1, '', '0', 'a', [], {}, [[]], [{}], { a: 1 }],
      [[1, 2], [2, 1], [1, [2]], { a: 2 }, { b: 1 }, { a: { a: 1 } }, 'ab', 'ba', 1n, '1'],
      [2 ** 31, 2 ** 31 - 1, -(2 ** 31), 2 ** 32, 2 ** 53, 0.5, Number.NaN, Infinity, -Infinity],
      [[undefined], [null], ['a', 'b'], ['ab'], ['a', ''], ['', 'a'], 1e-300, 4_294_967_297],
    ].flat(1);
    expect(new Set(values.map(textOf)).size).toBe(values.length);
  });

  test('tells texts of different kinds apart, whatever their letters', () => {
    const letters = Array.from({ length: 256 }, (_, unit) => String.fromCharCode(unit));
    const numbers = letters.map((_, index) => BigInt(index));
    expect(new Set([...letters, ...numbers].map(textOf)).size).toBe(512);
  });

  test('does not see the order of keys nor the sign of zero', () => {
    expect(textOf({ a: 1, b: -0 })).toBe(textOf({ b: 0, a: 1 }));
  });

  test('is one for equal data, however it was made', () => {
    assert(
      property(jsonValue(), (value) => {
        const copy: unknown = JSON.parse(JSON.stringify(value));
        expect(textOf(copy)).toBe(textOf(value));
      }),
      fromEnvironment(),
    );
  });

  test('of an error sees its name and message', () => {
    expect(textOf(new Error('a'))).not.toBe(textOf(new Error('b')));
    expect(textOf(new Error('a'))).not.toBe(textOf(new TypeError('a')));
    expect(textOf(new Error('a'))).toBe(textOf(new Error('a')));
  });

  test('never collides over a million values of any one shape', () => {
    const shapes: readonly ((index: number) => unknown)[] = [
      (index) => index,
      (index) => index / 3,
      (index) => `message-${index}`,
      (index) => [index % 100, index % 101, index],
    ];
    const seen = new Set<bigint>();
    const each = 250_000;
    for (const shape of shapes) {
      for (let index = 0; index < each; index += 1) {
        const { a, b } = digest(shape(index + 1));
        seen.add((BigInt(a) << 32n) | BigInt(b));
      }
    }
    // `1 / 3 * 3k` is the integer k.
    const shared = Math.floor(each / 3);
    expect(seen.size).toBe(shapes.length * each - shared);
  });
});

describe('combining', () => {
  const [one, two, three] = [digest(1), digest(2), digest(3)];

  test('in a chain, order and grouping matter', () => {
    expect(chain(one, two)).not.toEqual(chain(two, one));
    expect(chain(chain(one, two), three)).not.toEqual(chain(one, chain(two, three)));
  });

  test('in a bag, only how often something is there matters', () => {
    const numbers = Array.from({ length: 8 }, (_, index) => index);
    assert(
      property(shuffledSubarray(numbers, { minLength: 8 }), (order) => {
        expect(isSameDigest(bag(order), bag(numbers))).toBe(true);
      }),
      fromEnvironment(),
    );
    expect(bag([1, 1, 2])).not.toEqual(bag([1, 2, 2]));
  });
});

function bag(members: readonly number[]): Digest {
  return members.map((member) => digest(member)).reduce(join);
}
