/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
import { describe, expect, test } from 'vitest';

import { distAutograd, rpc, torch } from '../../actors/index.ts';
import type { ContextId, Future } from '../../actors/index.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import type { Program } from '../../src/index.ts';
import { play, returned, systemWith } from './play.ts';
import { caught, gradientOf } from './user-code.ts';

function* add(a: Tensor, b: Tensor): Program<Tensor> {
  return yield* torch.add(a, b);
}

function* leafOf(...data: readonly number[]): Program<Tensor> {
  return yield* torch.tensor(data, { requiresGrad: true });
}

describe('a context', () => {
  test('is no place for another one, and is over when its function ends', () => {
    function* main() {
      const inner = yield* distAutograd.context(function* (context) {
        return [
          context,
          yield* caught(
            distAutograd.context(function* () {
              return yield* torch.tensor([1]);
            }),
          ),
        ];
      });
      return [...inner, yield* caught(distAutograd.getGradients('0' as ContextId))];
    }
    expect(returned(systemWith({ main }))).toEqual([
      '0',
      'RuntimeError: Already have an autograd context id for this thread.',
      'RuntimeError: Could not find autograd context with id: 0',
    ]);
  });

  test('is over on all workers also when its body throws', () => {
    function* main() {
      return yield* caught(
        distAutograd.context(function* () {
          yield* rpc.sync('worker1', add, [yield* leafOf(1), yield* leafOf(2)]);
          return yield* torch.matmul(yield* leafOf(1, 2), yield* leafOf(1));
        }),
      );
    }
    expect(String(returned(systemWith({ add, main })))).toMatch(/^RuntimeError: /);
  });

  test('knows the workers that it was sent to', () => {
    function* main() {
      return yield* distAutograd.context(function* (context) {
        yield* rpc.sync('worker2', add, [yield* leafOf(1), yield* leafOf(2)]);
        return (yield* distAutograd.retrieveContext(context)).knownWorkerIds;
      });
    }
    expect(returned(systemWith({ add, main }, { workers: 3 }))).toEqual([2]);
  });
});

