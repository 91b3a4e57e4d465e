import { cos, exp, log, pow, sin, tanh } from '../../../src/core/portable-math.ts';
import { mapElements, zipWith } from '../broadcast.ts';
import { overloaded } from '../compose.ts';
import type { Attributes, Operator, PrimitiveOperator } from '../operator.ts';
import { inputAt, numberIn, savedTensor, unary } from '../operator.ts';
import { torchCheck } from '../torch-error.ts';
import { comparison, pairwise, partial, pointwise } from './pointwise.ts';

const keepsGrad = partial([], (g) => g);
const negatesGrad = partial([], (g) => -g);

/**
 * The arithmetic that works element by element, its inputs broadcast to one shape.
 *
 * @see PyTorch, `tools/autograd/derivatives.yaml`; `torch/csrc/autograd/FunctionsManual.cpp`.
 */
export const elementwise = {
  add: weighted('AddBackward0', 1),
  sub: weighted('SubBackward0', -1),
  mul: pairwise('MulBackward0', (a, b) => a * b, [
    partial(['other'], (g, b) => g * b),
    partial(['self'], (g, a) => g * a),
  ]),
  div: pairwise('DivBackward0', (a, b) => a / b, [
    partial(['other'], (g, b) => g / b),
    partial(['self', 'other'], (g, a, b) => (-g * (a / b)) / b),
  ]),
  /** A number as exponent is no input of the node. */
  pow: overloaded(2, ({ args, attributes }) => {
    const [base = 0, exponent] = args;
    if (typeof exponent === 'number') {
      return { args: [base], attributes: { exponent }, op: 'pow.scalar' };
    }
    return typeof base === 'number' && exponent !== undefined
      ? { args: [exponent], attributes: { base }, op: 'pow.base' }
      : { args, attributes, op: 'pow.tensor' };
  }),
  'pow.base': unary(
    'PowBackward2',
    (exponent, attributes) =>
      mapElements(exponent, (y) => power(numberIn(attributes, 'base', 1), y)),
    {
      saves: ({ attributes, inputs }) => ({ ...attributes, exponent: inputAt(inputs, 0) }),
      gradient: ({ grad, saved }) => {
        const base = numberIn(saved, 'base', 1);
        return zipWith(grad, savedTensor(saved, 'exponent'), (g, y) => exponentRule(g, base, y));
      },
    },
  ),
  'pow.scalar': unary(
    'PowBackward0',
    (self, attributes) => mapElements(self, (x) => power(x, exponentIn(attributes))),
    {
      saves: ({ attributes, inputs }) => ({ ...attributes, self: inputAt(inputs, 0) }),
      gradient: ({ grad, saved }) => {
        const exponent = numberIn(saved, 'exponent', 1);
        return zipWith(grad, savedTensor(saved, 'self'), (g, x) => powerRule(g, x, exponent));
      },
    },
  ),
  'pow.tensor': pairwise('PowBackward1', power, [
    partial(['self', 'other'], powerRule),
    partial(['self', 'other'], exponentRule),
  ]),
  maximum: pairwise('MaximumBackward0', (a, b) => Math.max(a, b), [
    partial(['self', 'other'], (g, a, b) => shared(g, a, b)),
    partial(['self', 'other'], (g, a, b) => shared(g, b, a)),
  ]),
  minimum: pairwise('MinimumBackward0', (a, b) => Math.min(a, b), [
    partial(['self', 'other'], (g, a, b) => shared(g, b, a)),
    partial(['self', 'other'], (g, a, b) => shared(g, a, b)),
  ]),
  neg: pointwise('NegBackward0', (x) => -x, negatesGrad),
  abs: pointwise(
    'AbsBackward0',
    (x) => Math.abs(x),
    partial(['self'], (g, x) => g * signOf(x)),
  ),
  sign: pointwise(
    'SignBackward0',
    signOf,
    partial([], () => 0),
  ),
  square: overloaded(1, ({ args }) => ({ args, attributes: { exponent: 2 }, op: 'pow.scalar' })),
  sqrt: pointwise(
    'SqrtBackward0',
    (x) => Math.sqrt(x),
    partial(['result'], (g, y) => g / (2 * y)),
  ),
  rsqrt: pointwise(
    'RsqrtBackward0',
    (x) => 1 / Math.sqrt(x),
    partial(['result'], (g, y) => -0.5 * g * y * y * y),
  ),
  reciprocal: pointwise(
    'ReciprocalBackward0',
    (x) => 1 / x,
    partial(['result'], (g, y) => -g * y * y),
  ),
  exp: pointwise(
    'ExpBackward0',
    exp,
    partial(['result'], (g, y) => g * y),
  ),
  log: pointwise(
    'LogBackward0',
    log,
    partial(['self'], (g, x) => g / x),
  ),
  sin: pointwise(
    'SinBackward0',
    sin,
    partial(['self'], (g, x) => g * cos(x)),
  ),
  cos: pointwise(
    'CosBackward0',
    cos,
    partial(['self'], (g, x) => -g * sin(x)),
  ),
  tan: pointwise(
    'TanBackward0',
    (x) => sin(x) / cos(x),
    partial(['result'], (g, y) => g * (1 + y * y)),
  ),
  tanh: pointwise(
    'TanhBackward0',
    tanh,
    partial(['result'], (g, y) => g * (1 - y * y)),
  ),
  /** No element below `min` or above `max`. */
  clamp: unary(
    'ClampBackward1',
    (self, attributes) => {
      const { max, min } = limitsIn(attributes);
      return mapElements(self, (x) => Math.min(Math.max(x, min), max));
    },
    {
      saves: ({ attributes, inputs }) => ({ ...attributes, self: inputAt(inputs, 0) }),
      gradient: ({ grad, saved }) => {
        const { max, min } = limitsIn(saved);
        return zipWith(grad, savedTensor(saved, 'self'), (g, x) => (x >= min && x <= max ? g : 0));
      },
    },
  ),
  clone: pointwise('CloneBackward0', (x) => x, keepsGrad),
  /** The elements of the second in place of those of the first. */
  copy: pairwise('CopyBackwards', (_, b) => b, [partial([], () => 0), keepsGrad]),
  fill: unary(
    'FillBackward0',
    (self, attributes) => mapElements(self, () => numberIn(attributes, 'value', 0)),
    partial([], () => 0),
  ),
  zero: pointwise(
    'ZeroBackward0',
    () => 0,
    partial([], () => 0),
  ),
  eq: comparison((a, b) => a === b),
  ne: comparison((a, b) => a !== b),
  lt: comparison((a, b) => a < b),
  le: comparison((a, b) => a <= b),
  gt: comparison((a, b) => a > b),
  ge: comparison((a, b) => a >= b),
} satisfies Readonly<Record<string, Operator>>;

