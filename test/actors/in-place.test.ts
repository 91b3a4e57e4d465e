/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
import { expect, test } from 'vitest';

import { torch } from '../../actors/index.ts';
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

test('a tensor from before a change in place is not used by mistake', () => {
  function* main() {
    const x = yield* leaf([1, 2]);
    const y = yield* torch.mul(x, 2);
    const view = yield* torch.select(y, { dim: 0, index: 0 });
    yield* torch.applyInPlace('add', [y, 1]);
    return yield* torch.neg(view);
  }
  expect(() => returned(systemWith({ main }))).toThrow(/changed in place/);
});
