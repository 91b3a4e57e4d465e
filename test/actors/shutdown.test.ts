import { describe, expect, test } from 'vitest';

import type { ClusterSetting } from '../../actors/index.ts';
import { shutdownInFlight } from '../../examples/tutorials/shutting-down.ts';
import { defineSystem, search, zero } from '../../src/index.ts';

function worldsOf(setting: ClusterSetting) {
  const network = { latency: [zero] };
  const definition = shutdownInFlight({ network, poolSize: 1, ...setting });
  const { complete, states, violations } = search(defineSystem(definition), {
    properties: definition.properties ?? [],
    statesMax: 60_000,
  });
  return { complete, states, violated: violations.map(({ property }) => property) };
}

describe('the hardened shutdown, while a value is being created, keeps all invariants in every order', () => {
  test.each([
    ['with no fault', {}, 3_566],
    ['with two threads in each pool', { poolSize: 2 }, 6_496],
    ['with any one message lost', { faults: { drop: 1 } }, 9_662],
    ['with any one message doubled', { faults: { duplicate: 1 } }, 21_846],
  ] as const)('%s', (_, setting, states) => {
    expect(worldsOf({ profile: 'hardened', ...setting })).toEqual({
      complete: true,
      states,
      violated: [],
    });
  });
});

test("PyTorch's shutdown waits for ever where one message is lost", () => {
  const { violated } = worldsOf({ faults: { drop: 1 }, profile: 'pytorch-2.6' });
  expect(violated).toContain('P3');
});
