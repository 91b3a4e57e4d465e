import { describe, expect, test } from 'vitest';

import type { ClusterSetting } from '../../../actors/index.ts';
import type { ProtocolCase } from '../../../bench/protocol-worlds.ts';
import { protocolCases, protocolVerdict } from '../../../bench/protocol-worlds.ts';
import { sharingByOwner } from '../../../examples/tutorials/sharing.ts';
import { creation } from '../../../examples/tutorials/small-programs.ts';
import { check, defineSystem } from '../../../src/index.ts';

// None of these has more.
const statesMax = 20_000;

describe('the hardened protocol', () => {
  const quick = protocolCases().filter(
    ({ fault, scenario, workers }) =>
      workers === 2 &&
      (fault === 'none' ||
        (fault === 'duplicate' &&
          !['fetch-against-delete', 'shutdown-with-work'].includes(scenario)) ||
        (fault !== 'time-out' && ['creation', 'nested-calls'].includes(scenario))),
  );

  test.each(quick.map((one) => [nameOf(one), one] as const))(
    'holds in all worlds of %s',
    (_, one) => {
      const { broken, result } = protocolVerdict(one, { profile: 'hardened', statesMax });
      expect({ broken, complete: result.complete }).toEqual({ broken: [], complete: true });
    },
  );
});

function nameOf({ fault, poolSize, scenario, workers }: ProtocolCase): string {
  const threads = poolSize === 1 ? '1 thread' : `${poolSize} threads`;
  return `${scenario}, ${workers} workers with ${threads}, fault: ${fault}`;
}

/** The invariants that this breaks, first the one with the shortest way. */
function brokenBy(definition: ReturnType<typeof creation>): readonly string[] {
  return check(defineSystem(definition), { shrink: false }).violations.map(
    ({ property }) => property,
  );
}

describe('a switch', () => {
  const small: ClusterSetting = { poolSize: 1, profile: 'hardened' };

  test('makes functions that wait keep the threads which they wait for', () => {
    expect(brokenBy(sharingByOwner(small))).toEqual([]);
    const switches = { 'agent.waitKeepsThread': true };
    expect(brokenBy(sharingByOwner({ ...small, switches }))).toContain('P11');
  });

  test('makes a request that comes twice be served twice', () => {
    const doubled = { ...small, faults: { duplicate: 1 } };
    expect(brokenBy(creation(doubled))).toEqual([]);
    const switches = { 'agent.servesTwice': true };
    expect(brokenBy(creation({ ...doubled, switches }))).toContain('S9');
  });
});
