/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
/* oxlint-disable vitest/expect-expect -- what all tests of a kind expect stands in one function */
/** PyTorch's tests of distributed backward whose gradients are those of a local run (group T of the inventory). */
import { expect, test } from 'vitest';

import { distAutograd, profiler, rpc, torch } from '../../actors/index.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import type { Functions, Program } from '../../src/index.ts';
import { exec, gradientIn, leafOf, sameInAllModes } from './backward-passes.ts';
import type { ExecMode } from './backward-passes.ts';
import { myAdd } from './bodies.ts';
import { distInit, nextOf } from './fixture.ts';

const ranks = [0, 2];

function run(body: (rank: number) => Program<unknown>, functions: Functions = {}): void {
  distInit(body, functions, { ranks, schedules: 1 });
}

/** A sum of two leaves by `fn`, in all modes. */
function sameSum(fn: (...args: never[]) => unknown, functions: Functions = {}): void {
  run(function* body(rank) {
    const leaves = [yield* leafOf([3, 3], 1), yield* leafOf([3, 3], 2)];
    for (const to of [nextOf(rank), `worker${rank}`]) {
      yield* sameInAllModes(leaves, (mode) => exec([mode, to], fn, ...leaves));
    }
  }, functions);
}

test('DistAutogradTest.test_backward_simple', () => {
  sameSum(torch.add);
});

test('DistAutogradTest.test_backward_simple_python_udf', () => {
  sameSum(myAdd, { myAdd });
});

test('DistAutogradTest.test_backward_simple_script_call', () => {
  const scripted = rpc.script(function* scripted(a: Tensor, b: Tensor): Program<Tensor> {
    return yield* torch.add(a, b);
  });
  sameSum(scripted, { scripted });
});

test('DistAutogradTest.test_backward_complex_python_udf: several operators there', () => {
  function* complex(a: Tensor, b: Tensor): Program<Tensor> {
    const first = yield* torch.linear(a, b);
    const second = yield* torch.linear(b, first);
    return yield* torch.linear(first, second);
  }
  sameSum(complex, { complex });
});

test('DistAutogradTest.test_backwards_nested_python_udf: a function mixes its own with calls', () => {
  run(
    function* body(rank) {
      const leaves = [yield* leafOf([2, 2], 1), yield* leafOf([2, 2], 2)];
      function* mixed(mode: ExecMode): Program<Tensor> {
        const to = nextOf(rank + 1);
        return yield* exec([mode, nextOf(rank)], nested, ...leaves, mode === 'local' ? '' : to);
      }
      yield* sameInAllModes(leaves, mixed);
    },
    { myAdd, nested },
  );
});

/** Calls on, unless it is to do all by itself. */
function* nested(a: Tensor, b: Tensor, to: string): Program<Tensor> {
  const product = yield* torch.mul(a, b);
  const sum = yield* torch.add(a, b);
  const there = to === '' ? yield* myAdd(product, sum) : yield* rpc.sync(to, myAdd, [product, sum]);
  return yield* torch.mul(yield* torch.mul(product, sum), there);
}

test('DistAutogradTest.test_backward_multiple_round_trips: five hops, each to another worker', () => {
  run(function* body(rank) {
    const shape = [2, 2];
    const [t1, t2, t3] = [
      yield* leafOf(shape, 1, false),
      yield* leafOf(shape, 2),
      yield* leafOf(shape, 3, false),
    ];
    const [t4, t5] = [yield* leafOf(shape, 4), yield* leafOf(shape, 5)];
    yield* sameInAllModes([t1, t2, t3, t4, t5], function* forward(mode) {
      let hop = rank;
      const next = (): string => {
        hop += 1;
        return nextOf(hop);
      };
      const sum = yield* exec([mode, next()], torch.add, t1, t2);
      const product = yield* exec([mode, next()], torch.mul, t3, sum);
      const first = yield* exec([mode, next()], torch.matmul, t4, product);
      const second = yield* exec([mode, next()], torch.matmul, t5, product);
      const both = yield* exec([mode, next()], torch.matmul, first, second);
      return yield* exec([mode, next()], torch.matmul, both, both);
    });
  });
});

test('DistAutogradTest.test_backward_different_tensor_dims', () => {
  run(function* body(rank) {
    const t1 = yield* leafOf([4, 6], 1);
    const t2 = yield* leafOf([6, 5], 2, false);
    const t3 = yield* leafOf([5, 7], 3);
    const t4 = yield* leafOf([7, 9], 4, false);
    yield* sameInAllModes([t1, t3], function* forward(mode) {
      const product = yield* exec([mode, nextOf(rank)], torch.matmul, t1, t2);
      const more = yield* exec([mode, nextOf(rank)], torch.matmul, product, t3);
      return yield* exec([mode, nextOf(rank)], torch.matmul, more, t4);
    });
  });
});

test('DistAutogradTest.test_backward_unused_tensors: the gradient of an unused slice is zero', () => {
  run(
    function* body(rank) {
      const leaves = [yield* leafOf([3], 1), yield* leafOf([3], 2), yield* leafOf([3], 3)];
      yield* sameInAllModes(leaves, function* forward(mode) {
        const stacked = yield* exec([mode, nextOf(rank)], stackOf, leaves);
        const first = yield* torch.slice(stacked, { dim: 0, end: 1, start: 0 });
        return yield* torch.mul(first, yield* torch.slice(stacked, { dim: 0, end: 3, start: 2 }));
      });
    },
    { stackOf },
  );
});

