import { array, assert, constantFrom, dictionary, property } from 'fast-check';
import { expect, test } from 'vitest';

import { canonical, isCanonical } from '../../src/core/canonical.ts';
import { isSame } from '../../src/core/same.ts';
import { canonicalAfter } from '../../src/core/successor.ts';

const naming = { mayHoldSymbols: true, path: 'context', toLeaf: () => undefined };

test('what changed is made canonical, and what did not is shared', () => {
  const before = canonical({ a: 1, list: [1], z: 'old' });
  const after = canonicalAfter(before, { ...before, z: 'new' }, naming);
  expect(after).toEqual({ a: 1, list: [1], z: 'new' });
  expect(Object.isFrozen(after)).toBe(true);
  expect(after).toMatchObject({ list: before.list });
});

test('a record with equal contents is the one before', () => {
  const before = canonical({ a: 1, list: [{ b: 2 }] });
  expect(canonicalAfter(before, { a: 1, list: [{ b: 2 }] }, naming)).toBe(before);
});

test('what is no data is refused by its name', () => {
  const before = canonical({ a: 1 });
  expect(() => canonicalAfter(before, { a: () => 1 }, naming)).toThrow(/^context\.a is a function/);
  expect(() => canonicalAfter(before, { a: 1, [Symbol('s')]: 2 }, naming)).toThrow(/a symbol/);
});

test('it gives what `canonical` gives, whatever changed', () => {
  const member = constantFrom<unknown>(
    0,
    -0,
    Number.NaN,
    1,
    '',
    'x',
    true,
    undefined,
    null,
    [1],
    {},
  );
  const record = dictionary(constantFrom('a', 'b', 'c', '1'), member);
  assert(
    property(array(record, { maxLength: 4, minLength: 2 }), (records) => {
      let before: unknown = canonical({ ...records[0] });
      for (const next of records) {
        const given = { ...(before as object), ...next };
        const made = canonicalAfter(before, { ...given }, naming);
        const wanted = canonical({ ...given });
        expect(made).toEqual(wanted);
        expect(Object.keys(made as object)).toEqual(Object.keys(wanted));
        expect(isSame(made, wanted) && isCanonical(made as object)).toBe(true);
        expect(isSame(made, before)).toBe(made === before);
        before = made;
      }
    }),
  );
});
