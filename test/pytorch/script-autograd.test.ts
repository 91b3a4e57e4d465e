/** PyTorch's tests of distributed autograd in TorchScript (group W of the inventory). */
import { expect, test } from 'vitest';

import { distAutograd, rpc, torch } from '../../actors/index.ts';
import type { ContextId } from '../../actors/index.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import type { Program } from '../../src/index.ts';
import { distInit, nextOf } from './fixture.ts';

const localAdd = rpc.script(function* localAdd(left: Tensor, right: Tensor): Program<Tensor> {
  return yield* torch.add(left, right);
});

const getGradients = rpc.script(function* getGradients(id: ContextId): Program<readonly Tensor[]> {
  return (yield* distAutograd.getGradients(id)).map(({ grad }) => grad);
});

const backwardScript = rpc.script(function* backwardScript(
  id: ContextId,
  loss: Tensor,
): Program<void> {
  yield* distAutograd.backward(id, [loss]);
});

const forkAdd = rpc.script(function* forkAdd(
  left: Tensor,
  right: Tensor,
  to: string,
): Program<Tensor> {
  const task = yield* rpc.async(to, localAdd, [left, right]);
  return yield* task.wait();
});

const forwardScript = rpc.script(function* forwardScript(
  to: string,
  first: Tensor,
  second: Tensor,
): Program<readonly Tensor[]> {
  const one = yield* (yield* rpc.async(to, localAdd, [first, first])).wait();
  // PyTorch goes on in another thread here.
  const two = yield* (yield* rpc.async(to, localAdd, [second, second])).wait();
  return [yield* torch.sum(one), yield* torch.sum(two)];
});

const functions = { backwardScript, forkAdd, forwardScript, getGradients, localAdd };

function* leaves(): Program<readonly [Tensor, Tensor]> {
  const options = { requiresGrad: true };
  return [yield* torch.tensor([1, 2], options), yield* torch.tensor([3, 4], options)];
}

/** The gradients of the leaves, of which alone there are any. */
function* gradientsOf(id: ContextId, both: readonly Tensor[]): Program<unknown> {
  const gradients = yield* distAutograd.getGradients(id);
  expect(gradients).toHaveLength(both.length);
  return both.map((leaf) => distAutograd.gradientOf(gradients, leaf)?.data);
}

const ones = [
  [1, 1],
  [1, 1],
];

test('JitDistAutogradTest.test_get_gradients: a script gets the gradients that Python gets', () => {
  distInit(function* body() {
    yield* distAutograd.context(function* pass(id) {
      const both = yield* leaves();
      const sum = yield* torch.sum(yield* torch.add(...both));
      yield* distAutograd.backward(id, [sum]);
      expect(yield* gradientsOf(id, both)).toEqual(ones);
      expect(yield* getGradients(id)).toMatchObject([{ data: [1, 1] }, { data: [1, 1] }]);
    });
  }, functions);
});

test('JitDistAutogradTest.test_dist_backward: a script goes backward', () => {
  distInit(
    function* body(rank) {
      yield* distAutograd.context(function* pass(id) {
        const both = yield* leaves();
        const sum = yield* rpc.sync(nextOf(rank), torch.add, both);
        yield* backwardScript(id, yield* torch.sum(sum));
        expect(yield* gradientsOf(id, both)).toEqual(ones);
      });
    },
    functions,
    { ranks: [0] },
  );
});

test('JitDistAutogradTest.test_jit_fork_within_context: a script calls within the context', () => {
  distInit(function* body(rank) {
    yield* distAutograd.context(function* pass(id) {
      const both = yield* leaves();
      const sum = yield* forkAdd(...both, nextOf(rank));
      yield* distAutograd.backward(id, [yield* torch.sum(sum)]);
      expect(yield* gradientsOf(id, both)).toEqual(ones);
    });
  }, functions);
});

test('JitDistAutogradTest.test_restore_context_after_swtich_to_jit_thread: also after a wait', () => {
  distInit(
    function* body(rank) {
      yield* distAutograd.context(function* pass(id) {
        const both = yield* leaves();
        const losses = yield* rpc.sync(`worker${rank}`, forwardScript, [nextOf(rank), ...both]);
        yield* distAutograd.backward(id, losses);
        const gradients = yield* distAutograd.getGradients(id);
        const [first, second] = both.map((leaf) => distAutograd.gradientOf(gradients, leaf)?.data);
        expect(first).toEqual([2, 2]);
        expect(second).toEqual(first);
      });
    },
    functions,
    { ranks: [0] },
  );
});
