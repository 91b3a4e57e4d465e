/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
import { expect, test } from 'vitest';

import { rpc, torch } from '../../actors/index.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import { leaf, refused } from './autograd-programs.ts';
import { returned, systemWith } from './play.ts';

test('what was changed in place is refused where it was saved', () => {
  const text = (rest: string) =>
    'RuntimeError: one of the variables needed for gradient computation has been modified by an inplace ' +
    `operation: [torch.FloatTensor [2]]${rest} instead. Hint: enable anomaly detection to find the operation ` +
    'that failed to compute its gradient, with torch.autograd.set_detect_anomaly(True).';
  function* main() {
    const x = yield* leaf([1, 2]);
    const y = yield* torch.sigmoid(x);
    const changed = yield* torch.applyInPlace('add', [y, 1]);
    const texts = [yield* refused(torch.backward([yield* torch.sum(changed)]))];
    const z = yield* torch.sum(yield* torch.mul(x, x));
    yield* torch.noGrad(() => torch.applyInPlace('add', [x, 1]));
    texts.push(yield* refused(torch.backward([z])));
    texts.push(yield* refused(torch.applyInPlace('add', [yield* leaf([1]), 1])));
    const view = yield* torch.select(yield* leaf([1]), { dim: 0, index: 0 });
    texts.push(yield* refused(torch.applyInPlace('add', [view, 1])));
    const wide = yield* torch.ones([2, 2]);
    texts.push(yield* refused(torch.applyInPlace('add', [yield* torch.ones([2]), wide])));
    return texts;
  }
  expect(returned(systemWith({ main }))).toEqual([
    text(', which is output 0 of SigmoidBackward0, is at version 1; expected version 0'),
    text(' is at version 1; expected version 0'),
    'RuntimeError: a leaf Variable that requires grad is being used in an in-place operation.',
    'RuntimeError: a view of a leaf Variable that requires grad is being used in an in-place operation.',
    "RuntimeError: output with shape [2] doesn't match the broadcast shape [2, 2]",
  ]);
});

test('a change in place is part of the graph where nothing saved what was before', () => {
  function* main() {
    const x = yield* leaf([1, -2]);
    let y = yield* torch.mul(x, 2);
    y = yield* torch.applyInPlace('mul', [y, y]);
    y = yield* torch.applyInPlace('relu', [y]);
    const first = yield* refused(torch.backward([yield* torch.sum(y)]));
    let z = yield* torch.mul(x, 2);
    z = yield* torch.applyInPlace('tanh', [z]);
    z = yield* torch.clone(z);
    z = yield* torch.applyInPlace('masked_fill', [z, yield* torch.tensor([1, 0])], { value: 7 });
    yield* torch.backward([yield* torch.sum(z)]);
    return [first.slice(0, 30), z.data[0], (yield* torch.grad(x))?.data[0]];
  }
  // Real PyTorch refuses y.mul_(y) too: it saved the other factor as it was.
  expect(returned(systemWith({ main }))).toEqual(['RuntimeError: one of the varia', 7, 0]);
});

test('a change of a view is seen by all who share its elements, in forward and in backward', () => {
  // Real PyTorch 1.13: x[0].copy_(2 * p); x.t().mul_(3); loss = (x * w).sum(), and x is [[0, 0], [1, 1]] first.
  function* main() {
    const p = yield* leaf([1, 2]);
    const x = yield* torch.buffer(yield* torch.tensor([0, 0, 1, 1], { shape: [2, 2] }));
    const last = yield* torch.select(x, { dim: 0, index: 1 });
    yield* torch.applyInPlace('copy', [
      yield* torch.select(x, { dim: 0, index: 0 }),
      yield* torch.mul(p, 2),
    ]);
    const turned = yield* torch.applyInPlace('mul', [yield* torch.t(x), 3]);
    const loss = yield* torch.sum(
      yield* torch.mul(x, yield* torch.tensor([1, 10, 100, 1000], { shape: [2, 2] })),
    );
    yield* torch.backward([loss]);
    const now = yield* torch.current(last);
    return [turned.data, now.data, now.requiresGrad, loss.data, (yield* torch.grad(p))?.data];
  }
  expect(returned(systemWith({ main }))).toEqual([[6, 3, 12, 3], [3, 3], true, [3426], [6, 60]]);
});

test('what is read anew goes along with calls, hooks and results', () => {
  function* double(x: Tensor) {
    return yield* torch.mul(x, 2);
  }
  function* scaled(grad: Tensor) {
    return yield* torch.mul(grad, 10);
  }
  function* main() {
    const p = yield* leaf([1, 2]);
    const y = yield* torch.mul(p, 1);
    yield* torch.applyInPlace('mul', [yield* torch.select(y, { dim: 0, index: 1 }), 5]);
    yield* torch.autograd.registerHook(y, scaled);
    const there = yield* rpc.sync('worker1', double, [y]);
    yield* torch.backward([yield* torch.sum(y)]);
    return { grad: (yield* torch.grad(p))?.data, there: there.data, y };
  }
  expect(returned(systemWith({ double, main, scaled }))).toMatchObject({
    grad: [10, 50],
    there: [2, 20],
    y: { data: [1, 10] },
  });
});

test('a view that cannot be changed in place is refused where it is used, as an error of the program', () => {
  function* main() {
    const y = yield* torch.mul(yield* leaf([1, 2]), 1);
    const [first] = yield* torch.unbind(y);
    yield* torch.applyInPlace('mul', [y, 2]);
    if (first === undefined) return [];
    return [
      yield* refused(torch.autograd.registerHook(first, main)),
      yield* refused(torch.applyInPlace('add', [first, 1])),
    ];
  }
  const rest =
    'modified inplace. This view is the output of a function that returns multiple views. Such functions do ' +
    'not allow the output views to be modified inplace. You should replace the inplace operation by an ' +
    'out-of-place one.';
  expect(returned(systemWith({ main }))).toEqual([
    `RuntimeError: Output 0 of UnbindBackward0 is a view and its base or another view of its base has been ${rest}`,
    `RuntimeError: Output 0 of UnbindBackward0 is a view and is being ${rest}`,
  ]);
});
