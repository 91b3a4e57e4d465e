/** What PyTorch's tests of distributed backward share. */
import { expect } from 'vitest';

import { distAutograd, rpc, torch } from '../../actors/index.ts';
import type { ContextId, RRef } from '../../actors/index.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import type { Program, UserFunction } from '../../src/index.ts';

/** Where a function runs: here, there, or there with its result left there until it is fetched. */
export type ExecMode = 'local' | 'remote' | 'sync';

/** Runs a function of tensors in a mode. */
export function* exec(
  [mode, to]: readonly [ExecMode, string],
  fn: UserFunction,
  ...args: readonly unknown[]
): Program<Tensor> {
  // casts -- each test gives a function the tensors that it takes
  if (mode === 'local') return yield* (fn as (...given: unknown[]) => Program<Tensor>)(...args);
  if (mode === 'sync') return (yield* rpc.sync(to, fn, args as never)) as Tensor;
  return yield* ((yield* rpc.remote(to, fn, args as never)) as RRef<Tensor>).toHere();
}

/** A leaf of small whole numbers, different from seed to seed, so that sums of them are exact. */
export function* leafOf(shape: readonly number[], seed = 1, requiresGrad = true): Program<Tensor> {
  const size = shape.reduce((product, each) => product * each, 1);
  const data = Array.from({ length: size }, (_, index) => ((index * 7 + seed * 3) % 5) - 2);
  return yield* torch.tensor(data, { requiresGrad, shape });
}

/** The gradient of a leaf in a context. */
export function* gradientIn(id: ContextId, leaf: Tensor): Program<readonly number[] | undefined> {
  return distAutograd.gradientOf(yield* distAutograd.getGradients(id), leaf)?.data;
}

/**
 * Goes back from the loss that `forward` gives in each mode; the distributed gradients of the leaves, and no
 * others of this worker, are to be those of the local run.
 */
export function* sameInAllModes(
  leaves: readonly Tensor[],
  forward: (mode: ExecMode) => Program<Tensor>,
): Program<void> {
  const wanted = leaves.filter(({ requiresGrad }) => requiresGrad);
  const loss = yield* torch.sum(yield* forward('local'));
  const grads = yield* torch.autograd.grad([loss], wanted, { allowUnused: true });
  const local = leaves.map((leaf) => grads[wanted.indexOf(leaf)]?.data);
  for (const mode of ['sync', 'remote'] as const) {
    yield* distAutograd.context(function* inside(id) {
      yield* distAutograd.backward(id, [yield* torch.sum(yield* forward(mode))]);
      const found: unknown[] = [];
      for (const leaf of leaves) found.push(yield* gradientIn(id, leaf));
      expect(found).toEqual(local);
      expect(yield* distAutograd.getGradients(id)).toHaveLength(
        local.filter((each) => each !== undefined).length,
      );
    });
  }
}
