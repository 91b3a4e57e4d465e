/* oxlint-disable typescript/no-useless-default-assignment, typescript/unbound-method -- functions as text */
/** The texts are those that Python was seen to print for the same functions and arguments. */
import { describe, expect, test } from 'vitest';

import { pythonArguments } from '../../../../machines/rpc/signatures/python-arguments.ts';
import type { Fitted } from '../../../../machines/rpc/signatures/python-arguments.ts';
import { takenBy } from '../../../../machines/rpc/signatures/source.ts';
import type { AnyFunction } from '../../../../machines/rpc/signatures/source.ts';

function ofAll(): number {
  return arguments.length;
}

type Given = readonly [args: readonly unknown[], kwargs?: Readonly<Record<string, unknown>>];

function call(fn: AnyFunction, [args, kwargs]: Given): Fitted | undefined {
  const taken = takenBy(fn);
  return taken && pythonArguments({ ...taken, name: 'f' }, { args, kwargs });
}

const one = (x: number): number => x;
const two = function* (x: number, y = 3) {
  yield x + y;
};
const three = {
  *three(a: number, b: number, c: number) {
    yield a + b + c;
  },
}.three;

describe('what a function takes is read from its text', () => {
  test.each([
    [(): number => 1, 0, false],
    [one, 1, false],
    [two, 2, false],
    [three, 3, false],
    [(a: number, ...rest: readonly number[]): number => a + rest.length, 1, true],
    [({ a }: { readonly a: number }, [b]: readonly number[] = [1]): unknown => [a, b], 2, false],
    [
      (a = ')', b = [1, Math.max(2, 3)], c = (d: number): number => d /* , e */): unknown => [
        a,
        b,
        c,
      ],
      3,
      false,
    ],
    [async (a: number): Promise<number> => a, 1, false],
  ])('%s', (fn, count, hasRest) => {
    const taken = takenBy(fn);
    expect(taken?.parameters).toHaveLength(count);
    expect(taken?.hasRest).toBe(hasRest);
  });

  test('and not where that does not say it', () => {
    expect([takenBy(ofAll), takenBy(Math.max), takenBy(one.bind(undefined))]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(takenBy((a = `)`) => a)).toBeUndefined();
  });
});

test.each([
  [one, [[1, 2]], 'f() takes 1 positional argument but 2 were given'],
  [(): number => 1, [[1]], 'f() takes 0 positional arguments but 1 was given'],
  [two, [[1, 2, 3]], 'f() takes from 1 to 2 positional arguments but 3 were given'],
  [three, [[1, 2, 3, 4]], 'f() takes 3 positional arguments but 4 were given'],
  [one, [[1], { z: 1 }], "f() got an unexpected keyword argument 'z'"],
  [one, [[1], { x: 1 }], "f() got multiple values for argument 'x'"],
  [one, [[1, 2], { z: 1 }], "f() got an unexpected keyword argument 'z'"],
] as const)('%s called with %j: %s', (fn, given, misfit) => {
  expect(call(fn, given)).toEqual({ misfit });
});

test('what is given by name comes to its place', () => {
  expect(call(three, [[1], { c: 3, b: 2 }])).toEqual({ args: [1, 2, 3] });
  expect(call(two, [[], { y: 2 }])).toEqual({ args: [undefined, 2] });
  expect(call(three, [[1]])).toEqual({ args: [1] });
});
