/** Every operator with what it may be given: shapes and elements where it is smooth. */
import * as fc from 'fast-check';

import type { Shape, Tensor } from '../../../machines/engine/graph.ts';
import type { Attributes } from '../../../machines/engine/operator.ts';
import type { OperatorName } from '../../../machines/engine/operators.ts';
import { elementsIn, int64 } from '../../../machines/engine/tensor.ts';

/** An operator and what it takes beside the tensors that are moved. */
export interface OperatorCase {
  readonly attributes?: Attributes;
  readonly element?: fc.Arbitrary<number>;
  readonly more?: readonly Tensor[];
  readonly op: OperatorName;
  readonly shapes: fc.Arbitrary<readonly Shape[]>;
}

/** A tensor before it is one. */
export interface Input {
  readonly data: readonly number[];
  readonly shape: Shape;
}

/** How far elements are moved; a power of two, so that x + h loses little. */
export const h = 2 ** -7;

const size = fc.integer({ min: 1, max: 3 });
/** Where an element more costs many. */
const few = fc.integer({ min: 1, max: 2 });
const shape = fc.array(size, { maxLength: 3 });

/** Away from zero, where `relu` has a corner, by more than h. */
const element = fc
  .tuple(fc.integer({ min: 4, max: 64 }), fc.boolean())
  .map(([sixtyFourths, isNegative]) => (isNegative ? -1 : 1) * (sixtyFourths / 64));

const chance = fc.integer({ min: 16, max: 48 }).map((sixtyFourths) => sixtyFourths / 64);

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

const anywhere: readonly OperatorName[] = [
  'neg',
  'sin',
  'cos',
  'tanh',
  'sigmoid',
  'relu',
  'exp',
  'clone',
  'abs',
  'square',
  'leaky_relu',
  'elu',
  'silu',
  'softplus',
  'sign',
  'sum',
  'mean',
  'prod',
  'flatten',
  'zero',
  'tan',
];
const aboveZero: readonly OperatorName[] = ['sqrt', 'rsqrt', 'log', 'reciprocal'];
const pairs: readonly OperatorName[] = ['add', 'sub', 'mul', 'maximum', 'minimum'];
const pairsAboveZero: readonly OperatorName[] = ['div', 'pow', 'mse_loss', 'smooth_l1_loss'];

type Row = readonly [OperatorName, Attributes, fc.Arbitrary<readonly Shape[]>];

const rows: readonly Row[] = [
  ['transpose', {}, fc.tuple(fc.tuple(size, size, size))],
  ['transpose', { dim0: -1, dim1: 0 }, ranked.map((each) => [each])],
  ['permute', { dims: [2, 0, 1] }, fc.tuple(fc.tuple(size, size, size))],
  ['fill', { value: 2 }, one],
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
  ['prod', { dim: [0, 1] }, fc.constant([[2, 2, 2]])],
  ['l1_loss', { reduction: 'sum' }, same],
  ['std', { dim: -1 }, fc.tuple(fc.tuple(size, fc.constant(4)))],
  ['amax', { dim: 0 }, fc.tuple(fc.tuple(fc.constant(1), size))],
  ['clamp', { max: 0, min: -3 }, one],
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
  ['lstm_cell', {}, fc.tuple(few, few, few).map(cellShapes)],
];

const indexed: readonly IndexCase[] = [
  { op: 'masked_fill', attributes: { value: 3 }, shape: [2, 3], index: int64([3], [0, 1, 0]) },
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
];

/** All of them. */
export const operatorCases: readonly OperatorCase[] = [
  ...anywhere.map((op) => ({ op, shapes: one })),
  ...aboveZero.map((op) => ({ element: above, op, shapes: one })),
  ...pairs.map((op) => ({ op, shapes: broadcastable })),
  ...pairsAboveZero.map((op) => ({ element: above, op, shapes: broadcastable })),
  ...[matrices, vectors, batches].map((shapes) => ({ op: 'matmul', shapes }) as const),
  // Between 0 and 1, as chances are.
  { attributes: {}, element: chance, op: 'binary_cross_entropy', shapes: same },
  ...rows.map(([op, attributes, shapes]) => ({ attributes, op, shapes })),
  ...indexed.map(({ index, shape: wanted, ...each }) => ({
    ...each,
    more: [index],
    shapes: fc.constant([wanted]),
  })),
];

/** An operator's case as the title of a test. */
export function titleOf({ attributes, op }: OperatorCase): string {
  return attributes === undefined ? op : `${op} ${JSON.stringify(attributes)}`;
}

/** Inputs for an operator, where it has no corner. */
export function inputsFor(each: OperatorCase): fc.Arbitrary<readonly Input[]> {
  const { element: elements = element, op, shapes } = each;
  return shapes
    .chain((all) =>
      fc.tuple(
        ...all.map((wanted) => {
          const length = elementsIn(wanted);
          return fc
            .array(elements, { minLength: length, maxLength: length })
            .map((data) => ({ data, shape: wanted }));
        }),
      ),
    )
    .filter((inputs) => isSmooth(op, inputs));
}

/** Where two inputs are nearly equal, the larger of them has a corner; so has a deviation near 0. */
function isSmooth(op: OperatorName, inputs: readonly Input[]): boolean {
  const [first = [], second = []] = inputs.map(({ data }) => data);
  const isNear = (a: number) => second.some((b) => Math.abs(a - b) <= 2 * h);
  switch (op) {
    case 'maximum':
    case 'minimum':
      return !first.some(isNear);
    case 'l1_loss':
      return !first.some((a, at) => Math.abs(a - (second[at] ?? 0)) <= 2 * h);
    case 'smooth_l1_loss':
      return !first.some((a) => second.some((b) => Math.abs(Math.abs(a - b) - 1) <= 2 * h));
    case 'std':
      return rowsOf(inputs).every((row) => spreadOf(row) > 32 * h);
    default:
      return true;
  }
}

function rowsOf(inputs: readonly Input[]): readonly (readonly number[])[] {
  return inputs.flatMap(({ data, shape: each }) => {
    const length = each.at(-1) ?? 1;
    return Array.from({ length: data.length / length }, (_, row) =>
      data.slice(row * length, (row + 1) * length),
    );
  });
}

function spreadOf(row: readonly number[]): number {
  return Math.max(...row) - Math.min(...row);
}

/** An input with one element moved. */
export function movedBy(
  inputs: readonly Input[],
  { nr, place, step }: { readonly nr: number; readonly place: number; readonly step: number },
): readonly Input[] {
  return inputs.map((input, index) =>
    index === nr
      ? { ...input, data: input.data.with(place, (input.data[place] ?? 0) + step) }
      : input,
  );
}

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
