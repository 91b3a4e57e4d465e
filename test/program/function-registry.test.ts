import { expect, test } from 'vitest';

import { defineFunctions } from '../../src/program/function-registry.ts';
import { named } from '../../src/program/request.ts';
import { counting, start } from './drive.ts';

function double(value: number): number {
  return value * 2;
}

function stranger(): void {}

const registry = defineFunctions({ double, nameIt });

function* nameIt() {
  return yield* named(double);
}

test('knows its functions by name', () => {
  expect(registry.names).toEqual(['double', 'nameIt']);
  expect(registry.nameOf(double)).toBe('double');
  expect([registry.has('double'), registry.has('toString')]).toEqual([true, false]);
});

test('writes a call as data', () => {
  expect(registry.toCall('double', [4])).toEqual({ fn: 'double', args: [4] });
});

test('tells user code the name of a function', () => {
  const step = start({ registry, local: counting }, 'nameIt', []);
  expect(step).toMatchObject({ type: 'returned', value: 'double' });
});

test('says which functions it knows when it is asked for another', () => {
  const known = 'is not registered. Known are double, nameIt. Add it to defineFunctions.';
  expect(() => registry.nameOf(stranger)).toThrow(`Function "stranger" ${known}`);
  expect(() => registry.nameOf(() => 1)).toThrow(`A function without a name ${known}`);
  expect(() => start({ registry, local: counting }, 'gone', [])).toThrow(`"gone" ${known}`);
  const untyped = 'gone' as 'double';
  expect(() => registry.toCall(untyped, [1])).toThrow(`Function "gone" ${known}`);
});

test('refuses names that do not begin with a letter, and one function under two names', () => {
  expect(() => defineFunctions({ '1st': double })).toThrow(/"1st" cannot name a function/);
  expect(() => defineFunctions({ twice: double, double })).toThrow(
    /two names, "twice" and "double"/,
  );
});
