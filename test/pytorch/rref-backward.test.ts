/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
/** PyTorch's tests of backward from references (group K of the inventory). */
import { expect, test } from 'vitest';

import { distAutograd, rpc, torch } from '../../actors/index.ts';
import type { ContextId } from '../../actors/index.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import type { Program } from '../../src/index.ts';
import { raised } from './bodies.ts';
import { distInit, nextOf } from './fixture.ts';

/** The gradient of a leaf in a context. */
function* gradientIn(id: ContextId, leaf: Tensor): Program<readonly number[] | undefined> {
  return distAutograd.gradientOf(yield* distAutograd.getGradients(id), leaf)?.data;
}

test('RpcTest.test_owner_rref_backward: an owner goes back from its value', () => {
  distInit(
    function* body(rank) {
      const leaf = yield* torch.tensor([1, 2, 3], { requiresGrad: true });
      const sum = yield* torch.sum(leaf);
      yield* (yield* rpc.rref(yield* torch.add(sum, sum))).backward();
      expect(yield* torch.grad(leaf)).toMatchObject({ data: [2, 2, 2] });
      yield* distAutograd.context(function* once(id) {
        const twice = yield* rpc.sync(nextOf(rank), torch.add, [leaf, leaf]);
        yield* (yield* rpc.rref(yield* torch.sum(twice))).backward(id);
        expect(yield* gradientIn(id, leaf)).toEqual([2, 2, 2]);
      });
      yield* distAutograd.context(function* again(id) {
        const twice = yield* rpc.sync(nextOf(rank), torch.add, [leaf, leaf]);
        const rref = yield* rpc.rref(yield* torch.sum(twice));
        yield* rref.backward(id, { retainGraph: true });
        yield* rref.backward(id);
        expect(yield* gradientIn(id, leaf)).toEqual([4, 4, 4]);
      });
    },
    {},
    { schedules: 1 },
  );
});

test('an owner says why it cannot go back from its value', () => {
  distInit(
    function* body() {
      const fails = function* fails(value: unknown, id?: ContextId): Program<unknown> {
        return (yield* raised((yield* rpc.rref(value)).backward(id)))?.[1];
      };
      const vector = yield* torch.tensor([1, 2], { requiresGrad: true });
      expect(yield* fails(yield* torch.tensor([1, 2]))).toContain(
        'tensors does not require grad and does not have a grad_fn',
      );
      expect(yield* fails(vector)).toBe('grad can be implicitly created only for scalar outputs');
      // cast -- no context has this id
      const nowhere = '100' as unknown as ContextId;
      expect(yield* fails(yield* torch.sum(vector), nowhere)).toContain(
        'Could not find autograd context with id: 100',
      );
      expect(yield* fails('foo')).toBe('RRef should contain a tensor for .backward()');
    },
    {},
    { ranks: [0], schedules: 0, workers: 1 },
  );
});

test('RpcTest.test_user_rref_backward: a user has the owner go back', () => {
  function* sum(tensor: Tensor): Program<Tensor> {
    return yield* torch.sum(tensor);
  }
  const identity = (value: unknown): unknown => value;
  const { run } = distInit(
    function* body(rank) {
      const leaf = yield* torch.tensor([1, 2, 3], { requiresGrad: true });
      yield* distAutograd.context(function* twice(id) {
        const rref = yield* rpc.remote(nextOf(rank), sum, [leaf]);
        yield* rref.backward(id, { retainGraph: true });
        yield* rref.backward(id);
        expect(yield* gradientIn(id, leaf)).toEqual([2, 2, 2]);
      });
      yield* distAutograd.context(function* fails(id) {
        const rref = yield* rpc.remote(nextOf(rank), identity, ['foo']);
        expect(yield* raised(rref.backward(id))).toEqual([
          'RuntimeError',
          'RRef should contain a tensor for .backward()',
        ]);
        expect(yield* raised(rref.backward())).toEqual([
          'RuntimeError',
          "User RRefs require 'dist_autograd_ctx_id' to be specified",
        ]);
      });
    },
    { identity, sum },
    { schedules: 1 },
  );
  const asked = run.steps.filter(
    ({ choice }) => choice?.type === 'deliver' && choice.event.type === 'RREF_BACKWARD_REQ',
  );
  expect(asked).toHaveLength(12);
});
