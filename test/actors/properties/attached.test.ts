import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

import { cluster, clusterInvariants, rpc } from '../../../actors/index.ts';
import { sharingByOwner } from '../../../examples/tutorials/sharing.ts';
import { always, check, defineFunctions, defineSystem } from '../../../src/index.ts';

const five = (): number => 5;

function* main() {
  return yield* rpc.sync('worker1', five, []);
}

function names({ properties = [] }: ReturnType<typeof cluster>): readonly string[] {
  return properties.map(({ name }) => name);
}

test('the invariants hang on every cluster by name, beside what its author asks for', () => {
  const functions = defineFunctions({ five, main });
  const options = {
    functions,
    main: { worker0: functions.toCall('main', []) },
    properties: [always('mine', () => true)],
    workers: 2,
  };
  const all = clusterInvariants.map(({ name }) => name);
  expect(names(cluster({ ...options, devices: { count: 1 } }))).toEqual(['mine', ...all]);
  const withoutDevices = all.filter((name) => !name.startsWith('D'));
  expect(names(cluster(options))).toEqual(['mine', ...withoutDevices]);
});

test('are checked by name', () => {
  const system = defineSystem(sharingByOwner({ poolSize: 2, profile: 'hardened' }));
  const { complete, properties, vacuous, violations } = check(system, { properties: ['P1', 'S5'] });
  expect(properties.map(({ name }) => name)).toEqual(['P1', 'S5']);
  expect({ complete, vacuous, violations }).toEqual({
    complete: true,
    vacuous: [],
    violations: [],
  });
});

test('each says in one line what it claims', () => {
  for (const { about } of clusterInvariants) expect(about).toMatch(/^[a-z].{30,220}[^.]$/);
});

test('is written down with what it claims, each of them', () => {
  const page = readFileSync(new URL('../../../docs/rpc.md', import.meta.url), 'utf8');
  const rows = page.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  const written = new Map(rows.map(([, name = '', about = '']) => [name, about]));
  for (const { about, name } of clusterInvariants) expect(written.get(name)).toBe(about);
});
