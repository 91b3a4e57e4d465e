/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
/** PyTorch's tests of distributed backward with user code in it, errors, and many passes (group T, and one of R). */
import { expect, test } from 'vitest';

import {
  autogradFunction,
  distAutograd,
  globals,
  pythonError,
  rpc,
  torch,
} from '../../actors/index.ts';
import type { ContextId } from '../../actors/index.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import { seconds } from '../../src/index.ts';
import type { NodeId, Program } from '../../src/index.ts';
import { exec, gradientIn, leafOf } from './backward-passes.ts';
import { arrive, barrier, debugInfo, myAdd, raised } from './bodies.ts';
import { distInit, nextOf } from './fixture.ts';

/** `SimulateBackwardError`: its backward raises as long as the process says so. */
function* simulatedError(_ctx: unknown, grad: Tensor): Program<Tensor> {
  if ((yield* globals.get<boolean>('fails')) === false) return grad;
  throw pythonError('Exception', 'Simulate error on backward pass');
}

const simulate = autogradFunction('SimulateBackwardError', {
  backward: simulatedError,
  forward: (_ctx, input: Tensor) => torch.clone(input),
});

/** A function whose result cannot be gone back from. */
function* withError(a: Tensor, b: Tensor): Program<Tensor> {
  return yield* simulate.apply(yield* torch.add(a, b));
}

test('DistAutogradTest.test_backward_autograd_engine_error: a node raises on the worker of the roots', () => {
  distInit(
    function* body(rank) {
      const [a, b] = [yield* leafOf([2, 2], 1), yield* leafOf([2, 2], 2)];
      yield* distAutograd.context(function* inside(id) {
        const failing = yield* withError(a, b);
        const sum = yield* rpc.sync(nextOf(rank), torch.add, [b, failing]);
        const product = yield* rpc.sync(nextOf(rank), torch.mul, [sum, b]);
        const loss = yield* torch.sum(yield* torch.matmul(product, b));
        const found = yield* raised(distAutograd.backward(id, [loss]));
        expect(found?.[1]).toMatch(/Error on Node [0-9]+: Simulate error on backward pass/);
      });
    },
    { simulatedError },
    { profile: 'hardened', ranks: [0, 1], schedules: 1 },
  );
});

test('DistAutogradTest.test_backward_python_udf_error: a node raises on another worker', () => {
  distInit(
    function* body(rank) {
      const [a, b] = [yield* leafOf([2, 2], 1), yield* leafOf([2, 2], 2)];
      yield* distAutograd.context(function* inside(id) {
        const result = yield* rpc.sync(nextOf(rank), withError, [a, b]);
        const loss = yield* torch.sum(yield* torch.add(result, result));
        const found = yield* raised(distAutograd.backward(id, [loss]));
        expect(found?.[1]).toMatch(/Error on Node [0-9]+: Simulate error on backward pass/);
      });
    },
    { simulatedError, withError },
    { profile: 'hardened', ranks: [0, 1], schedules: 1 },
  );
});

test('DistAutogradTest.test_multiple_backward_with_errors: twenty passes fail, the next do not', () => {
  function* recover(): Program<void> {
    yield* globals.set('fails', false);
  }
  distInit(
    function* body(rank) {
      const [a, b] = [yield* leafOf([2, 2], 1), yield* leafOf([2, 2], 2)];
      yield* distAutograd.context(function* inside(id) {
        const loss = yield* torch.sum(yield* rpc.sync(nextOf(rank), withError, [a, b]));
        for (let pass = 0; pass < 40; pass += 1) {
          if (pass === 20) yield* rpc.sync(nextOf(rank), recover, []);
          const failed = yield* raised(distAutograd.backward(id, [loss], { retainGraph: true }));
          if (pass < 20) expect(failed?.[1]).toContain('Simulate error on backward pass');
          else expect(failed).toBeUndefined();
        }
        expect(yield* gradientIn(id, a)).toEqual([20, 20, 20, 20]);
      });
    },
    { recover, simulatedError, withError },
    { ranks: [0], schedules: 0, workers: 2 },
  );
});

test('DistAutogradTest.test_backward_without_context', () => {
  distInit(
    function* body(rank) {
      const [a, b] = [yield* leafOf([2], 1), yield* leafOf([2], 2)];
      const sum = yield* torch.sum(yield* rpc.sync(nextOf(rank), torch.add, [a, b]));
      // cast -- no context has this id
      const nowhere = '100' as unknown as ContextId;
      expect(yield* raised(distAutograd.backward(nowhere, [sum]))).toEqual([
        'RuntimeError',
        'Could not find autograd context with id: 100',
      ]);
    },
    {},
    { schedules: 1 },
  );
});

test('DistAutogradTest.test_backward_unused_send_function: FAST mode waits for ever, SMART mode does not', () => {
  const unused = (backwardMode: 'fast' | 'smart' | 'smart-discovery') =>
    distInit(
      function* body(rank) {
        const [a, b] = [yield* leafOf([2], 1), yield* leafOf([2], 2)];
        yield* globals.set('ended', false);
        yield* rpc.async(rank, goBack, [nextOf(rank), a, b]);
        yield* rpc.sleep(10);
        return yield* globals.get('ended');
      },
      { goBack },
      { backwardMode, leaksNothing: false, ranks: [0], schedules: 1 },
    ).values[0];
  function* goBack(to: string, a: Tensor, b: Tensor): Program<void> {
    yield* distAutograd.context(function* inside(id) {
      yield* rpc.sync(to, torch.add, [a, b]);
      yield* distAutograd.backward(id, [yield* torch.sum(yield* torch.mul(a, b))]);
    });
    yield* globals.set('ended', true);
  }
  expect(unused('fast')).toBe(false);
  expect(unused('smart')).toBe(true);
  expect(unused('smart-discovery')).toBe(true);
});

