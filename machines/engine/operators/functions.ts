import { exp, log, log1p, pow, tanh } from '../../../src/core/portable-math.ts';
import { atan, erf } from '../../../src/core/special-functions.ts';
import type { Operator } from '../operator.ts';
import { partial, pointwise } from './pointwise.ts';

const flat = partial([], () => 0);

/**
 * The functions of one number that are neither arithmetic nor made for networks.
 *
 * @see PyTorch, `tools/autograd/derivatives.yaml`.
 */
export const functions = {
  log1p: pointwise(
    'Log1PBackward0',
    log1p,
    partial(['self'], (g, x) => g / (x + 1)),
  ),
  log2: pointwise(
    'Log2Backward0',
    (x) => log(x) / Math.LN2,
    partial(['self'], (g, x) => g / (x * Math.LN2)),
  ),
  log10: pointwise(
    'Log10Backward0',
    (x) => log(x) / Math.LN10,
    partial(['self'], (g, x) => g / (x * Math.LN10)),
  ),
  expm1: pointwise(
    'Expm1Backward0',
    expm1,
    partial(['result'], (g, y) => g * (y + 1)),
  ),
  exp2: pointwise(
    'Exp2Backward0',
    (x) => pow(2, x),
    partial(['result'], (g, y) => g * y * Math.LN2),
  ),
  sinh: pointwise(
    'SinhBackward0',
    sinh,
    partial(['self'], (g, x) => g * cosh(x)),
  ),
  cosh: pointwise(
    'CoshBackward0',
    cosh,
    partial(['self'], (g, x) => g * sinh(x)),
  ),
  asin: pointwise(
    'AsinBackward0',
    (x) => atan(x / Math.sqrt(1 - x * x)),
    partial(['self'], (g, x) => g / Math.sqrt(1 - x * x)),
  ),
  acos: pointwise(
    'AcosBackward0',
    (x) => Math.PI / 2 - atan(x / Math.sqrt(1 - x * x)),
    partial(['self'], (g, x) => -g / Math.sqrt(1 - x * x)),
  ),
  atan: pointwise(
    'AtanBackward0',
    atan,
    partial(['self'], (g, x) => g / (x * x + 1)),
  ),
  asinh: pointwise(
    'AsinhBackward0',
    (x) => {
      if (Math.abs(x) === Infinity) return x;
      return Math.sign(x) * log1p(Math.abs(x) + (x * x) / (1 + Math.sqrt(x * x + 1)));
    },
    partial(['self'], (g, x) => g / Math.sqrt(x * x + 1)),
  ),
  acosh: pointwise(
    'AcoshBackward0',
    (x) => log(x + Math.sqrt(x * x - 1)),
    partial(['self'], (g, x) => g / Math.sqrt(x * x - 1)),
  ),
  atanh: pointwise(
    'AtanhBackward0',
    (x) => 0.5 * log1p((2 * x) / (1 - x)),
    partial(['self'], (g, x) => g / (1 - x * x)),
  ),
  erf: pointwise(
    'ErfBackward0',
    erf,
    partial(['self'], (g, x) => bell * exp(-x * x) * g),
  ),
  erfc: pointwise(
    'ErfcBackward0',
    (x) => 1 - erf(x),
    partial(['self'], (g, x) => -bell * exp(-x * x) * g),
  ),
  floor: pointwise('FloorBackward0', (x) => Math.floor(x), flat),
  ceil: pointwise('CeilBackward0', (x) => Math.ceil(x), flat),
  trunc: pointwise('TruncBackward0', (x) => Math.trunc(x), flat),
  /** A half goes to the even neighbour. */
  round: pointwise('RoundBackward0', roundEven, flat),
  frac: pointwise(
    'FracBackward0',
    (x) => x - Math.trunc(x),
    partial([], (g) => g),
  ),
} satisfies Readonly<Record<string, Operator>>;

/** The slope of `erf` at 0. */
const bell = 2 / Math.sqrt(Math.PI);

/** Exact where x is small too. */
function expm1(x: number): number {
  if (Math.abs(x) > 1) return exp(x) - 1;
  const half = tanh(x / 2);
  return (2 * half) / (1 - half);
}

function sinh(x: number): number {
  if (Math.abs(x) > 1) return (exp(x) - exp(-x)) / 2;
  const less = expm1(x);
  return (less + less / (less + 1)) / 2;
}

function cosh(x: number): number {
  return (exp(x) + exp(-x)) / 2;
}

function roundEven(x: number): number {
  const rounded = Math.round(x);
  return Math.abs(x - Math.trunc(x)) === 0.5 ? 2 * Math.round(x / 2) : rounded;
}
