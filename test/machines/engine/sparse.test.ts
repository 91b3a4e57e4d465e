/** Gradients that have only some elements: what real PyTorch 1.13 made of embeddings (`recorded/sparse.py`). */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import type { Gradient, Tensor } from '../../../machines/engine/graph.ts';
import type { Attributes } from '../../../machines/engine/operator.ts';
import { coalesced, isSparse, sumOf, toDense } from '../../../machines/engine/sparse.ts';
import { int64, sparseTensor, tensor, wireTensor } from '../../../machines/engine/tensor.ts';
import { TorchError } from '../../../machines/engine/torch-error.ts';
import { getIn } from '../../../src/core/persistent-map.ts';
import { jsonLines } from '../../support/json-lines.ts';
import { backwardLocally, gradLocally } from './local-passes.ts';
import { createThread, dataOf, idOf } from './thread.ts';

interface Recorded {
  readonly layout: string;
  readonly data: readonly number[];
}

interface Case {
  readonly attributes: Attributes;
  readonly error?: readonly [type: string, text: string];
  readonly first?: Recorded;
  readonly index: readonly number[] | readonly (readonly number[])[];
  readonly offsets: readonly number[] | null;
  readonly op: 'embedding' | 'embedding_bag';
  readonly result?: readonly number[];
  readonly samples: readonly number[] | null;
  readonly samplesGrad?: readonly number[] | null;
  readonly second?: Recorded;
  readonly shape?: readonly number[];
}

const cases = jsonLines(new URL('recorded/sparse.jsonl', import.meta.url)) as readonly Case[];
const rows = [0.5, -1.25, 2, 0.75, 2, 3.5, -0.25, 1.5];

/** The program of a case: its leaves, and what forward gives. */
function programOf(each: Case) {
  const thread = createThread('t');
  const weight = thread.leaf(rows, [4, 2]);
  const samples = each.samples === null ? [] : [thread.leaf(each.samples)];
  const flat = each.index.flat();
  const shape = flat.length === each.index.length ? [flat.length] : [each.index.length, 2];
  const offsets = each.offsets === null ? [] : [int64([each.offsets.length], each.offsets)];
  const args = [weight, int64(shape, flat), ...offsets, ...samples];
  const forward = (): Tensor => thread.applyWith(each.attributes, each.op, ...args);
  return { forward, samples, thread, weight };
}

const named = cases.map((each, nr) => [`${nr}: ${callOf(each)}`, each] as const);

test.each(named.filter(([, { error }]) => error === undefined))(
  '%s is as in PyTorch',
  (_, each) => {
    const { forward, samples, thread, weight } = programOf(each);
    const result = forward();
    expect(result.shape).toEqual(each.shape);
    expectClose(result.data, each.result);
    const factors = tensor(
      result.data.map((__, at) => at + 1),
      { shape: result.shape },
    );
    const root = thread.apply('sum', thread.apply('mul', result, factors));
    const { gradients } = backwardLocally([root], { keepGraph: true });
    const grad = getIn(gradients, idOf(weight));
    expectGradient(grad, each.first);
    expectGradient(grad && twice(grad), each.second);
    const found = samples.map((sample) => dataOf(twice(getIn(gradients, idOf(sample)))));
    for (const data of found) expectClose(data, each.samplesGrad ?? []);
  },
);

test.each(named.filter(([, { error }]) => error !== undefined))('%s', (_, each) => {
  const { forward, thread } = programOf(each);
  const [type = '', text = ''] = each.error ?? [];
  expect(() => {
    backwardLocally([thread.apply('sum', forward())]);
  }).toThrow(new TorchError(type, text));
});

function callOf({ attributes, error, op }: Case): string {
  return `${op} with ${JSON.stringify(attributes)}${error === undefined ? '' : ' raises'}`;
}

function twice(grad: Gradient | undefined): Gradient {
  return grad?.type === 'tensor' ? sumOf(grad, grad) : { type: 'undefined-tensor' };
}

function expectGradient(grad: Gradient | undefined, wanted: Recorded | undefined): void {
  expect(grad).toMatchObject({ layout: wanted?.layout });
  if (grad?.type === 'tensor') expectClose(toDense(grad).data, wanted?.data);
}

function expectClose(found: readonly number[] | undefined, wanted: readonly number[] = []): void {
  expect(found).toHaveLength(wanted.length);
  for (const [at, value] of wanted.entries()) expect(found?.[at]).toBeCloseTo(value, 5);
}

/** The parts of a sum over a matrix of three rows; the figures of what they add up to are PyTorch's. */
function gradientOf(parts: readonly (readonly number[] | 'square')[]) {
  const thread = createThread('t');
  const weight = thread.leaf([1, 2, 3, 4, 5, 6], [3, 2]);
  const roots = parts.map((part) => {
    if (part === 'square') return thread.apply('sum', thread.apply('mul', weight, weight));
    const index = int64([part.length], part);
    return thread.apply('sum', thread.applyWith({ sparse: true }, 'embedding', weight, index));
  });
  const root = roots.reduce((sum, each) => thread.apply('add', sum, each));
  const grad = getIn(backwardLocally([root]).gradients, idOf(weight));
  return grad?.type === 'tensor' ? grad : undefined;
}

