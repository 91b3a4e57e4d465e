import { expect, test } from 'vitest';

import { newFrame } from '../../../machines/engine/frame.ts';
import type { Tensor } from '../../../machines/engine/graph.ts';
import { threadId } from '../../../machines/engine/ids.ts';
import type { OperatorName } from '../../../machines/engine/operators.ts';
import { isOperatorName } from '../../../machines/engine/operators.ts';
import { record } from '../../../machines/engine/record.ts';
import { scalar, tensor } from '../../../machines/engine/tensor.ts';
import { TorchError } from '../../../machines/engine/torch-error.ts';
import { createThread, nodeOf } from './thread.ts';

const matrix = tensor([1, 2, 3, 4, 5, 6], { shape: [2, 3] });
const square = tensor([1, 2, 3, 4], { shape: [2, 2] });
const vector = tensor([1, -2, 3]);

interface Example {
  readonly op: OperatorName;
  readonly args: readonly (Tensor | number)[];
  readonly data: readonly number[];
  readonly shape: readonly number[];
}

// The figures are PyTorch's, printed with nine digits.
test.each<Example>([
  { op: 'add', args: [vector, 0.1], data: [1.10000002, -1.89999998, 3.0999999], shape: [3] },
  { op: 'sub', args: [matrix, vector], data: [0, 4, 0, 3, 7, 3], shape: [2, 3] },
  {
    op: 'mul',
    args: [tensor([2, 3], { shape: [2, 1] }), vector],
    data: [2, -4, 6, 3, -6, 9],
    shape: [2, 3],
  },
  { op: 'neg', args: [vector], data: [-1, 2, -3], shape: [3] },
  { op: 'sin', args: [tensor([0.5, 100])], data: [0.47942555, -0.506365657], shape: [2] },
  { op: 'tanh', args: [tensor([0.5, -20])], data: [0.46211717, -1], shape: [2] },
  { op: 'exp', args: [tensor([1, -1])], data: [2.71828175, 0.36787945], shape: [2] },
  { op: 'relu', args: [vector], data: [1, 0, 3], shape: [3] },
  { op: 'sum', args: [matrix], data: [21], shape: [] },
  { op: 'mean', args: [matrix], data: [3.5], shape: [] },
  { op: 'clone', args: [vector], data: [1, -2, 3], shape: [3] },
  { op: 'detach', args: [vector], data: [1, -2, 3], shape: [3] },
  { op: 'transpose', args: [matrix], data: [1, 4, 2, 5, 3, 6], shape: [3, 2] },
  { op: 't', args: [vector], data: [1, -2, 3], shape: [3] },
  { op: 'matmul', args: [square, square], data: [7, 10, 15, 22], shape: [2, 2] },
  { op: 'matmul', args: [matrix, vector], data: [6, 12], shape: [2] },
  { op: 'matmul', args: [vector, vector], data: [14], shape: [] },
  { op: 'matmul', args: [tensor([1, -1]), matrix], data: [-3, -3, -3], shape: [3] },
  { op: 'unsqueeze', args: [vector, 0], data: [1, -2, 3], shape: [1, 3] },
  { op: 'squeeze', args: [tensor([5], { shape: [1, 1] })], data: [5], shape: [] },
])('$op gives $data', ({ op, args, data, shape }) => {
  const { value } = record({ args, frame: newFrame(threadId('t')), op });
  expect(value.shape).toEqual(shape);
  expect(value.data).toEqual(data.map((element) => Math.fround(element)));
});

interface Mismatch {
  readonly op: OperatorName;
  readonly args: readonly Tensor[];
  readonly text: string;
}

