/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
/* oxlint-disable vitest/expect-expect -- what all tests of a kind expect stands in one function */
/** PyTorch's tests of distributed backward through references and trainers (group T of the inventory). */
import { expect, test } from 'vitest';

import { distAutograd, rpc, torch } from '../../actors/index.ts';
import type { ContextId, RRef } from '../../actors/index.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import type { Program, UserFunction } from '../../src/index.ts';
import { gradientIn, leafOf } from './backward-passes.ts';
import { arrive, barrier } from './bodies.ts';
import { distInit } from './fixture.ts';

function* onesLeaf(): Program<Tensor> {
  return yield* torch.tensor([1, 1, 1, 1], { requiresGrad: true, shape: [2, 2] });
}

function* rrefAdd(rref: RRef<Tensor>, other: Tensor): Program<Tensor> {
  const value = rref.isOwner() ? yield* rref.localValue() : yield* rref.toHere();
  return yield* torch.add(value, other);
}

function* nestedRrefAdd(to: string, rref: RRef<Tensor>, other: Tensor): Program<Tensor> {
  return yield* rpc.sync(to, rrefAdd, [rref, other]);
}

/** The gradient of what a reference holds, on its owner. */
function* gradOfOwned(id: ContextId, rref: RRef<Tensor>): Program<readonly number[] | undefined> {
  return yield* gradientIn(id, yield* rref.localValue());
}

const ones = [1, 1, 1, 1];

/** The callee adds a value of an owner to one of its caller: both get their gradients, each where it lies. */
function backwardOfReference(
  places: (rank: number) => readonly [callee: string, owner: string],
  ranks?: readonly number[],
): void {
  distInit(
    function* body(rank) {
      const [callee, owner] = places(rank);
      const own = yield* leafOf([2, 2]);
      yield* distAutograd.context(function* inside(id) {
        const rref = yield* rpc.remote(owner, onesLeaf, []);
        const result =
          callee === owner
            ? yield* rpc.remote(callee, rrefAdd, [rref, own])
            : yield* rpc.remote(callee, nestedRrefAdd, [owner, rref, own]);
        yield* distAutograd.backward(id, [yield* torch.sum(yield* result.toHere())]);
        expect(yield* gradientIn(id, own)).toEqual(ones);
        expect(yield* rpc.sync(owner, gradOfOwned, [id, rref])).toEqual(ones);
      });
    },
    { gradOfOwned, nestedRrefAdd, onesLeaf, rrefAdd },
    { schedules: 1, ...(ranks === undefined ? {} : { ranks }) },
  );
}

test('DistAutogradTest.test_backward_rref: the callee owns the reference', () => {
  backwardOfReference((rank) => [`worker${(rank + 1) % 4}`, `worker${(rank + 1) % 4}`], [0, 1]);
});

test('DistAutogradTest.test_backward_rref_multi: three users of one owner at once', () => {
  backwardOfReference(() => ['worker0', 'worker0'], [1, 2, 3]);
});

test('DistAutogradTest.test_backward_rref_nested: the callee reads it from a third worker', () => {
  backwardOfReference((rank) => [`worker${(rank + 1) % 4}`, `worker${(rank + 2) % 4}`], [0, 1]);
});

/** Three trainers, each with a context of its own, use one parameter: each context has its gradient. */
function trainersAndServer(mark: <Fn extends UserFunction>(fn: Fn) => Fn): void {
  const add = mark(function* add(a: Tensor, b: Tensor): Program<Tensor> {
    return yield* torch.add(a, b);
  });
  function* train(parameter: RRef<Tensor>, other: Tensor, server: string): Program<void> {
    yield* distAutograd.context(function* inside(id) {
      const sum = yield* rpc.sync(server, addTo, [parameter, other]);
      yield* distAutograd.backward(id, [yield* torch.sum(yield* add(sum, other))]);
      // Its context is to last until the server has looked at the gradient.
      expect(yield* rpc.sync(server, gradOfOwned, [id, parameter])).toEqual(ones);
      yield* barrier('looked');
    });
  }
  function* addTo(parameter: RRef<Tensor>, other: Tensor): Program<Tensor> {
    return yield* add(yield* parameter.localValue(), other);
  }
  distInit(
    function* body() {
      const parameter = yield* rpc.remote('worker0', onesLeaf, []);
      const other = yield* torch.tensor([0, 0, 0, 0], { requiresGrad: true, shape: [2, 2] });
      const trainers = [];
      for (const name of ['worker1', 'worker2', 'worker3']) {
        trainers.push(yield* rpc.async(name, train, [parameter, other, 'worker0']));
      }
      yield* barrier('looked');
      yield* rpc.waitAll(trainers);
    },
    { add, addTo, arrive, gradOfOwned, onesLeaf, train },
    { ranks: [0], schedules: 1 },
  );
}

test('DistAutogradTest.test_trainer_ps', () => {
  trainersAndServer((fn) => fn);
});

test('DistAutogradTest.test_trainer_ps_torchscript_functions: with functions of TorchScript', () => {
  trainersAndServer((fn) => rpc.script(fn));
});

test('DistAutogradTest.test_async_dist_autograd: sixty passes hammer one worker', () => {
  function* train(): Program<readonly number[] | undefined> {
    const leaf = yield* onesLeaf();
    return yield* distAutograd.context(function* inside(id) {
      const sum = yield* rpc.sync('worker0', torch.add, [leaf, leaf]);
      yield* distAutograd.backward(id, [yield* torch.sum(sum)]);
      return yield* gradientIn(id, leaf);
    });
  }
  const { values } = distInit(
    function* body(rank) {
      const trainings = [];
      for (let count = 0; count < 20; count += 1) {
        trainings.push(yield* rpc.async(rank, train, []));
      }
      return yield* rpc.waitAll(trainings);
    },
    { train },
    { poolSize: 32, ranks: [1, 2, 3], schedules: 0 },
  );
  expect(values.slice(1).flat()).toEqual(Array.from({ length: 60 }, () => [2, 2, 2, 2]));
});
