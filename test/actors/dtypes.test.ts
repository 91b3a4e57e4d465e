/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
/** Floating-point numbers of two types; what came out in PyTorch 1.13.1 is written beside each case. */
import { describe, expect, test } from 'vitest';

import { torch } from '../../actors/index.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import type { Program } from '../../src/index.ts';
import { returned, systemWith } from './play.ts';

const double = { dtype: 'float64' } as const;

function* vectors(): Program<readonly [Tensor, Tensor]> {
  return [yield* torch.tensor([0.1, 0.2]), yield* torch.tensor([0.1, 0.2], double)];
}

test.each<[string, (single: Tensor, twice: Tensor) => Program<Tensor>, string]>([
  ['add', (a, b) => torch.add(a, b), 'float64'],
  ['maximum', (a, b) => torch.maximum(a, b), 'float64'],
  ['mse_loss', (a, b) => torch.mseLoss(a, b), 'float64'],
  ['cat', (a, b) => torch.cat([a, b]), 'float64'],
  ['stack', (a, b) => torch.stack([a, b]), 'float64'],
  ['outer', (a, b) => torch.outer(a, b), 'float64'],
  ['a number and a float64', (_, b) => torch.mul(b, 2.5), 'float64'],
  ['a number and a float32', (a) => torch.mul(a, 2.5), 'float32'],
  ['add_ to a float32', (a, b) => torch.applyInPlace('add', [a, b]), 'float32'],
])('%s of float32 and float64', (_, op, dtype) => {
  function* main(): Program<string> {
    const [single, twice] = yield* vectors();
    return (yield* op(single, twice)).dtype;
  }
  expect(returned(systemWith({ main }))).toBe(dtype);
});

test('a float64 without dimensions leaves a float32 what it is', () => {
  function* main(): Program<readonly string[]> {
    const [single] = yield* vectors();
    const alone = yield* torch.tensor([2.5], { ...double, shape: [] });
    const small = yield* torch.tensor([2.5], { shape: [] });
    return [(yield* torch.mul(alone, single)).dtype, (yield* torch.mul(alone, small)).dtype];
  }
  expect(returned(systemWith({ main }))).toEqual(['float32', 'float64']);
});

test('numbers of float64 are not rounded to float32, nor are the numbers that they meet', () => {
  function* main(): Program<readonly number[]> {
    const [, twice] = yield* vectors();
    return (yield* torch.mul(twice, 0.1)).data;
  }
  expect(returned(systemWith({ main }))).toEqual([0.1 * 0.1, 0.2 * 0.1]);
});

describe('products take one type', () => {
  test.each<[string, (a: Tensor, b: Tensor) => Program<Tensor>]>([
    ['matmul', (a, b) => torch.matmul(a, b)],
    ['linear', (a, b) => torch.linear(a, b)],
  ])('%s', (_, op) => {
    function* main(): Program<readonly string[]> {
      const single = yield* torch.ones([2, 2]);
      const twice = yield* torch.to(single, 'float64');
      const texts: string[] = [];
      for (const [a, b] of [
        [single, twice],
        [twice, single],
      ] as const) {
        try {
          yield* op(a, b);
        } catch (error) {
          texts.push(String(error));
        }
      }
      return texts;
    }
    expect(returned(systemWith({ main }))).toEqual([
      'RuntimeError: expected scalar type Float but found Double',
      'RuntimeError: expected scalar type Double but found Float',
    ]);
  });
});

test('the gradient of what was made float64 is float32, and rounded once', () => {
  function* main(): Program<readonly unknown[]> {
    const leaf = yield* torch.tensor([0.1], { requiresGrad: true });
    const other = yield* torch.tensor([0.3], { ...double, requiresGrad: true });
    const wide = yield* torch.to(leaf, 'float64');
    yield* torch.backward([yield* torch.sum(yield* torch.mul(wide, other))]);
    const grads = [yield* torch.grad(leaf), yield* torch.grad(other)];
    return grads.map((grad) => [grad?.dtype, grad?.data[0]]);
  }
  expect(returned(systemWith({ main }))).toEqual([
    ['float32', Math.fround(0.3)],
    ['float64', Math.fround(0.1)],
  ]);
});
