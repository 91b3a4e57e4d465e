import { exp, log } from '../../../src/core/portable-math.ts';
import { overloaded } from '../compose.ts';
import type { Saved, Tensor } from '../graph.ts';
import type { Attributes, Operator, OperatorCall, PrimitiveOperator } from '../operator.ts';
import { inputAt, numberIn, numbersIn, savedTensor, unary } from '../operator.ts';
import { computed } from '../tensor.ts';
import { groupsOf, reduced, requireElements, spread, totalOf } from './groups.ts';

/**
 * The operators that make one number of many: of all elements, or along the dimensions `dim`. They sum in
 * double and round once.
 *
 * @see PyTorch, `tools/autograd/derivatives.yaml`; `torch/csrc/autograd/FunctionsManual.cpp`.
 */
export const reductions = {
  sum: byDim('sum'),
  'sum.all': reduction('SumBackward0', totalOf, (g) => g),
  'sum.dim': reduction('SumBackward1', totalOf, (g) => g),
  mean: byDim('mean'),
  'mean.all': reduction('MeanBackward0', meanOf, (g, count) => g / count),
  'mean.dim': reduction('MeanBackward1', meanOf, (g, count) => g / count),
  prod: byDim('prod'),
  'prod.all': reading('ProdBackward0', productOf, productRule),
  'prod.dim': reading('ProdBackward1', productOf, productRule),
  amax: nonEmpty(
    'amax',
    reading(
      'AmaxBackward0',
      maximumOf,
      evenly((a, b) => a === b),
    ),
  ),
  amin: nonEmpty(
    'amin',
    reading(
      'AminBackward0',
      minimumOf,
      evenly((a, b) => a === b),
    ),
  ),
  'max.all': nonEmpty('max', reading('MaxBackward1', maximumOf, evenly(isSame))),
  'min.all': nonEmpty('min', reading('MinBackward1', minimumOf, evenly(isSame))),
  /** The lower of the two in the middle. */
  'median.all': reading('MedianBackward0', medianOf, evenly(isSame)),
  logsumexp: reading(
    'LogsumexpBackward0',
    logSumExp,
    ({ g, self, result }) => g * exp(self - result),
  ),
  /** `correction` is 1 unless told, or unless `unbiased` is false. */
  var: spreading(
    'VarBackward0',
    (variance) => variance,
    (g) => g,
  ),
  std: spreading(
    'StdBackward0',
    (variance) => Math.sqrt(variance),
    (g, result) => (result === 0 ? 0 : g / (2 * result)),
  ),
} satisfies Readonly<Record<string, Operator>>;

/** `name.dim` where a dimension is given, else `name.all`: PyTorch's nodes differ. */
export function byDim(name: string) {
  return overloaded(1, ({ attributes }) => ('dim' in attributes ? `${name}.dim` : `${name}.all`));
}

/** The operator, except that it refuses to reduce nothing. */
function nonEmpty(name: string, operator: PrimitiveOperator): PrimitiveOperator {
  return {
    ...operator,
    forward: (call) => {
      requireElements(name, inputAt(call.inputs, 0).shape, call.attributes);
      return operator.forward(call);
    },
  };
}

/** A reduction whose derivative needs nothing of forward but the shape. */
function reduction(
  node: string,
  f: (elements: readonly number[]) => number,
  derivative: (grad: number, count: number) => number,
): PrimitiveOperator {
  return unary(node, (self, attributes) => reduced(self, groupsOf(self.shape, attributes), f), {
    saves: savesShape,
    gradient: ({ grad, saved }) => {
      const shape = numbersIn(saved, 'inputShape');
      const groups = groupsOf(shape, saved);
      const data = spread(grad, groups).map((g) => derivative(g, groups.size));
      return computed([grad], shape, data);
    },
  });
}

/** What a derivative of a reduction reads for one element. */
interface Reading {
  /** The gradient of its group. */
  readonly g: number;
  readonly self: number;
  readonly result: number;
  /** All elements of its group. */
  readonly group: readonly number[];
  /** Which of them it is. */
  readonly position: number;
}

/** A reduction whose derivative reads its input and its result. */
function reading(
  node: string,
  f: (elements: readonly number[]) => number,
  derivative: (reading: Reading) => number,
): PrimitiveOperator {
  return unary(node, (self, attributes) => reduced(self, groupsOf(self.shape, attributes), f), {
    saves: (call) => ({
      ...savesShape(call),
      result: inputAt(call.outputs, 0),
      self: inputAt(call.inputs, 0),
    }),
    gradient: ({ grad, saved }) => gradientOfReading({ derivative, grad, saved }),
  });
}