test('DistAutogradTest.test_backward_verify_hooks: a hook that doubles a gradient does so everywhere', () => {
  function twice(grad: Tensor): Program<Tensor> {
    return torch.mul(grad, 2);
  }
  distInit(
    function* body(rank) {
      const [a, b] = [yield* leafOf([3, 3], 1), yield* leafOf([3, 3], 2)];
      yield* torch.autograd.registerHook(a, twice);
      yield* torch.backward([yield* torch.sum(yield* torch.matmul(a, b))]);
      for (const mode of ['sync', 'remote'] as const) {
        yield* distAutograd.context(function* inside(id) {
          const product = yield* exec([mode, nextOf(rank)], torch.matmul, a, b);
          yield* distAutograd.backward(id, [yield* torch.sum(product)]);
          for (const leaf of [a, b]) {
            expect(yield* gradientIn(id, leaf)).toEqual((yield* torch.grad(leaf))?.data);
          }
        });
      }
    },
    { twice },
    { leaksNothing: false, ranks: [0, 1], schedules: 1 },
  );
});

test('DistAutogradTest.test_post_hooks: hooks of a leaf run once each in a distributed pass', () => {
  function* add(_outputs: unknown, _inputs: unknown, count: number): Program<void> {
    yield* globals.set('called', ((yield* globals.get<number>('called')) ?? 0) + count);
  }
  distInit(
    function* body() {
      const leaf = yield* leafOf([3, 3], 1);
      const first = yield* torch.clone(leaf);
      const second = yield* torch.clone(leaf);
      for (const count of [1, 2])
        yield* torch.autograd.registerAccumulateGradHook(leaf, add, count);
      yield* torch.autograd.registerAccumulateGradHook(leaf, add, 2);
      yield* distAutograd.context(function* inside(id) {
        const loss = yield* torch.sum(yield* torch.add(first, second));
        yield* distAutograd.backward(id, [loss]);
        expect(yield* globals.get('called')).toBe(5);
        expect(yield* distAutograd.getGradients(id)).toHaveLength(1);
        expect(yield* gradientIn(id, leaf)).toEqual(Array(9).fill(2));
      });
    },
    { add },
    { leaksNothing: false, ranks: [0], schedules: 1 },
  );
});

test('DistAutogradTest.test_debug_info: tells of the passes that run, and nothing at the end', () => {
  function* look(_ctx: unknown, grad: Tensor): Program<Tensor> {
    const { num_autograd_contexts, num_current_backward_passes } = yield* rpc.getDebugInfo();
    yield* globals.set('seen', [num_autograd_contexts, num_current_backward_passes]);
    return grad;
  }
  const looking = autogradFunction('LookingBackward', {
    backward: look,
    forward: (_ctx, input: Tensor) => torch.clone(input),
  });
  function* seenHere(): Program<unknown> {
    return yield* globals.get('seen');
  }
  function* addAndLook(a: Tensor, b: Tensor): Program<Tensor> {
    return yield* looking.apply(yield* torch.add(a, b));
  }
  const { views } = distInit(
    function* body(rank) {
      const leaf = yield* leafOf([2], 1);
      yield* barrier('begin');
      yield* distAutograd.context(function* inside(id) {
        const sum = yield* rpc.sync(nextOf(rank), addAndLook, [leaf, leaf]);
        yield* distAutograd.backward(id, [yield* torch.sum(sum)]);
        const seen = yield* rpc.sync(nextOf(rank), seenHere, []);
        // Four passes at most run at once, each in a context.
        for (const count of seen as readonly number[]) {
          expect(count).toBeGreaterThanOrEqual(1);
          expect(count).toBeLessThanOrEqual(4);
        }
      });
    },
    { addAndLook, arrive, debugInfo, look, myAdd, seenHere },
    { schedules: 1 },
  );
  for (const { debugInfo: info } of views) {
    expect([info.num_autograd_contexts, info.num_current_backward_passes]).toEqual([0, 0]);
  }
});

test('DistAutogradTest.test_backward_node_failure: what a dead worker has part in cannot be gone back from', () => {
  distInit(
    function* body(rank) {
      const [a, b] = [yield* leafOf([2], 1), yield* leafOf([2], 2)];
      if (rank % 2 === 1) return;
      yield* distAutograd.context(function* inside(id) {
        const sum = yield* torch.sum(yield* rpc.sync(nextOf(rank), torch.add, [a, b]));
        yield* rpc.sleep(10);
        const found = yield* raised(distAutograd.backward(id, [sum]));
        expect(found?.[1]).toMatch(
          /Error on Node [0-9]+: .*(ECONNREFUSED|RPC ran for more than set timeout)/,
        );
      });
    },
    {},
    {
      leaksNothing: false,
      network: { toDownNode: 'refused' },
      plan: ['worker1', 'worker3'].map((node) => ({
        after: seconds(5),
        // cast -- what `nodeId` of the runtime gives
        fault: { node: node as NodeId, type: 'crash' },
      })),
      schedules: 1,
    },
  );
});