test('adds sparse to sparse as sparse, and sparse to dense as dense', () => {
  expect(gradientOf([[2, 0, 2]])).toMatchObject({
    data: [1, 1, 1, 1, 1, 1],
    shape: [3, 2],
    sparse: { indices: [[2, 0, 2]], isCoalesced: false },
  });
  const both = gradientOf([
    [2, 0, 2],
    [1, 0],
  ]);
  expect(both).toMatchObject({ layout: 'Sparse' });
  expect(both && toDense(both).data).toEqual([2, 2, 1, 1, 2, 2]);
  for (const parts of [[[2, 0, 2], 'square'] as const, ['square', [2, 0, 2]] as const]) {
    expect(gradientOf(parts)).toMatchObject({ data: [3, 5, 6, 8, 12, 14], layout: 'Strided' });
  }
});

/** The gradient of a matrix that an operator was applied to before its rows were taken. */
function gradThrough(op: 'mul' | 'neg' | 'relu' | 't', other?: Tensor): Tensor | undefined {
  const thread = createThread('t');
  const weight = thread.leaf([1, 2, 3, 4], [2, 2]);
  const moved = thread.apply(op, weight, ...(other === undefined ? [] : [other]));
  const taken = thread.applyWith({ sparse: true }, 'embedding', moved, int64([3], [1, 0, 1]));
  const found = getIn(backwardLocally([thread.apply('sum', taken)]).gradients, idOf(weight));
  return found?.type === 'tensor' ? found : undefined;
}

test('goes back through products, and through nothing that PyTorch has no sparse form of', () => {
  const sparse = { indices: [[1, 0, 1]], isCoalesced: false };
  expect(gradThrough('mul', tensor([1, 2]))).toMatchObject({ data: [1, 2, 1, 2, 1, 2], sparse });
  expect(gradThrough('neg')).toMatchObject({ data: [-1, -1, -1, -1, -1, -1], sparse });
  expect(() => gradThrough('relu')).toThrow(
    /^Could not run 'aten::ReluBackward0' .* 'SparseCPU' backend/,
  );
  expect(() => gradThrough('t')).toThrow(/SparseCPU/);
});

test('a sparse gradient has a gradient itself', () => {
  const thread = createThread('t');
  const weight = thread.leaf([1, 2, 3, 4, 5, 6], [3, 2]);
  const index = int64([3], [2, 0, 2]);
  const taken = thread.applyWith({ sparse: true }, 'embedding', weight, index);
  const root = thread.apply('sum', thread.apply('mul', taken, taken));
  const { frame = thread.frame(), grads } = gradLocally({
    createGraph: true,
    frame: thread.frame(),
    inputs: [weight],
    outputs: [root],
  });
  thread.setFrame(frame);
  const [grad] = grads;
  expect(grad).toMatchObject({ data: [10, 12, 2, 4, 10, 12], layout: 'Sparse' });
  if (grad?.type !== 'tensor') return;
  const again = thread.apply('sum', thread.apply('to_dense', grad));
  const second = getIn(backwardLocally([again]).gradients, idOf(weight));
  expect(second?.type === 'tensor' && toDense(second).data).toEqual([2, 2, 0, 0, 4, 4]);
});

test.each([
  ['add', 'add(sparse, dense) is not supported. Use add(dense, sparse) instead.'],
  ['exp', "Could not run 'aten::exp' with arguments from the 'SparseCPU' backend."],
  [
    'div',
    'Sparse division requires a scalar or zero-dim dense tensor divisor (got shape [2] for divisor)',
  ],
] as const)('%s refuses a sparse tensor as PyTorch does', (op, text) => {
  const thread = createThread('t');
  const args =
    op === 'exp' ? [sparseOf([[0]], [1], [2])] : [sparseOf([[0]], [1], [2]), tensor([1, 2])];
  expect(() => thread.apply(op, ...args)).toThrow(text);
});

function sparseOf(
  indices: readonly (readonly number[])[],
  data: readonly number[],
  shape: readonly number[],
) {
  const pattern = { indices, isCoalesced: false };
  return sparseTensor({ data, device: 'cpu', dtype: 'float32', shape, sparse: pattern });
}

/** Slices of two sparse dimensions, each of two elements. */
const slices = fc.array(fc.tuple(fc.nat(2), fc.nat(1), fc.integer({ max: 9, min: -9 })), {
  maxLength: 6,
});
const tensors = slices.map((each) =>
  sparseOf(
    [each.map(([first]) => first), each.map(([, second]) => second)],
    each.flatMap(([, , value]) => [value, value + 1]),
    [3, 2, 2],
  ),
);

test('says the same sparse and dense: sums, products, order, on the wire', () => {
  fc.assert(
    fc.property(tensors, tensors, fc.boolean(), (first, other, isOrdered) => {
      const second = isOrdered && isSparse(other) ? coalesced(other) : other;
      const { apply } = createThread('t');
      const [dense, more] = [toDense(first), toDense(second)];
      expect(toDense(sumOf(first, second))).toEqual(apply('add', dense, more));
      expect(toDense(apply('sub', first, second))).toEqual(apply('sub', dense, more));
      expect(apply('add', dense, second)).toEqual(apply('add', dense, more));
      expect(toDense(apply('mul', first, second))).toEqual(apply('mul', dense, more));
      expect(toDense(apply('mul', more, first))).toEqual(apply('mul', dense, more));
      expect(toDense(apply('pow', first, 2))).toEqual(apply('pow', dense, 2));
      expect(apply('coalesce', first)).toMatchObject({ sparse: { isCoalesced: true } });
      expect(toDense(apply('coalesce', first))).toEqual(dense);
      expect(wireTensor(first)).toEqual(first);
    }),
  );
});
