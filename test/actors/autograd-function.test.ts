/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
/** Functions of user code with a backward of their own, in one process and between workers. */
import { expect, test } from 'vitest';

import { autogradFunction, distAutograd, globals, rpc, torch } from '../../actors/index.ts';
import type { FunctionContext, SavedContext } from '../../actors/index.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import type { Program } from '../../src/index.ts';
import { leaf, note, refused, times } from './autograd-programs.ts';
import { play, returned, systemWith } from './play.ts';

function* squareBackward({ saved: [x] }: SavedContext, grad: Tensor): Program<Tensor> {
  // cast -- forward keeps a tensor
  return yield* torch.mul(grad, yield* torch.mul(x as Tensor, 2));
}

const square = autogradFunction('Square', {
  backward: squareBackward,
  *forward(ctx: FunctionContext, x: Tensor) {
    ctx.saveForBackward(x);
    return yield* torch.mul(x, x);
  },
});

test('a function of user code has a backward of its own, which may be recorded', () => {
  function* main() {
    const x = yield* leaf([3]);
    const y = yield* square.apply(x);
    const [first] = yield* torch.autograd.grad([y], [x], { createGraph: true });
    const [second] = yield* torch.autograd.grad([first ?? y], [x]);
    return [y.gradFn?.node.name, first?.data, second?.data];
  }
  expect(returned(systemWith({ main, squareBackward }))).toEqual(['SquareBackward', [6], [2]]);
});

test('a backward that gives too much is refused', () => {
  function* three(_: SavedContext, grad: Tensor): Program<readonly Tensor[]> {
    return [grad, yield* torch.neg(grad), grad];
  }
  const wrong = autogradFunction('Wrong', {
    backward: three,
    *forward(_: FunctionContext, x: Tensor) {
      return yield* torch.mul(x, 2);
    },
  });
  function* main() {
    return yield* refused(torch.backward([yield* wrong.apply(yield* leaf([1]))]));
  }
  expect(returned(systemWith({ main, three }))).toBe(
    'RuntimeError: function WrongBackward returned an incorrect number of gradients (expected 1, got 3)',
  );
});

test('what a backward may not give, and when it may not run, is refused with the texts of PyTorch', () => {
  function* long() {
    return yield* torch.ones([3]);
  }
  const wrong = autogradFunction('Wrong', {
    backward: long,
    *forward(ctx: FunctionContext, x: Tensor) {
      ctx.saveForBackward(x);
      return yield* torch.mul(x, 2);
    },
  });
  function* main() {
    const x = yield* leaf([1, 2]);
    const y = yield* square.apply(x);
    yield* torch.backward([yield* torch.sum(y)]);
    const again = yield* refused(torch.backward([yield* torch.sum(y)]));
    const z = yield* square.apply(x);
    yield* torch.noGrad(() => torch.applyInPlace('add', [x, 1]));
    const changed = yield* refused(torch.backward([yield* torch.sum(z)]));
    const fresh = yield* leaf([1, 2]);
    const shape = yield* refused(torch.backward([yield* torch.sum(yield* wrong.apply(fresh))]));
    return [again, changed, shape];
  }
  expect(returned(systemWith({ long, main, squareBackward }))).toEqual([
    expect.stringMatching(/^RuntimeError: Trying to backward through the graph a second time/),
    expect.stringMatching(/\[torch.FloatTensor \[2\]\] is at version 1; expected version 0/),
    'RuntimeError: Function WrongBackward returned an invalid gradient at index 0 - got [3] but expected ' +
      'shape compatible with [2]',
  ]);
});

test('hooks and functions of user code run in passes between workers', () => {
  function* squared(x: Tensor): Program<Tensor> {
    yield* torch.autograd.registerHook(x, times, 10);
    return yield* square.apply(x);
  }
  function* main() {
    const x = yield* leaf([3]);
    yield* torch.autograd.registerHook(x, times, -1);
    yield* torch.autograd.registerAccumulateGradHook(x, note, 'accumulated');
    const value = yield* distAutograd.context(function* inContext(context) {
      const y = yield* rpc.sync('worker1', squared, [x]);
      yield* distAutograd.backward(context, [y]);
      return distAutograd.gradientOf(yield* distAutograd.getGradients(context), x)?.data;
    });
    return [value, yield* globals.get('noted'), yield* torch.grad(x)];
  }
  const functions = { main, note, squareBackward, squared, times };
  // 2x, times 10 on worker 1, times -1 on worker 0
  expect(returned(systemWith(functions))).toEqual([[-60], ['accumulated'], undefined]);
});

test('what user code raises in a pass between workers is the error of its node', () => {
  function* refuse(): Program<never> {
    yield* torch.ones([1]);
    throw new RangeError('Simulate error on backward pass');
  }
  const wrong = autogradFunction('SimulateBackwardError', {
    backward: refuse,
    *forward(_: FunctionContext, x: Tensor) {
      return yield* torch.clone(x);
    },
  });
  function* called(x: Tensor): Program<Tensor> {
    return yield* wrong.apply(x);
  }
  function* main() {
    const x = yield* leaf([3]);
    return yield* distAutograd.context(function* inContext(context) {
      const y = yield* rpc.sync('worker1', called, [x]);
      return yield* refused(distAutograd.backward(context, [y]));
    });
  }
  const { outcome } = play(systemWith({ called, main, refuse }));
  expect(outcome).toMatchObject({
    value: 'RuntimeError: Error on Node 0: Error on Node 1: Simulate error on backward pass',
  });
});
