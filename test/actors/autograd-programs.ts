/** Parts of programs in tests of autograd. */
import { globals, torch } from '../../actors/index.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import type { Program } from '../../src/index.ts';

/** A leaf that requires a gradient. */
export function leaf(data: readonly number[]): Program<Tensor> {
  return torch.tensor(data, { requiresGrad: true });
}

/** The error that a program ends with, as text. */
export function* refused(program: Program<unknown>): Program<string> {
  try {
    yield* program;
    return 'nothing';
  } catch (error) {
    return String(error);
  }
}

/** A hook that multiplies. */
export function* times(grad: Tensor, factor: number): Program<Tensor> {
  return yield* torch.mul(grad, factor);
}

/** A hook that writes its last argument down. */
export function* note(...args: readonly unknown[]): Program<void> {
  const name = args.at(-1);
  yield* globals.set('noted', [...((yield* globals.get<readonly unknown[]>('noted')) ?? []), name]);
}