function* stackOf(tensors: readonly Tensor[]): Program<Tensor> {
  return yield* torch.stack(tensors);
}

test('DistAutogradTest.test_backward_multiple_output_tensors: results that are not used count as zeros', () => {
  run(
    function* body(rank) {
      const leaf = yield* leafOf([6, 2], 1);
      yield* sameInAllModes([leaf], function* forward(mode) {
        // casts -- the function gives a list
        const parts = (yield* exec(
          [mode, nextOf(rank)],
          splitOf,
          leaf,
        )) as unknown as readonly Tensor[];
        const [first = leaf, , third = leaf] = parts;
        return yield* torch.matmul(first, third);
      });
    },
    { splitOf },
  );
});

function* splitOf(tensor: Tensor): Program<readonly Tensor[]> {
  return yield* torch.split(tensor, { split_size: 2 });
}

test('DistAutogradTest.test_backward_without_rpc: a graph without calls', () => {
  run(function* body() {
    const [a, b] = [yield* leafOf([3, 3], 1), yield* leafOf([3, 3], 2)];
    yield* distAutograd.context(function* inside(id) {
      yield* distAutograd.backward(id, [yield* torch.sum(yield* torch.add(a, b))]);
      expect(yield* distAutograd.getGradients(id)).toHaveLength(2);
      for (const leaf of [a, b]) expect(yield* gradientIn(id, leaf)).toEqual(Array(9).fill(1));
    });
  });
});

test('DistAutogradTest.test_backward_no_grad_on_tensor: `.grad` is left alone', () => {
  run(function* body(rank) {
    const [a, b] = [yield* leafOf([3, 3], 1), yield* leafOf([3, 3], 2)];
    yield* distAutograd.context(function* inside(id) {
      const sum = yield* torch.sum(yield* rpc.sync(nextOf(rank), torch.add, [a, b]));
      yield* distAutograd.backward(id, [sum], { retainGraph: true });
      expect(yield* torch.grad(a)).toBeUndefined();
      yield* torch.backward([yield* torch.sum(yield* torch.add(a, b))]);
      const before = yield* torch.grad(a);
      yield* distAutograd.backward(id, [sum]);
      expect(yield* torch.grad(a)).toEqual(before);
      expect(before?.data).toEqual(Array(9).fill(1));
    });
  });
});

test('DistAutogradTest.test_backward_accumulate_grads: two passes add up in the context', () => {
  run(function* body(rank) {
    const [a, b] = [yield* leafOf([3, 3], 1), yield* leafOf([3, 3], 2)];
    const local = yield* torch.sum(yield* torch.matmul(a, b));
    yield* torch.backward([local], { retainGraph: true });
    yield* torch.backward([local]);
    yield* distAutograd.context(function* inside(id) {
      const sum = yield* torch.sum(yield* rpc.sync(nextOf(rank), torch.matmul, [a, b]));
      for (let pass = 0; pass < 2; pass += 1) {
        yield* distAutograd.backward(id, [sum], { retainGraph: true });
      }
      for (const leaf of [a, b]) {
        expect(yield* gradientIn(id, leaf)).toEqual((yield* torch.grad(leaf))?.data);
      }
    });
  });
});

test('DistAutogradTest.test_backward_different_dtypes: each gradient is of the type of its leaf', () => {
  run(
    function* body(rank) {
      const data = [0.5, -1.25, 2, 4];
      const leaves = [
        yield* torch.tensor(data, { requiresGrad: true, shape: [2, 2] }),
        yield* torch.tensor(data, { dtype: 'float64', requiresGrad: true, shape: [2, 2] }),
      ];
      const to = nextOf(rank);
      yield* sameInAllModes(leaves, (mode) => exec([mode, to], torch.add, ...leaves));
      yield* distAutograd.context(function* inside(id) {
        const sum = yield* rpc.sync(to, myAdd, [leaves[0], leaves[1]] as never);
        expect(sum.dtype).toBe('float64');
        yield* distAutograd.backward(id, [yield* torch.sum(sum)]);
        const gradients = yield* distAutograd.getGradients(id);
        const types = leaves.map((leaf) => distAutograd.gradientOf(gradients, leaf)?.dtype);
        expect(types).toEqual(['float32', 'float64']);
      });
    },
    { myAdd },
  );
});

test('DistAutogradTest.test_dist_autograd_profiling: the nodes of this worker lie in the event of backward', () => {
  for (const backwardMode of ['fast', 'smart', 'smart-discovery'] as const) {
    distInit(
      function* body(rank) {
        yield* distAutograd.context(function* inside(id) {
          const leaves = [yield* leafOf([3, 3], 1), yield* leafOf([3, 3], 2)];
          const loss = yield* torch.sum(yield* rpc.sync(nextOf(rank), torch.add, leaves as never));
          const { events } = yield* profiler.profile(function* pass() {
            yield* distAutograd.backward(id, [loss]);
          });
          const [backward] = events;
          expect(events.map(({ name, parent }) => [name, parent])).toEqual([
            ['torch::distributed::autograd::backward', undefined],
            ['torch::autograd::GraphRoot', backward?.id],
            ['SumBackward0', backward?.id],
            ['torch::distributed::autograd::RecvRpcBackward', backward?.id],
            ['torch::distributed::autograd::SendRpcBackward', backward?.id],
          ]);
        });
      },
      {},
      { backwardMode, ranks, schedules: 1 },
    );
  }
});
