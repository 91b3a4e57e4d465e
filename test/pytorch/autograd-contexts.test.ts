/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
/* oxlint-disable vitest/expect-expect -- what all tests of a kind expect stands in one function */
/** PyTorch's tests of autograd contexts (group R of the inventory). */
import { expect, test } from 'vitest';

import { distAutograd, rpc, torch } from '../../actors/index.ts';
import type { ContextId } from '../../actors/index.ts';
import { makerOf } from '../../machines/autograd/ids.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import type { Program } from '../../src/index.ts';
import { barrier, arrive, myAdd, ones, raised } from './bodies.ts';
import { distInit, nextOf } from './fixture.ts';

/** Whether this worker knows a context. */
function* isKnown(id: ContextId): Program<boolean> {
  return (yield* raised(distAutograd.retrieveContext(id))) === undefined;
}

/** Calls on two workers on, so that a third one is reached that the first never calls. */
function* nested(dst: string, a: Tensor, b: Tensor): Program<Tensor> {
  return yield* rpc.sync(dst, myAdd, [a, b]);
}

function* leaf(requiresGrad: boolean): Program<Tensor> {
  return yield* torch.tensor([1, 1, 1], { requiresGrad });
}

/** Within a context the callee knows it, and some time after it nobody does. */
function* cleansUp(rank: number, forward: () => Program<unknown>, reached: string): Program<void> {
  const id = yield* distAutograd.context(function* inside(contextId) {
    yield* forward();
    expect(yield* rpc.sync(reached, isKnown, [contextId])).toBe(true);
    return contextId;
  });
  yield* rpc.sleep(30);
  for (let each = 0; each < 4; each += 1) {
    const known = each === rank ? yield* isKnown(id) : yield* rpc.sync(each, isKnown, [id]);
    expect(known).toBe(false);
  }
}

test('DistAutogradTest.test_autograd_context: ids tell their maker, and end with their context', () => {
  distInit(
    function* body(rank) {
      const ids: ContextId[] = [];
      for (let count = 0; count < 60; count += 1) {
        ids.push(
          yield* distAutograd.context(function* inside(id) {
            expect(makerOf(id)).toBe(rank);
            expect((yield* distAutograd.retrieveContext(id)).contextId).toBe(id);
            return id;
          }),
        );
      }
      expect(new Set(ids).size).toBe(60);
      for (const id of [ids[0], ids[59]].flatMap((each) => each ?? [])) {
        expect(yield* raised(distAutograd.retrieveContext(id))).toEqual([
          'RuntimeError',
          `Could not find autograd context with id: ${id}`,
        ]);
      }
    },
    {},
    { ranks: [0, 3], schedules: 0 },
  );
});

test('DistAutogradTest.test_context_cleanup_tensor_no_grad: without gradients too', () => {
  distInit(
    function* body(rank) {
      const a = yield* leaf(false);
      yield* cleansUp(rank, () => rpc.sync(nextOf(rank), myAdd, [a, a]), nextOf(rank));
    },
    { isKnown, myAdd },
    { schedules: 1 },
  );
});

test('DistAutogradTest.test_context_cleanup_no_tensors: without tensors too', () => {
  distInit(
    function* body(rank) {
      const called = () => rpc.sync(nextOf(rank), addNumbers, [1, 2]);
      yield* cleansUp(rank, called, nextOf(rank));
    },
    { addNumbers, isKnown },
    { schedules: 1 },
  );
});

test('DistAutogradTest.test_context_cleanup_nested_rpc: reaches whom only a callee called', () => {
  distInit(
    function* body(rank) {
      const a = yield* leaf(true);
      const third = nextOf(rank + 1);
      yield* cleansUp(rank, () => rpc.sync(nextOf(rank), nested, [third, a, a]), third);
    },
    { isKnown, myAdd, nested },
    { schedules: 1 },
  );
});

test('FaultyAgentDistAutogradTest.test_context_cleanup_tensor_with_grad: sends of clean-up that fail are made again', () => {
  distInit(
    function* body(rank) {
      const a = yield* leaf(true);
      yield* cleansUp(rank, () => rpc.sync(nextOf(rank), myAdd, [a, a]), nextOf(rank));
    },
    { isKnown, myAdd },
    {
      backend: { messagesToFail: ['CLEANUP_AUTOGRAD_CONTEXT_REQ'], numFailSends: 3 },
      schedules: 1,
    },
  );
});

test('DistAutogradTest.test_worker_ids_recorded: a context knows whom it reached, with and without gradients', () => {
  distInit(
    function* body(rank) {
      const others = [0, 1, 2, 3].filter((each) => each !== rank);
      for (const requiresGrad of [false, true]) {
        const a = yield* leaf(requiresGrad);
        yield* distAutograd.context(function* inside(id) {
          for (const each of others) yield* rpc.sync(each, myAdd, [a, a]);
          expect((yield* distAutograd.retrieveContext(id)).knownWorkerIds).toEqual(others);
        });
      }
    },
    { myAdd },
    { schedules: 1 },
  );
});

test('DistAutogradTest.test_error_in_context: a context bears an error and is over after it', () => {
  distInit(
    function* body(rank) {
      const a = yield* torch.tensor([1, 2, 3, 4, 5, 6], { requiresGrad: true, shape: [2, 3] });
      yield* distAutograd.context(function* inside(id) {
        const failed = yield* raised(rpc.sync(nextOf(rank), torch.matmul, [a, a]));
        expect(failed?.[0]).toBe('RuntimeError');
        expect((yield* distAutograd.retrieveContext(id)).contextId).toBe(id);
      });
    },
    {},
    { schedules: 1 },
  );
});

test('DistAutogradTest.test_thread_local_context_id: a reference from outside gives gradients inside', () => {
  function* double(a: Tensor): Program<Tensor> {
    return yield* torch.mul(a, 2);
  }
  function* gradAt(
    id: ContextId,
    rref: { readonly localValue: () => Program<Tensor> },
  ): Program<unknown> {
    const gradients = yield* distAutograd.getGradients(id);
    return distAutograd.gradientOf(gradients, yield* rref.localValue())?.data;
  }
  distInit(
    function* body(rank) {
      const owner = nextOf(rank);
      const rref = yield* rpc.remote(owner, leaf, [true]);
      yield* distAutograd.context(function* inside(id) {
        const doubled = yield* double(yield* rref.toHere());
        yield* distAutograd.backward(id, [yield* torch.sum(doubled)]);
        expect(yield* rpc.sync(owner, gradAt, [id, rref])).toEqual([2, 2, 2]);
      });
    },
    { gradAt, leaf },
    { schedules: 1 },
  );
});

function addNumbers(a: number, b: number): number {
  return a + b;
}

test('four workers clean up at once', () => {
  distInit(
    function* body(rank) {
      const a = yield* ones();
      yield* barrier('begin');
      yield* cleansUp(
        rank,
        () => rpc.sync(nextOf(rank), nested, [nextOf(rank + 1), a, a]),
        nextOf(rank),
      );
    },
    { arrive, isKnown, myAdd, nested },
    { schedules: 1 },
  );
});
