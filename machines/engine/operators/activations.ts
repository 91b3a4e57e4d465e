import { exp, log1p } from '../../../src/core/portable-math.ts';
import type { Operator } from '../operator.ts';
import { partial, pointwise } from './pointwise.ts';

/** The functions between the layers of a network. */
export const activations = {
  relu: pointwise(
    'ReluBackward0',
    (x) => (x > 0 ? x : nanOrZero(x)),
    partial(['result'], (g, y) => (y > 0 ? g : 0)),
  ),
  sigmoid: pointwise(
    'SigmoidBackward0',
    sigmoid,
    partial(['result'], (g, y) => g * (1 - y) * y),
  ),
  /** The slope below zero is PyTorch's, 0.01. */
  leaky_relu: pointwise(
    'LeakyReluBackward0',
    (x) => (x > 0 ? x : x * leakySlope),
    partial(['self'], (g, x) => (x > 0 ? g : g * leakySlope)),
  ),
  elu: pointwise(
    'EluBackward0',
    (x) => (x > 0 ? x : exp(x) - 1),
    partial(['self'], (g, x) => (x > 0 ? g : g * exp(x))),
  ),
  silu: pointwise(
    'SiluBackward0',
    (x) => x * sigmoid(x),
    partial(['self'], (g, x) => g * sigmoid(x) * (1 + x * (1 - sigmoid(x)))),
  ),
  /** Above 20 it is the identity, as in PyTorch. */
  softplus: pointwise(
    'SoftplusBackward0',
    (x) => (x > softplusThreshold ? x : log1p(exp(x))),
    partial(['self'], (g, x) => (x > softplusThreshold ? g : g * sigmoid(x))),
  ),
} satisfies Readonly<Record<string, Operator>>;

const leakySlope = 0.01;
const softplusThreshold = 20;

/** Written so that nothing overflows. */
function sigmoid(x: number): number {
  return x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x));
}

/** `relu` lets NaN through. */
function nanOrZero(x: number): number {
  return Number.isNaN(x) ? x : 0;
}
