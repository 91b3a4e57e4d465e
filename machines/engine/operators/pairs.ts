import { exp, log, log1p } from '../../../src/core/portable-math.ts';
import { atan } from '../../../src/core/special-functions.ts';
import type { Operator } from '../operator.ts';
import { pairwise, partial } from './pointwise.ts';

const keepsGrad = partial([], (g) => g);

/**
 * The functions of two numbers, element by element, that are not plain arithmetic.
 *
 * @see PyTorch, `tools/autograd/derivatives.yaml`.
 */
export const pairs = {
  /** The angle of the point whose coordinates are the second and the first. */
  atan2: pairwise('Atan2Backward0', angle, [
    partial(['self', 'other'], (g, y, x) => (g * x) / squares(y, x)),
    partial(['self', 'other'], (g, y, x) => (-g * y) / squares(y, x)),
  ]),
  hypot: pairwise('HypotBackward0', (a, b) => Math.sqrt(a * a + b * b), [
    partial(['self', 'result'], (g, a, y) => g * (a / y)),
    partial(['other', 'result'], (g, b, y) => g * (b / y)),
  ]),
  /** What a division leaves, with the sign of the first. */
  fmod: pairwise('FmodBackward1', (a, b) => a % b, [
    keepsGrad,
    partial(['self', 'other'], (g, a, b) => -g * Math.trunc(a / b)),
  ]),
  /** The same with the sign of the second. */
  remainder: pairwise('RemainderBackward1', remainder, [
    keepsGrad,
    partial(['self', 'other'], (g, a, b) => -g * Math.floor(a / b)),
  ]),
  /** The larger one, of which what is no number is none. */
  fmax: pairwise('FmaxBackward0', (a, b) => (a >= b || Number.isNaN(b) ? a : b), [
    partial(['self', 'other'], (g, a, b) => (a >= b || Number.isNaN(b) ? g : 0)),
    partial(['self', 'other'], (g, a, b) => (a >= b || Number.isNaN(b) ? 0 : g)),
  ]),
  fmin: pairwise('FminBackward0', (a, b) => (a <= b || Number.isNaN(b) ? a : b), [
    partial(['self', 'other'], (g, a, b) => (a <= b || Number.isNaN(b) ? g : 0)),
    partial(['self', 'other'], (g, a, b) => (a <= b || Number.isNaN(b) ? 0 : g)),
  ]),
  /** The first times the logarithm of the second; 0 where the first is 0 and the second a number. */
  xlogy: pairwise('XlogyBackward0', xLogY, [
    partial(['self', 'other'], (g, x, y) => (x === 0 && y <= 0 ? 0 : xLogY(g, y))),
    partial(['self', 'other'], (g, x, y) => (g * x) / y),
  ]),
  /** Its size from the first, its sign from the second; there is no -0. */
  copysign: pairwise('CopysignBackward0', (a, b) => (b < 0 ? -Math.abs(a) : Math.abs(a)), [
    partial(['self', 'result'], (g, a, y) => g * (a === 0 ? 0 : y / a)),
    partial([], () => 0),
  ]),
  /** The logarithm of the sum of the exponentials. */
  logaddexp: pairwise('LogaddexpBackward0', logAddExp, [
    partial(['self', 'other'], (g, a, b) => g / (1 + exp(b - a))),
    partial(['self', 'other'], (g, a, b) => g / (1 + exp(a - b))),
  ]),
} satisfies Readonly<Record<string, Operator>>;

function squares(a: number, b: number): number {
  return a * a + b * b;
}

function angle(y: number, x: number): number {
  if (Math.abs(x) === Infinity && Math.abs(y) === Infinity) {
    return Math.sign(y) * Math.PI * (x > 0 ? 0.25 : 0.75);
  }
  if (x > 0) return atan(y / x);
  if (x < 0) return atan(y / x) + (y < 0 ? -Math.PI : Math.PI);
  return x === 0 ? Math.sign(y) * (Math.PI / 2) : x + y;
}

function remainder(a: number, b: number): number {
  const left = a % b;
  return left !== 0 && left < 0 !== b < 0 ? left + b : left;
}

function logAddExp(a: number, b: number): number {
  const most = Math.max(a, b);
  return Math.abs(most) === Infinity ? most : most + log1p(exp(-Math.abs(a - b)));
}

function xLogY(x: number, y: number): number {
  if (Number.isNaN(y)) return y;
  return x === 0 ? 0 : x * log(y);
}
