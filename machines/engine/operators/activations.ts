import { exp, log1p, tanh } from '../../../src/core/portable-math.ts';
import { erf } from '../../../src/core/special-functions.ts';
import { mapElements, zipWith } from '../broadcast.ts';
import { overloaded } from '../compose.ts';
import type { Saved } from '../graph.ts';
import type { Attributes, Operator, PrimitiveOperator } from '../operator.ts';
import { inputAt, numberIn, savedTensor, unary } from '../operator.ts';
import { partial, pointwise } from './pointwise.ts';

/** The functions between the layers of a network. */
export const activations = {
  relu: pointwise(
    'ReluBackward0',
    (x) => (x > 0 ? x : nanOrZero(x)),
    partial(['result'], (g, y) => (y <= 0 ? 0 : g)),
  ),
  sigmoid: pointwise(
    'SigmoidBackward0',
    sigmoid,
    partial(['result'], (g, y) => g * (1 - y) * y),
  ),
  logsigmoid: pointwise(
    'LogSigmoidBackward0',
    (x) => Math.min(0, x) - log1p(exp(-Math.abs(x))),
    partial(['self'], (g, x) => g * sigmoid(-x)),
  ),
  /** The slope below zero is `negative_slope`, 0.01 unless told. */
  leaky_relu: adjustable('LeakyReluBackward0', {
    f: (x, attributes) => (x > 0 ? x : x * slopeIn(attributes)),
    derivative: (g, x, attributes) => (x > 0 ? g : g * slopeIn(attributes)),
  }),
  /** Below zero `alpha` times the exponential function less 1. */
  elu: adjustable('EluBackward0', {
    f: (x, attributes) => {
      const { alpha, inner, outer } = scalesIn(attributes);
      return outer * (x > 0 ? x : alpha * (exp(inner * x) - 1));
    },
    derivative: (g, x, attributes) => {
      const { alpha, inner, outer } = scalesIn(attributes);
      return g * (x <= 0 ? outer * alpha * inner * exp(inner * x) : outer);
    },
  }),
  /** The same with a slope of 1 at 0 for each `alpha`. */
  celu: adjustable('CeluBackward0', {
    f: (x, attributes) => {
      const alpha = numberIn(attributes, 'alpha', 1);
      return x > 0 ? x : alpha * (exp(x / alpha) - 1);
    },
    derivative: (g, x, attributes) => (x <= 0 ? g * exp(x / numberIn(attributes, 'alpha', 1)) : g),
  }),
  /** With PyTorch's constants, which keep mean and variance. */
  selu: overloaded(1, ({ args }) => ({
    args,
    attributes: { alpha: 1.6732632423543772, scale: 1.0507009873554805 },
    op: 'elu',
  })),
  silu: pointwise(
    'SiluBackward0',
    (x) => x * sigmoid(x),
    partial(['self'], (g, x) => g * sigmoid(x) * (1 + x * (1 - sigmoid(x)))),
  ),
  mish: pointwise(
    'MishBackward0',
    (x) => x * tanh(softplus(x)),
    partial(['self'], (g, x) => {
      const t = tanh(softplus(x));
      return g * (t + x * sigmoid(x) * (1 - t * t));
    }),
  ),
  gelu: overloaded(1, ({ attributes }) =>
    attributes['approximate'] === 'tanh' ? 'gelu.tanh' : 'gelu.none',
  ),
  'gelu.none': pointwise(
    'GeluBackward0',
    (x) => x * normal(x),
    partial(['self'], (g, x) => g * (normal(x) + (x * exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI))),
  ),
  /** Above `threshold`, 20 unless told, it is the identity; the more it is like `relu`, the greater `beta`. */
  softplus: adjustable('SoftplusBackward0', {
    f: (x, attributes) => {
      const { beta, threshold } = softnessIn(attributes);
      return x * beta > threshold ? x : softplus(x * beta) / beta;
    },
    derivative: (g, x, attributes) => {
      const { beta, threshold } = softnessIn(attributes);
      return x * beta > threshold ? g : g * sigmoid(x * beta);
    },
  }),
  /** Not below `min_val` nor above `max_val`, where it is flat, the corners included. */
  hardtanh: adjustable('HardtanhBackward0', {
    f: (x, attributes) => {
      const { most, least } = cornersIn(attributes);
      return Math.min(Math.max(x, least), most);
    },
    derivative: (g, x, attributes) => {
      const { most, least } = cornersIn(attributes);
      return x <= least || x >= most ? 0 : g;
    },
  }),
  relu6: overloaded(1, ({ args }) => ({
    args,
    attributes: { max_val: 6, min_val: 0 },
    op: 'hardtanh',
  })),
  hardsigmoid: pointwise(
    'HardsigmoidBackward0',
    (x) => Math.min(Math.max(x + 3, 0), 6) / 6,
    partial(['self'], (g, x) => (x > -3 && x < 3 ? g / 6 : 0)),
  ),
  hardswish: pointwise(
    'HardswishBackward0',
    (x) => (x * Math.min(Math.max(x + 3, 0), 6)) / 6,
    partial(['self'], (g, x) => {
      if (x < -3) return 0;
      return x < 3 ? g * (x / 3 + 0.5) : g;
    }),
  ),
} satisfies Readonly<Record<string, Operator>>;

interface Adjustable {
  readonly f: (x: number, attributes: Attributes | Saved) => number;
  readonly derivative: (g: number, x: number, attributes: Attributes | Saved) => number;
}

/** A function of each element that has attributes. */
function adjustable(node: string, { derivative, f }: Adjustable): PrimitiveOperator {
  return unary(node, (self, attributes) => mapElements(self, (x) => f(x, attributes)), {
    saves: ({ attributes, inputs }) => ({ ...attributes, self: inputAt(inputs, 0) }),
    gradient: ({ grad, saved }) =>
      zipWith(grad, savedTensor(saved, 'self'), (g, x) => derivative(g, x, saved)),
  });
}

/** The slope of `leaky_relu` below zero. */
function slopeIn(attributes: Attributes | Saved): number {
  return numberIn(attributes, 'negative_slope', 0.01);
}

/** The factors of `elu`: before the exponential function, in it, and around all. */
export function scalesIn(attributes: Attributes | Saved) {
  return {
    alpha: numberIn(attributes, 'alpha', 1),
    inner: numberIn(attributes, 'input_scale', 1),
    outer: numberIn(attributes, 'scale', 1),
  };
}

/** What shapes `softplus`. */
export function softnessIn(attributes: Attributes | Saved) {
  return {
    beta: numberIn(attributes, 'beta', 1),
    threshold: numberIn(attributes, 'threshold', 20),
  };
}

function cornersIn(attributes: Attributes | Saved) {
  return {
    least: numberIn(attributes, 'min_val', -1),
    most: numberIn(attributes, 'max_val', 1),
  };
}

/** Written so that nothing overflows. */
export function sigmoid(x: number): number {
  return x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x));
}

function softplus(x: number): number {
  return log1p(exp(x));
}

/** The chance that a normal variable is below x. */
function normal(x: number): number {
  return 0.5 * (1 + erf(x / Math.SQRT2));
}

/** `relu` lets NaN through. */
function nanOrZero(x: number): number {
  return Number.isNaN(x) ? x : 0;
}
