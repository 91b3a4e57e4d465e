/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
import { expect, test } from 'vitest';

import { cluster, rpc, torch } from '../../actors/index.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import { defineFunctions, defineSystem, runSystem } from '../../src/index.ts';
import type { Program } from '../../src/index.ts';
import { returned, systemWith } from './play.ts';

test('operators take attributes by the names of PyTorch, and some give several tensors', () => {
  function* main() {
    const x = yield* torch.tensor([1, 2, 3, 4, 5, 6], { requiresGrad: true, shape: [2, 3] });
    const [left, right] = yield* torch.split(x, { dim: 1, split_size: 2 });
    const joined = yield* torch.cat([right ?? 0, left ?? 0], { dim: 1 });
    const [most, places] = yield* torch.applyAll('max', [joined], { dim: 1 });
    yield* torch.backward([yield* torch.sum(yield* torch.mul(most ?? 0, 10))]);
    return [joined.data, most?.data, places?.data, (yield* torch.grad(x))?.data];
  }
  expect(returned(systemWith({ main }))).toEqual([
    [3, 1, 2, 6, 4, 5],
    [3, 6],
    [0, 0],
    [0, 0, 10, 0, 0, 10],
  ]);
});

test('a nested list of elements is refused with what to write', () => {
  function* main() {
    // cast -- what a program without types does
    return yield* refused(torch.tensor([[1], [2, 3]] as never));
  }
  expect(returned(systemWith({ main }))).toMatch(
    /^TypeError: torch.tensor takes its elements row by row, not a list .* shape: \[2, 2\]/,
  );
});

test('what contains itself, or is nested too deep, is refused where it was given', () => {
  const cycle: Record<string, unknown> = {};
  Object.assign(cycle, { one: cycle, other: cycle });
  const chain = Array.from({ length: 20_000 }).reduce<unknown>((inner) => [inner], 0);
  function* main(which: string) {
    // cast -- what a program without types does
    return yield* rpc.sync('worker1', torch.sum, [which === 'cycle' ? cycle : chain] as never);
  }
  const functions = defineFunctions({ main });
  const play = (which: string) => () =>
    runSystem(
      defineSystem(
        cluster({ functions, main: { worker0: functions.toCall('main', [which]) }, workers: 2 }),
      ),
    );
  expect(play('cycle')).toThrow('args[0].one contains itself');
  expect(play('chain')).toThrow('nests more than 256 levels');
});

test('an unknown backward mode is refused', () => {
  const functions = defineFunctions({});
  expect(() => cluster({ backwardMode: 'smrt' as never, functions, main: {}, workers: 1 })).toThrow(
    'There is no backward mode "smrt". There are fast, smart, smart-discovery.',
  );
});

test('classes are whole numbers, which need no gradient', () => {
  function* main() {
    const scores = yield* torch.zeros([2, 4], { requiresGrad: true });
    const classes = yield* torch.tensor([1, 3], { dtype: 'int64' });
    yield* torch.backward([yield* torch.crossEntropy(scores, classes)]);
    const wrong = yield* refused(torch.tensor([1], { dtype: 'int64', requiresGrad: true }));
    return [(yield* torch.grad(scores))?.data, wrong];
  }
  expect(returned(systemWith({ main }))).toEqual([
    [0.125, -0.375, 0.125, 0.125, 0.125, 0.125, 0.125, -0.375],
    'RuntimeError: Only Tensors of floating point and complex dtype can require gradients',
  ]);
});

test('an LSTM cell of zeros keeps half of its state', () => {
  function* main() {
    const cell = { wHh: yield* torch.zeros([4, 1]), wIh: yield* torch.zeros([4, 2]) };
    const state = [yield* torch.zeros([1, 1]), yield* torch.ones([1, 1])] as const;
    const [, cx] = yield* torch.lstmCell(yield* torch.ones([1, 2]), state, cell);
    return cx.data;
  }
  expect(returned(systemWith({ main }))).toEqual([0.5]);
});

test('a built-in operator runs where it is sent', () => {
  function* main() {
    const x = yield* torch.tensor([4, 9]);
    return (yield* rpc.sync('worker1', torch.sqrt, [x])).data;
  }
  expect(returned(systemWith({ main }))).toEqual([2, 3]);
});

function* refused(program: Program<Tensor>): Program<string> {
  try {
    return `no error but ${JSON.stringify(yield* program)}`;
  } catch (error) {
    return String(error);
  }
}
