import { exp, log } from '../../../src/core/portable-math.ts';
import type { Shape, Tensor } from '../graph.ts';
import type { Attributes, Operator, PrimitiveOperator } from '../operator.ts';
import { inputAt, numberIn, savedTensor, unary } from '../operator.ts';
import { computed } from '../tensor.ts';
import { wrapDim } from './dims.ts';
import { membersOf, groupsOf, totalOf } from './groups.ts';

/** The operators along the dimension `dim` that keep the shape. */
export const alongDimension = {
  softmax: along('SoftmaxBackward0', {
    forward: (x) => {
      const { exps, sum } = exponentials(x);
      return exps.map((each) => each / sum);
    },
    backward: (g, y) => {
      const dot = totalOf(g.map((each, index) => each * (y[index] ?? 0)));
      return g.map((each, index) => (each - dot) * (y[index] ?? 0));
    },
  }),
  log_softmax: along('LogSoftmaxBackward0', {
    forward: (x) => {
      const { most, sum } = exponentials(x);
      const shift = most + log(sum);
      return x.map((each) => each - shift);
    },
    backward: (g, y) => {
      const sum = totalOf(g);
      return g.map((each, index) => each - exp(y[index] ?? 0) * sum);
    },
  }),
  cumsum: along('CumsumBackward0', {
    forward: runningSum,
    backward: (g) => runningSum(g.toReversed()).toReversed(),
    needsResult: false,
  }),
} satisfies Readonly<Record<string, Operator>>;

type Line = readonly number[];

interface Along {
  /** From the elements of a line to those of the result. */
  readonly forward: (x: Line) => Line;
  /** From the gradients of a line and its result to the gradients of the input. */
  readonly backward: (g: Line, result: Line) => Line;
  /** Whether the backward reads the result; it does unless told. */
  readonly needsResult?: boolean;
}

function along(node: string, { backward, forward, needsResult = true }: Along): PrimitiveOperator {
  return unary(node, (self, attributes) => eachLine([self], attributes, ([x = []]) => forward(x)), {
    saves: ({ attributes, outputs }) =>
      needsResult ? { ...attributes, result: inputAt(outputs, 0) } : { ...attributes },
    gradient: ({ grad, saved }) => {
      const attributes: Attributes = { dim: numberIn(saved, 'dim', usualDim(grad.shape)) };
      const tensors = needsResult ? [grad, savedTensor(saved, 'result')] : [grad];
      return eachLine(tensors, attributes, ([g = [], result = []]) => backward(g, result));
    },
  });
}

/** `f` of the lines of tensors of one shape along `dim`. */
function eachLine(
  tensors: readonly Tensor[],
  attributes: Attributes,
  f: (lines: readonly Line[]) => Line,
): Tensor {
  const { shape } = inputAt(tensors, 0);
  const dim = wrapDim(numberIn(attributes, 'dim', usualDim(shape)), shape.length);
  const data = Array.from(inputAt(tensors, 0).data);
  for (const places of membersOf(groupsOf(shape, shape.length === 0 ? {} : { dim }))) {
    const line = f(tensors.map((each) => places.map((place) => each.data[place] ?? 0)));
    for (const [index, place] of places.entries()) data[place] = line[index] ?? 0;
  }
  return computed(tensors, shape, data);
}

/** Where nobody says: @see PyTorch, `torch/nn/functional.py`, `_get_softmax_dim`. */
export function usualDim({ length: rank }: Shape): number {
  return rank === 0 || rank === 1 || rank === 3 ? 0 : 1;
}

/** Less the largest, so that nothing overflows. */
function exponentials(x: Line) {
  const most = x.reduce((a, b) => Math.max(a, b), -Infinity);
  const exps = x.map((each) => exp(each - most));
  return { exps, most, sum: totalOf(exps) };
}

function runningSum(x: Line): Line {
  let sum = 0;
  return x.map((each) => (sum += each));
}
