/** Parts of programs in tests of autograd. */
import { torch } from '../../actors/index.ts';
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
