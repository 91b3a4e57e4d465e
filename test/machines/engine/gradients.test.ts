/**
 * Each operator's derivatives against central finite differences. Forward rounds to float32, so a
 * difference over 2h is known to about 1e-7 / h; h is a power of two, so that x + h loses little.
 */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import type { Shape, Tensor } from '../../../machines/engine/graph.ts';
import { backwardLocally } from '../../../machines/engine/local.ts';
import type { Attributes } from '../../../machines/engine/operator.ts';
import type { OperatorName } from '../../../machines/engine/operators.ts';
import { elementsIn, int64, tensor } from '../../../machines/engine/tensor.ts';
import { getIn } from '../../../src/core/persistent-map.ts';
import { createThread, dataOf, idOf } from './thread.ts';

const h = 2 ** -7;
const tolerance = 2e-3;

const size = fc.integer({ min: 1, max: 3 });
const shape = fc.array(size, { maxLength: 3 });

/** Away from zero, where `relu` has a corner, by more than h. */
const element = fc
  .tuple(fc.integer({ min: 4, max: 64 }), fc.boolean())
  .map(([sixtyFourths, isNegative]) => (isNegative ? -1 : 1) * (sixtyFourths / 64));

const above = fc.integer({ min: 24, max: 128 }).map((sixtyFourths) => sixtyFourths / 64);

/** Pairs of shapes that broadcast: each drops dimensions in front and sets some to 1. */
const broadcastable = fc
  .tuple(shape, fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }), fc.nat(2), fc.nat(2))
  .map(([whole, isOne, dropA, dropB]): readonly [Shape, Shape] => [
    whole.map((each, index) => (isOne[index] === true ? 1 : each)).slice(dropA),
    whole.map((each, index) => (isOne[index + 3] === true ? 1 : each)).slice(dropB),
  ]);

const matrices = fc.tuple(size, size, size).map(([a, b, c]): readonly [Shape, Shape] => [
  [a, b],
  [b, c],
]);
const vectors = fc
  .tuple(size, size, fc.constantFrom('mv', 'vm', 'dot'))
  .map(([a, b, kind]): readonly [Shape, Shape] => {
    if (kind === 'dot') return [[a], [a]];
    return kind === 'mv' ? [[a, b], [b]] : [[a], [a, b]];
  });

const one = shape.map((each) => [each]);
const ranked = fc.array(size, { minLength: 2, maxLength: 3 });
const same = shape.map((each) => [each, each]);
const batches = fc
  .tuple(fc.array(size, { maxLength: 2 }), fc.boolean(), fc.boolean(), matrices)
  .map(([batch, isOne, isShort, [a, b]]): readonly [Shape, Shape] => [
    [...batch.map((each) => (isOne ? 1 : each)), ...a],
    [...(isShort ? [] : batch), ...b],
  ]);

test.each<OperatorName>([
  ...(['neg', 'sin', 'cos', 'tanh', 'sigmoid', 'relu', 'exp', 'clone', 'abs', 'square'] as const),
  ...(['leaky_relu', 'elu', 'silu', 'softplus', 'sign', 'sum', 'mean', 'prod', 'flatten'] as const),
])('the derivative of %s agrees with finite differences', (op) => {
  expect(() => checkDerivatives({ op }, one)).not.toThrow();
});

test.each<OperatorName>(['sqrt', 'rsqrt', 'log', 'reciprocal'])(
  'the derivative of %s agrees with finite differences above zero',
  (op) => {
    expect(() => checkDerivatives({ op, element: above }, one)).not.toThrow();
  },
);

test.each<OperatorName>(['add', 'sub', 'mul', 'maximum', 'minimum'])(
  'the derivatives of %s agree with finite differences where shapes broadcast',
  (op) => {
    expect(() => checkDerivatives({ op }, broadcastable)).not.toThrow();
  },
);

test.each<OperatorName>(['div', 'pow', 'mse_loss', 'smooth_l1_loss'])(
  'the derivatives of %s agree with finite differences above zero where shapes broadcast',
  (op) => {
    expect(() => checkDerivatives({ op, element: above }, broadcastable)).not.toThrow();
  },
);

test.each([
  ['of matrices', matrices],
  ['with vectors', vectors],
  ['of batches', batches],
])('the derivatives of matmul %s agree with finite differences', (_, shapes) => {
  expect(() => checkDerivatives({ op: 'matmul' }, shapes)).not.toThrow();
});