interface ReadingGradient {
  readonly derivative: (reading: Reading) => number;
  readonly grad: Tensor;
  readonly saved: Saved;
}

function gradientOfReading({ derivative, grad, saved }: ReadingGradient): Tensor {
  const self = savedTensor(saved, 'self');
  const groups = groupsOf(self.shape, saved);
  const results = spread(savedTensor(saved, 'result'), groups);
  const members = new Map<number, number[]>();
  const positions = groups.groupOf.map((group, place) => {
    const those = members.get(group) ?? [];
    members.set(group, those);
    return those.push(self.data[place] ?? 0) - 1;
  });
  const data = spread(grad, groups).map((g, place) =>
    derivative({
      g,
      group: members.get(groups.groupOf[place] ?? 0) ?? [],
      position: positions[place] ?? 0,
      result: results[place] ?? 0,
      self: self.data[place] ?? 0,
    }),
  );
  return computed([grad, self], self.shape, data);
}

/** The variance and what is a function of it. */
function spreading(
  node: string,
  f: (variance: number) => number,
  derivative: (g: number, result: number) => number,
): PrimitiveOperator {
  return unary(
    node,
    (self, attributes) =>
      reduced(self, groupsOf(self.shape, attributes), (elements) => {
        const mean = meanOf(elements);
        const squares = elements.map((x) => (x - mean) * (x - mean));
        return f(totalOf(squares) / Math.max(0, elements.length - correctionIn(attributes)));
      }),
    {
      saves: (call) => ({
        ...savesShape(call),
        result: inputAt(call.outputs, 0),
        self: inputAt(call.inputs, 0),
      }),
      gradient: ({ grad, saved }) => {
        const self = savedTensor(saved, 'self');
        const groups = groupsOf(self.shape, saved);
        const means = spread(reduced(self, groups, meanOf), groups);
        const results = spread(savedTensor(saved, 'result'), groups);
        const data = spread(grad, groups).map(
          (g, place) =>
            (derivative(g, results[place] ?? 0) *
              2 *
              ((self.data[place] ?? 0) - (means[place] ?? 0))) /
            (groups.size - correctionIn(saved)),
        );
        return computed([grad, self], self.shape, data);
      },
    },
  );
}

/** What the number of elements is diminished by. */
export function correctionIn(attributes: Attributes | Saved): number {
  return numberIn(attributes, 'correction', attributes['unbiased'] === false ? 0 : 1);
}

function savesShape({ attributes, inputs }: OperatorCall): Saved {
  return { ...attributes, inputShape: inputAt(inputs, 0).shape };
}

function meanOf(elements: readonly number[]): number {
  return totalOf(elements) / elements.length;
}

function productOf(elements: readonly number[]): number {
  return elements.reduce((product, element) => product * element, 1);
}

/** The product of the others: computed where one is zero, else the result over the element. */
function productRule({ g, group, position, result, self }: Reading): number {
  if (group.includes(0)) return g * productOf(group.toSpliced(position, 1));
  return g * (result / self);
}

function maximumOf(elements: readonly number[]): number {
  return elements.reduce((a, b) => Math.max(a, b), -Infinity);
}

function minimumOf(elements: readonly number[]): number {
  return elements.reduce((a, b) => Math.min(a, b), Infinity);
}

function medianOf(elements: readonly number[]): number {
  if (elements.some((each) => Number.isNaN(each))) return NaN;
  return elements.toSorted((a, b) => a - b)[Math.floor((elements.length - 1) / 2)] ?? NaN;
}

/** Those that are the result share the gradient; where none is, PyTorch divides by their number anyway. */
function evenly(is: (element: number, result: number) => boolean) {
  return ({ g, group, result, self }: Reading): number => {
    const count = group.filter((each) => is(each, result)).length;
    return (g * Number(is(self, result))) / count;
  };
}

/** `amax` along a dimension does not find what is no number among the elements, `max` of all does. */
function isSame(element: number, result: number): boolean {
  return element === result || (Number.isNaN(element) && Number.isNaN(result));
}

function logSumExp(elements: readonly number[]): number {
  const most = maximumOf(elements);
  if (!Number.isFinite(most)) return most;
  return most + log(totalOf(elements.map((x) => exp(x - most))));
}