describe('a distributed backward pass', () => {
  test('leaves `.grad` alone, which a local one fills', () => {
    function* main() {
      return yield* distAutograd.context(function* (context) {
        const leaf = yield* leafOf(3);
        const there = yield* rpc.sync('worker1', add, [leaf, leaf]);
        yield* distAutograd.backward(context, [yield* torch.sum(there)]);
        const before = yield* torch.grad(leaf);
        yield* torch.backward([yield* torch.sum(yield* torch.mul(leaf, leaf))]);
        return [yield* gradientOf(context, leaf), before, (yield* torch.grad(leaf))?.data];
      });
    }
    expect(returned(systemWith({ add, main }))).toEqual([[2], undefined, [6]]);
  });

  test.each([
    ['nothing', 'No tensors provided for gradient computation.'],
    ['a plain tensor', 'requires_grad not set on root'],
    ['no scalar', ' is not a scalar, all roots need to be scalar'],
    ['a leaf', ' does not have a valid gradient function.'],
  ])('refuses %s as root', (root, text) => {
    function* main() {
      const vector = yield* torch.neg(yield* leafOf(1, 2));
      const roots: Readonly<Record<string, readonly Tensor[]>> = {
        nothing: [],
        'a plain tensor': [yield* torch.tensor([1])],
        'no scalar': [vector],
        'a leaf': [yield* leafOf(1)],
      };
      return yield* distAutograd.context((context) =>
        caught(distAutograd.backward(context, roots[root] ?? [])),
      );
    }
    expect(returned(systemWith({ main }))).toBe(`RuntimeError: ${text}`);
  });

  test('adds up over passes when the graph is retained, and fails on the far side when it is not', () => {
    function* multiply(a: Tensor): Program<Tensor> {
      return yield* torch.mul(a, a);
    }
    function* main(retainGraph: boolean) {
      return yield* distAutograd.context(function* (context) {
        const leaf = yield* leafOf(5);
        const root = yield* torch.sum(yield* rpc.sync('worker1', multiply, [leaf]));
        yield* distAutograd.backward(context, [root], { retainGraph });
        const text = yield* caught(distAutograd.backward(context, [root], { retainGraph }));
        return [text, yield* gradientOf(context, leaf)];
      });
    }
    expect(returned(systemWith({ main, multiply }, { args: [true] }))).toEqual([
      'no error but undefined',
      [20],
    ]);
    const [text, gradient] = returned(
      systemWith({ main, multiply }, { args: [false] }),
    ) as readonly [string, unknown];
    // Worker 0 still waits for the gradient of what it sent, so its own pass fails too.
    expect(text).toMatch(
      /^RuntimeError: Error on Node 0: Error on Node 1: Trying to backward through the graph a second time/,
    );
    expect(gradient).toEqual([10]);
  });

  test('waits for ever for the gradient of a result that nobody used', () => {
    function* main() {
      return yield* distAutograd.context(function* (context) {
        const leaf = yield* leafOf(1);
        yield* rpc.sync('worker1', add, [leaf, leaf]);
        yield* distAutograd.backward(context, [yield* torch.sum(leaf)]);
      });
    }
    const { outcome, views } = play(systemWith({ add, main }));
    expect(outcome).toMatchObject({ type: 'running' });
    expect(views[0]?.debugInfo.num_current_backward_passes).toBe(1);
  });

  test('fails by a time-out where the unused result lies on another worker', () => {
    function* sendsTwice(a: Tensor): Program<Tensor> {
      yield* rpc.sync('worker2', add, [a, a]);
      return yield* torch.neg(a);
    }
    function* main() {
      return yield* distAutograd.context(function* (context) {
        const there = yield* rpc.sync('worker1', sendsTwice, [yield* leafOf(1)]);
        return yield* caught(distAutograd.backward(context, [yield* torch.sum(there)]));
      });
    }
    const { outcome } = play(systemWith({ add, main, sendsTwice }, { workers: 3 }));
    expect(outcome).toMatchObject({
      value:
        'RuntimeError: Error on Node 0: RPCErr:1:RPC ran for more than set timeout (60000 ms) and ' +
        'will now be marked with an error',
    });
  });
});

test('a call made without recording gives a result whose backward finds no send function', () => {
  function* main() {
    return yield* distAutograd.context(function* (context) {
      const leaf = yield* leafOf(2);
      const rref = yield* torch.noGrad(() => rpc.remote('worker1', add, [leaf, leaf]));
      const root = yield* torch.sum(yield* rref.toHere());
      return yield* caught(distAutograd.backward(context, [root]));
    });
  }
  expect(returned(systemWith({ add, main }))).toMatch(
    /^RuntimeError: .*Error on Node 0: Could not find send function for autograd message id: 0$/,
  );
});

test('a tensor that is sent outside of a context arrives as a leaf', () => {
  function isLeaf(tensor: Tensor): readonly [boolean, boolean] {
    return [tensor.requiresGrad, tensor.id !== undefined];
  }
  function* main() {
    return yield* rpc.sync('worker1', isLeaf, [yield* torch.neg(yield* leafOf(1))]);
  }
  expect(returned(systemWith({ isLeaf, main }))).toEqual([true, true]);
});

test('a callback of a future that is complete is in the context of the thread that runs it', () => {
  function* twice(_: Future<undefined>, x: Tensor): Program<Tensor> {
    return yield* rpc.sync('worker1', torch.mul, [x, 2]);
  }
  function* main() {
    return yield* distAutograd.context(function* inContext(context) {
      const x = yield* torch.tensor([3], { requiresGrad: true });
      const complete = yield* rpc.future<undefined>();
      yield* complete.setResult(undefined);
      const y = yield* (yield* complete.then(twice, x)).wait();
      yield* distAutograd.backward(context, [y]);
      return distAutograd.gradientOf(yield* distAutograd.getGradients(context), x)?.data;
    });
  }
  expect(returned(systemWith({ main, twice }))).toEqual([2]);
});