test.each<Mismatch>([
  {
    op: 'add',
    args: [matrix, square],
    text: 'The size of tensor a (3) must match the size of tensor b (2) at non-singleton dimension 1',
  },
  {
    op: 'mul',
    args: [matrix, tensor([1, 2, 3, 4, 5, 6, 7, 8, 9], { shape: [3, 3] })],
    text: 'The size of tensor a (2) must match the size of tensor b (3) at non-singleton dimension 0',
  },
  {
    op: 'matmul',
    args: [matrix, square],
    text: 'mat1 and mat2 shapes cannot be multiplied (2x3 and 2x2)',
  },
  {
    op: 'matmul',
    args: [square, vector],
    text: 'size mismatch, got input (2), mat (2x2), vec (3)',
  },
  {
    op: 'matmul',
    args: [vector, tensor([1, 2])],
    text:
      'inconsistent tensor size, expected tensor [3] and src [2] to have the same number of elements, ' +
      'but got 3 and 2 elements respectively',
  },
  {
    op: 'matmul',
    args: [scalar(1), square],
    text: 'both arguments to matmul need to be at least 1D, but they are 0D and 2D',
  },
  {
    op: 'transpose',
    args: [vector],
    text: 'Dimension out of range (expected to be in range of [-1, 0], but got 1)',
  },
  {
    op: 't',
    args: [tensor([1], { shape: [1, 1, 1] })],
    text: 't() expects a tensor with <= 2 dimensions, but self is 3D',
  },
  {
    op: 'add',
    args: [vector, tensor([1, 2, 3], { device: 'cuda:0' })],
    text: 'Expected all tensors to be on the same device, but found at least two devices, cpu and cuda:0!',
  },
])('$op refuses with "$text"', ({ op, args, text }) => {
  const attempt = () => record({ args, frame: newFrame(threadId('t')), op });
  expect(attempt).toThrow(TorchError);
  expect(attempt).toThrow(text);
});

test('a tensor has as many elements as its shape says', () => {
  expect(() => tensor([1, 2, 3], { shape: [2, 2] })).toThrow(
    "shape '[2, 2]' is invalid for input of size 3",
  );
});

test('a mistake in the call is not an error of PyTorch', () => {
  expect(() => record({ args: [vector], frame: newFrame(threadId('t')), op: 'add' })).toThrow(
    expect.objectContaining({ code: 'engine/bad-arity' }),
  );
  expect(isOperatorName('add')).toBe(true);
  expect(isOperatorName('toString')).toBe(false);
});

test('a node takes the next number of its thread, and only if a gradient is wanted', () => {
  const { apply, frame, leaf, setFrame } = createThread('worker0/main');
  apply('add', vector, vector);
  expect(frame().nextSequenceNr).toBe(0);
  const x = leaf([1, 2, 3]);
  const y = apply('mul', x, vector);
  expect(nodeOf(y)).toMatchObject({
    id: 'worker0/main#0',
    name: 'MulBackward0',
    nextEdges: [{ inputNr: 0, node: { variable: 'worker0/main:0' } }, { type: 'no-edge' }],
    sequenceNr: 0,
  });
  expect(apply('detach', y)).toMatchObject({ requiresGrad: false });
  setFrame({ ...frame(), gradMode: false });
  expect(apply('mul', x, y).requiresGrad).toBe(false);
  expect(frame().nextSequenceNr).toBe(1);
});

test('a leaf has one AccumulateGrad, however often it is used', () => {
  const { apply, leaf } = createThread('t');
  const x = leaf([1]);
  const [first, second] = nodeOf(apply('add', x, x)).nextEdges;
  expect(first).toEqual(second);
  expect(first).toMatchObject({ node: { id: 'AccumulateGrad(t:0)', name: 'AccumulateGrad' } });
});

test('what forward keeps is what a wanted gradient needs', () => {
  const { apply, leaf } = createThread('t');
  const x = leaf([1, 2, 3]);
  const product = nodeOf(apply('mul', x, vector));
  expect(product).toMatchObject({ saved: [{ other: { data: [1, -2, 3] } }, {}] });
  expect(nodeOf(apply('add', x, vector))).toMatchObject({ saved: [{}, {}] });
});

test('tensors and nodes are frozen', () => {
  const { apply, leaf } = createThread('t');
  const y = apply('sum', apply('sin', leaf([1, 2])));
  for (const part of [y, y.data, y.shape, nodeOf(y), nodeOf(y).nextEdges]) {
    expect(Object.isFrozen(part)).toBe(true);
  }
});

// The texts are PyTorch's.
test.each(['margin_ranking_loss', 'kl_div', 'l1_loss'] as const)(
  '%s knows no reduction but those that there are',
  (op) => {
    const args = op === 'margin_ranking_loss' ? [vector, vector, vector] : [vector, vector];
    for (const reduction of ['amax', 'most']) {
      const call = () =>
        record({ args, attributes: { reduction }, frame: newFrame(threadId('t')), op });
      expect(call).toThrow(
        new TorchError('ValueError', `${reduction} is not a valid value for reduction`),
      );
    }
  },
);

test('what is no tensor is named, also after a change in place', () => {
  const { apply, applyInPlace, buffer } = createThread('t');
  applyInPlace('add', buffer(vector), 1);
  const nothing = JSON.parse('null') as Tensor;
  expect(() => apply('add', vector, nothing)).toThrow('"add" was given null as number 1');
});
