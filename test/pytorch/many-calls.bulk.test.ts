/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
/** PyTorch's stress tests of calls (group B of the inventory). */
import { expect, test } from 'vitest';

import { rpc, torch } from '../../actors/index.ts';
import type { Future } from '../../actors/index.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import { checkpoint } from '../../src/index.ts';
import type { Program } from '../../src/index.ts';
import { ones } from './bodies.ts';
import { distInit, nextOf } from './fixture.ts';

test('RpcTest.test_stress_light_rpc: a thousand light calls give what they are to give', () => {
  const light = (): number => 0;
  function* rounds(left: number): Program<number> {
    if (left === 0) return 0;
    const future = yield* rpc.async('worker1', light, []);
    expect(yield* future.wait()).toBe(0);
    return yield* checkpoint(left - 1);
  }
  distInit(
    function* body() {
      yield* rpc.sync('worker0', rounds, [1_000]);
    },
    { light, rounds },
    { ranks: [0], schedules: 0, workers: 2 },
  );
});

test('RpcTest.test_stress_heavy_rpc_torchscript: many calls of a script with large tensors', () => {
  const heavy = rpc.script(function* heavy(tensor: Tensor): Program<Tensor> {
    let product = tensor;
    for (let nr = 0; nr < 10; nr += 1) product = yield* torch.mul(product, tensor);
    return product;
  });
  const { run } = distInit(
    function* body(rank) {
      const futures: Future<Tensor>[] = [];
      for (let nr = 0; nr < 20; nr += 1) {
        futures.push(yield* rpc.async(nextOf(rank), heavy, [yield* ones(100)]));
      }
      for (const future of futures) {
        expect((yield* future.wait()).data.every((element) => element === 1)).toBe(true);
      }
    },
    { heavy },
    { schedules: 0 },
  );
  expect(run.ended).toBe('quiescent');
});