test.each<readonly [OperatorName, Attributes, fc.Arbitrary<readonly Shape[]>]>([
  ['transpose', {}, fc.tuple(fc.tuple(size, size, size))],
  ['transpose', { dim0: -1, dim1: 0 }, ranked.map((each) => [each])],
  ['permute', { dims: [2, 0, 1] }, fc.tuple(fc.tuple(size, size, size))],
  ['t', {}, fc.tuple(fc.tuple(size, size))],
  ['unsqueeze', { dim: -1 }, one],
  ['squeeze', {}, one],
  ['squeeze', { dim: 0 }, fc.tuple(fc.tuple(fc.constant(1), size))],
  ['view', { shape: [-1] }, one],
  ['expand', { size: [2, 3, -1] }, fc.tuple(fc.tuple(fc.constantFrom(1, 3), size))],
  ['select', { dim: 1, index: 0 }, ranked.map((each) => [each])],
  ['slice', { dim: -1, start: -2, step: 2 }, ranked.map((each) => [each])],
  ['flip', { dims: [0, 1] }, ranked.map((each) => [each])],
  [
    'cat',
    { dim: 1 },
    fc.tuple(size, size, size).map(([a, b, c]) => [
      [a, b],
      [a, c],
    ]),
  ],
  ['stack', { dim: -1 }, same],
  ['split', { dim: 1, split_size: 2 }, ranked.map((each) => [each])],
  ['chunk', { chunks: 2, dim: 0 }, ranked.map((each) => [each])],
  ['unbind', { dim: 1 }, ranked.map((each) => [each])],
  ['sum', { dim: [0, -1] }, ranked.map((each) => [each])],
  ['mean', { dim: 1, keepdim: true }, ranked.map((each) => [each])],
  ['prod', { dim: 0 }, ranked.map((each) => [each])],
  ['logsumexp', { dim: 1 }, ranked.map((each) => [each])],
  ['softmax', { dim: 0 }, ranked.map((each) => [each])],
  ['log_softmax', { dim: -1 }, ranked.map((each) => [each])],
  ['cumsum', { dim: 0 }, ranked.map((each) => [each])],
  ['var', { dim: 0, unbiased: false }, ranked.map((each) => [each])],
  ['addmm', {}, matrices.map(([a, b]) => [[b[1] ?? 1], a, b])],
  [
    'bmm',
    {},
    fc.tuple(size, matrices).map(([n, [a, b]]) => [
      [n, ...a],
      [n, ...b],
    ]),
  ],
  ['linear', {}, matrices.map(([a, [inner = 1, out = 1]]) => [a, [out, inner], [out]])],
  ['outer', {}, fc.tuple(fc.tuple(size), fc.tuple(size))],
  ['lstm_cell', {}, fc.tuple(size, size, size).map(cellShapes)],
])('the derivatives of %s %j agree with finite differences', (op, attributes, shapes) => {
  expect(() => checkDerivatives({ attributes, op }, shapes)).not.toThrow();
});

/** Of a batch, an input and a hidden state of these sizes. */
function cellShapes([n, inputs, hidden]: readonly [number, number, number]): readonly Shape[] {
  const gates = 4 * hidden;
  return [
    [n, inputs],
    [n, hidden],
    [n, hidden],
    [gates, inputs],
    [gates, hidden],
    [gates],
    [gates],
  ];
}

interface IndexCase {
  readonly attributes: Attributes;
  readonly index: Tensor;
  readonly op: OperatorName;
  readonly shape: Shape;
}

test.each<IndexCase>([
  { op: 'gather', attributes: { dim: 1 }, shape: [2, 3], index: int64([2, 2], [2, 0, 1, 1]) },
  { op: 'index_select', attributes: { dim: 1 }, shape: [2, 3], index: int64([3], [2, 0, 2]) },
  { op: 'embedding', attributes: {}, shape: [4, 2], index: int64([3], [3, 1, 3]) },
  { op: 'nll_loss', attributes: {}, shape: [2, 3], index: int64([2], [2, 0]) },
  {
    op: 'cross_entropy',
    attributes: { reduction: 'sum' },
    shape: [2, 3],
    index: int64([2], [1, 1]),
  },
])(
  'the derivative of $op agrees with finite differences',
  ({ index, shape: wanted, ...checked }) => {
    const shapes = fc.constant([wanted]);
    expect(() => checkDerivatives({ ...checked, more: [index] }, shapes)).not.toThrow();
  },
);

