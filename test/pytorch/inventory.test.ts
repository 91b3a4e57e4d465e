import { expect, test } from 'vitest';

import { coverageOf, readInventory } from '../../bench/inventory-rows.ts';

const rows = readInventory(new URL('../..', import.meta.url).pathname);

test('the inventory names each test once', () => {
  const names = rows.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBe(498);
});

test('a row is covered by its own name alone', () => {
  const coverage = coverageOf(rows, new Set(['RpcTest.test_add', 'RpcTest.test_ad']));
  const covered = coverage.flatMap((group) => group.covered);
  expect(covered.map(({ name }) => name)).toEqual(['RpcTest.test_add']);
});
