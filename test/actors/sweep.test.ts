/** The sweep at shutdown under every order of what happens. */
import { expect, test } from 'vitest';

import { cluster, rpc } from '../../actors/index.ts';
import type { ClusterSetting } from '../../actors/index.ts';
import { check, defineFunctions, defineSystem } from '../../src/index.ts';

const five = (): number => 5;

function* sweep() {
  yield* rpc.deleteAllUsersAndUnforkedOwners();
}

/** The owner sweeps while it creates the value. */
function* use() {
  const rref = yield* rpc.remote('worker1', five, []);
  yield* rpc.async('worker1', sweep, []);
  return yield* rref.toHere();
}

function checked(setting: ClusterSetting, properties?: readonly string[]) {
  const functions = defineFunctions({ five, sweep, use });
  const definition = cluster({
    ...setting,
    functions,
    main: { worker0: functions.toCall('use', []) },
    workers: 2,
  });
  return check(defineSystem(definition), properties === undefined ? {} : { properties });
}

test('nothing is left, and nothing is let go of that somebody has', () => {
  const { complete, states, violations } = checked({ poolSize: 2, profile: 'hardened' });
  expect({ complete, violations: violations.map(({ property }) => property) }).toEqual({
    complete: true,
    violations: [],
  });
  expect(states).toBeGreaterThan(100);
});

test('a sweep in the middle of a creation takes the owner away (H60)', () => {
  const { violations } = checked({ poolSize: 2 }, ['P2']);
  expect(violations.map(({ property }) => property)).toContain('P2');
});