test('the derivative of a leaf that is used twice is the sum over its uses', () => {
  const { apply, leaf } = createThread('t');
  const x = leaf([3]);
  const y = apply('sum', apply('mul', x, apply('mul', x, x)));
  expect(dataOf(getIn(backwardLocally([y]).gradients, idOf(x)))).toEqual([27]);
});

/** An operator and what it takes beside the tensors that are moved. */
interface Checked {
  readonly attributes?: Attributes;
  readonly element?: fc.Arbitrary<number>;
  readonly more?: readonly Tensor[];
  readonly op: OperatorName;
}

function checkDerivatives(checked: Checked, shapes: fc.Arbitrary<readonly Shape[]>): void {
  const { element: elements = element } = checked;
  const cases = shapes.chain((each) =>
    fc.tuple(
      ...each.map((wanted) => {
        const length = elementsIn(wanted);
        return fc
          .array(elements, { minLength: length, maxLength: length })
          .map((data) => ({ data, shape: wanted }));
      }),
    ),
  );
  fc.assert(
    fc.property(cases, (inputs) => {
      fc.pre(isSmooth(checked, inputs));
      const { gradients, leaves } = analytic(checked, inputs);
      for (const [nr, each] of inputs.entries()) {
        const leaf = leaves[nr];
        const found = leaf === undefined ? [] : dataOf(getIn(gradients, idOf(leaf)));
        const numeric = each.data.map((_, place) => difference({ checked, inputs, nr, place }));
        expect(found).toHaveLength(numeric.length);
        for (const [place, value] of numeric.entries()) {
          const distance = Math.abs((found?.[place] ?? NaN) - value);
          expect(distance).toBeLessThan(tolerance * Math.max(1, Math.abs(value)));
        }
      }
    }),
    { numRuns: 40 },
  );
}

/** Where two inputs are nearly equal, the larger of them has a corner. */
function isSmooth({ op }: Checked, inputs: readonly Input[]): boolean {
  if (op !== 'maximum' && op !== 'minimum') return true;
  const [first, second] = inputs.map(({ data }) => data);
  return (first ?? []).every((a) => (second ?? []).every((b) => Math.abs(a - b) > h));
}

interface Input {
  readonly data: readonly number[];
  readonly shape: Shape;
}

/** A scalar that depends on each element of the results with another weight. */
function loss({ attributes, more = [], op }: Checked, inputs: readonly Input[]) {
  const { apply, applyAll, leaf } = createThread('t');
  const leaves = inputs.map(({ data, shape: each }) => leaf(data, each));
  const results = applyAll(attributes ?? {}, op, ...leaves, ...more);
  const weights = results.map(weightsFor);
  const root = results
    .map((result, index) => apply('sum', apply('mul', result, weights[index] ?? 0)))
    .reduce((sum, each) => apply('add', sum, each));
  return { leaves, results, root, weights };
}

function analytic(checked: Checked, inputs: readonly Input[]) {
  const { leaves, root } = loss(checked, inputs);
  return { gradients: backwardLocally([root]).gradients, leaves };
}

interface Difference {
  readonly checked: Checked;
  readonly inputs: readonly Input[];
  readonly nr: number;
  readonly place: number;
}

function difference({ checked, inputs, nr, place }: Difference): number {
  const [up, down] = [h, -h].map((step) => {
    const moved = inputs.map((input, index) =>
      index === nr
        ? { ...input, data: input.data.with(place, (input.data[place] ?? 0) + step) }
        : input,
    );
    const { results, weights } = loss(checked, moved);
    // In double, so that only forward itself rounds.
    return results
      .flatMap(({ data }, index) => data.map((each, at) => each * (weights[index]?.data[at] ?? 0)))
      .reduce((sum, each) => sum + each, 0);
  });
  return ((up ?? 0) - (down ?? 0)) / (2 * h);
}

function weightsFor({ data, shape: each }: Tensor): Tensor {
  return tensor(
    data.map((_, index) => 1 - index / 8),
    { shape: each },
  );
}
