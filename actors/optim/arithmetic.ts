/** What the formulas of optimizers are written with. */
import type { Tensor } from '../../machines/engine/graph.ts';
import { isSparse } from '../../machines/engine/sparse.ts';
import type { Program } from '../../src/index.ts';
import { runtimeError, valueError } from '../errors.ts';
import { torch } from '../torch.ts';

/** `first` times `a` and `second` times `b`, added. */
export function* weighted(
  [first, a]: readonly [Tensor, number],
  [second, b]: readonly [Tensor, number],
): Program<Tensor> {
  return yield* torch.add(yield* torch.mul(first, a), yield* torch.mul(second, b));
}

/** `source` plus `factor` times `other`. */
export function* plus(source: Tensor, other: Tensor, factor: number): Program<Tensor> {
  return yield* torch.add(source, yield* torch.mul(other, factor));
}

/** Adds `factor` times `delta` to the parameter, in place. */
export function* moved(param: Tensor, delta: Tensor, factor: number): Program<Tensor> {
  return yield* torch.applyInPlace('add', [param, yield* torch.mul(delta, factor)]);
}

/** The gradient with the decay of weights. */
export function* decayed(grad: Tensor, param: Tensor, weightDecay: number): Program<Tensor> {
  return weightDecay === 0 ? grad : yield* plus(grad, param, weightDecay);
}

/** A tensor of one value in the shape of another. */
export function fullLike({ shape }: Tensor, value: number): Program<Tensor> {
  return torch.full(shape, value);
}

/** The tensor of this name in a state. */
export function tensorIn(state: Readonly<Record<string, Tensor | number>>, name: string): Tensor {
  const found = state[name];
  if (typeof found === 'object') return found;
  throw valueError(`The state of an optimizer has no tensor "${name}"; its init is to give one.`);
}

/** The number of this name in a state. */
export function numberIn(state: Readonly<Record<string, Tensor | number>>, name: string): number {
  const found = state[name];
  return typeof found === 'number' ? found : 0;
}

/** @throws `ValueError`, with PyTorch's text, for a number that is below zero. */
export function requireNotNegative(what: string, value: number): void {
  if (!(value >= 0)) throw valueError(`Invalid ${what}: ${value}`);
}

/** @throws `RuntimeError` of this text for a gradient that has only some elements. */
export function requireDense(message: string, grad: Tensor): void {
  if (isSparse(grad)) throw runtimeError(message);
}

/** @throws `ValueError`, with PyTorch's text, for factors that are not from 0 to below 1. */
export function requireBetas(betas: readonly [number, number]): void {
  for (const [index, beta] of betas.entries()) {
    if (!(beta >= 0 && beta < 1)) {
      throw valueError(`Invalid beta parameter at index ${index}: ${beta}`);
    }
  }
}
