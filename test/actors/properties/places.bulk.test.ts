/** The invariants where a process is not where its rank says, or not the one that it was. */
import { describe, expect, test } from 'vitest';

import { distAutograd, rpc, torch } from '../../../actors/index.ts';
import type { ClusterSetting } from '../../../actors/index.ts';
import { twoCalls } from '../../../examples/tutorials/chained-futures.ts';
import { check, defineSystem, zero } from '../../../src/index.ts';
import type { System } from '../../../src/index.ts';
import type { Mains } from '../group-programs.ts';
import { groupOf, runGroup } from '../group-programs.ts';

const setting: ClusterSetting = {
  network: { latency: [zero] },
  poolSize: 1,
  profile: 'hardened',
};

function echo(value: number): number {
  return value;
}

/** The invariants that some runs of processes break, which start apart. */
function brokenBy(system: System, schedules = 10): readonly string[] {
  const options = { schedules, shrink: false, strategy: 'random' } as const;
  return check(system, options).violations.map(({ property }) => property);
}

function group(mains: Mains): System {
  return groupOf(mains, { echo }, setting);
}

/** A process that asks for the first rank. */
function lead(name: string) {
  return function* main() {
    yield* rpc.initRpc(name, { rank: 0 });
    yield* rpc.shutdown();
    return name;
  };
}

function* stay() {
  yield* rpc.initRpc('a', { rank: 0 });
}

function* comeBack() {
  yield* rpc.initRpc('b', { rank: 1 });
  yield* rpc.shutdown();
  yield* rpc.initRpc('c', { rank: 1 });
  return yield* rpc.sync('c', echo, [3]);
}

function* first() {
  yield* rpc.initRpc('a', { rank: 1, worldSize: 2 });
  const rref = yield* rpc.remote('b', torch.add, [yield* torch.tensor([1]), 2]);
  yield* distAutograd.context(function* (id) {
    const x = yield* torch.ones([1], { requiresGrad: true });
    const sum = yield* rpc.sync('b', torch.add, [x, yield* rref.toHere()]);
    yield* distAutograd.backward(id, [yield* torch.sum(sum)]);
  });
  yield* rpc.shutdown();
  return 'first';
}

function* second() {
  yield* rpc.initRpc('b', { rank: 0, worldSize: 2 });
  const value = yield* rpc.sync('a', echo, [4]);
  yield* rpc.shutdown();
  return value;
}

test('one that starts again makes calls anew, which count as others', () => {
  const faults = { crash: 1, restart: 1 };
  const system = defineSystem(twoCalls({ ...setting, faults }));
  const { complete, violations } = check(system, { properties: ['S9', 'S12'], shrink: false });
  expect({ complete, violations }).toEqual({ complete: true, violations: [] });
});

test('two processes want one rank, and one gets it', () => {
  const system = group([lead('a'), lead('b')]);
  expect(brokenBy(system)).toEqual([]);
  const ends = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => runGroup(system, seed).ends.join());
  expect(ends).toContainEqual(expect.stringContaining('RPC worker id 0 is not unique'));
});

describe('a process that left and joins under another name', () => {
  test('is in a group of its own, and reaches itself there', () => {
    const { ends } = runGroup(group([stay, comeBack]));
    expect(ends).toEqual([undefined, 3]);
  });

  test('need not know those of its former group', () => {
    expect(brokenBy(group([stay, comeBack]))).toEqual([]);
  });
});

test('ranks are in another order than the processes', () => {
  const system = group([first, second]);
  expect(runGroup(system).ends).toEqual([4, 'first']);
  expect(brokenBy(system, 5)).toEqual([]);
});
