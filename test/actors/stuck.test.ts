import { expect, test } from 'vitest';

import { clusterParams } from '../../actors/index.ts';
import type { Run, System } from '../../src/index.ts';
import { runSystem } from '../../src/index.ts';
import { scenario } from '../app/modules/unused-call.ts';

function systemWith(params: Parameters<typeof scenario.make>[0]): System {
  return scenario.make({ ...clusterParams, ...params });
}

function told(system: System, run: Run): string {
  return (system.definition.remarks?.(system, run) ?? []).join('\n');
}

const stuck = /^stuck: send \(0, 281474976710657\) on worker1 .*\nstuck: send \(0, 1\) on worker0 /;

test('says of its runs which gradients cannot come, those that cause it first', () => {
  for (const rpcTimeout of [0, 60]) {
    const system = systemWith({ rpcTimeout });
    expect(told(system, runSystem(system))).toMatch(stuck);
  }
  const smart = systemWith({ backward: 'smart' });
  expect(told(smart, runSystem(smart))).toBe('');
});

test('says so only when nothing is under way any more', () => {
  const system = systemWith({ rpcTimeout: 0 });
  const last = runSystem(system).steps.length - 1;
  expect(told(system, runSystem(system, { stepsMax: last - 1 }))).toBe('');
  expect(told(system, runSystem(system, { stepsMax: last }))).toMatch(stuck);
});