/** The sum or the difference, of which the second part counts `alpha` times. */
function weighted(node: string, sign: 1 | -1): PrimitiveOperator {
  const weightIn = (record: Parameters<typeof numberIn>[0]): number =>
    sign * numberIn(record, 'alpha', 1);
  return {
    type: 'primitive',
    arity: 2,
    derivatives: [
      keepsGrad,
      {
        saves: ({ attributes }) => attributes,
        gradient: ({ grad, saved }) => mapElements(grad, (g) => weightIn(saved) * g),
      },
    ],
    forward: ({ attributes, inputs }) => [
      zipWith(inputAt(inputs, 0), inputAt(inputs, 1), (a, b) => a + weightIn(attributes) * b),
    ],
    node,
  };
}

function exponentIn(attributes: Attributes): number {
  return numberIn(attributes, 'exponent', 1);
}

/** As in C: whatever to the power of 0 is 1, and so is 1 to the power of whatever. */
function power(x: number, y: number): number {
  if (y === 0 || x === 1 || (x === -1 && Math.abs(y) === Infinity)) return 1;
  return pow(x, y);
}

function powerRule(g: number, x: number, exponent: number): number {
  return exponent === 0 ? 0 : g * (exponent * power(x, exponent - 1));
}

/** Where the power does not depend on the exponent the derivative is 0, not the logarithm of 0. */
function exponentRule(g: number, x: number, exponent: number): number {
  const isFlat = x === 0 && exponent >= 0;
  return g * (isFlat ? 0 : power(x, exponent) * log(x));
}

/** The winner gets the gradient, equal ones half of it; where one is no number there is no loser. */
function shared(g: number, winner: number, loser: number): number {
  if (winner === loser) return g / 2;
  return winner < loser ? 0 : g;
}

/** What is no number has none in PyTorch either: 0. */
function signOf(x: number): number {
  return Number.isNaN(x) ? 0 : Math.sign(x);
}

function limitsIn(attributes: Parameters<typeof numberIn>[0]) {
  torchCheck(
    attributes['min'] !== undefined || attributes['max'] !== undefined,
    "torch.clamp: At least one of 'min' or 'max' must not be None",
  );
  return {
    max: numberIn(attributes, 'max', Infinity),
    min: numberIn(attributes, 'min', -Infinity),
  };
}
