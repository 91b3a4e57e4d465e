import { expect, test } from 'vitest';

import { rpc } from '../../actors/index.ts';
import { check, zero } from '../../src/index.ts';
import type { Program } from '../../src/index.ts';
import { groupOf } from './group-programs.ts';

function* joinAndGo(): Program<void> {
  yield* rpc.initRpc('worker0', { rank: 0 });
  yield* rpc.shutdown({ graceful: false });
}

test('a worker leaves without a word while one that it does not know yet asks it', () => {
  const setting = { network: { latency: [zero] }, poolSize: 1, profile: 'hardened' } as const;
  const system = groupOf([joinAndGo, () => rpc.initRpc('worker1', { rank: 1 })], {}, setting);
  const { schedules, violations } = check(system, {
    schedules: 40,
    seed: 1,
    shrink: false,
    strategy: 'pos',
  });
  expect({ schedules, violations }).toEqual({ schedules: 40, violations: [] });
});
