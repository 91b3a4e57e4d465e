/**
 * Two functions of which engines have their own idea or none, from additions, multiplications and square
 * roots alone, which are the same everywhere. Good to 1e-14; whoever calls them rounds to float32.
 */
import { exp } from './portable-math.ts';

// Beyond it `erf` is 1 in double.
const erfMax = 6;

/** The arctangent in radians. */
export function atan(x: number): number {
  if (Math.abs(x) > 1) return Math.sign(x) * (Math.PI / 2) - atan(1 / x);
  // atan x = 2 atan(x / (1 + sqrt(1 + x²))): three times, and the series needs few terms.
  let small = x;
  for (let halving = 0; halving < 3; halving += 1) small /= 1 + Math.sqrt(1 + small * small);
  let sum = 0;
  for (let odd = 21; odd > 0; odd -= 2) sum = 1 / odd - sum * small * small;
  return 8 * small * sum;
}

/**
 * The error function, by a series whose terms are all positive.
 *
 * @see Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.6.
 */
export function erf(x: number): number {
  if (Number.isNaN(x)) return x;
  if (Math.abs(x) > erfMax) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let odd = 3; Math.abs(term) > Math.abs(sum) * 1e-17; odd += 2) {
    term *= (2 * x * x) / odd;
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * exp(-x * x) * sum;
}
