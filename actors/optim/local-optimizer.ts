/**
 * An optimizer on the worker that owns its parameters, which are values behind references there.
 *
 * @see PyTorch, `torch/distributed/optim/optimizer.py`, `_LocalOptimizer`, `_ScriptLocalOptimizer`.
 */
import type { Tensor } from '../../machines/engine/graph.ts';
import type { Functions, Program } from '../../src/index.ts';
import { perform } from '../../src/index.ts';
import { ask, noGrad } from '../ask.ts';
import { distAutograd } from '../dist-autograd.ts';
import { globals } from '../globals.ts';
import { rpc } from '../rpc.ts';
import { torch } from '../torch.ts';
import type { ContextId, RRef } from '../types.ts';
import { Adam, Adamax, AdamW } from './adam.ts';
import { Adadelta, Adagrad, RMSprop, Rprop } from './adaptive.ts';
import type { ParameterState, ParameterStep, SteppedParameter } from './optimizer.ts';
import { SGD } from './sgd.ts';

/** An optimizer, as the value behind a reference. */
export interface LocalOptimizer {
  readonly isFunctional: boolean;
  readonly name: string;
  readonly options: unknown;
  readonly params: readonly RRef<Tensor>[];
  readonly states: readonly ParameterState[];
}

/** What an optimizer is made of. */
export type NewOptimizer = Omit<LocalOptimizer, 'states'>;

// PyTorch's own optimizers share no lock, those of users one for the process.
const globalLock = 'torch.distributed.optim.optimizer._LocalOptimizer.global_lock';

/** Makes an optimizer of parameters of this worker. */
export function* newLocalOptimizer(made: NewOptimizer): Program<RRef<LocalOptimizer>> {
  const { name, options, params } = made;
  const states: ParameterState[] = [];
  for (const rref of params) {
    const args = [yield* rref.localValue(), options];
    states.push(yield* perform<ParameterState>({ type: 'program.call', args, fn: `${name}.init` }));
  }
  return yield* rpc.rref<LocalOptimizer>({ ...made, states });
}

/** A step with the gradients that a context has for this worker. */
export function* localOptimizerStep(
  optimizer: RRef<LocalOptimizer>,
  contextId: ContextId,
): Program<void> {
  const { isFunctional } = yield* optimizer.localValue();
  const gradients = yield* distAutograd.getGradients(contextId);
  if (isFunctional) {
    // oxlint-disable-next-line require-yield -- a program as `torch.grad` is
    yield* step(optimizer, function* gradOf(param) {
      return distAutograd.gradientOf(gradients, param);
    });
    return;
  }
  yield* globals.locked(globalLock, function* withLock() {
    yield* ask<undefined>({ type: 'torch.set-grads', gradients });
    yield* step(optimizer, torch.grad);
  });
}

/** A step with what `backward` left in `.grad`. */
export function* stepFromGrad(optimizer: RRef<LocalOptimizer>): Program<void> {
  yield* step(optimizer, torch.grad);
}

type GradOf = (param: Tensor) => Program<Tensor | undefined>;

/** A parameter without a gradient stays as it is. */
function* step(optimizer: RRef<LocalOptimizer>, gradOf: GradOf): Program<void> {
  const before = yield* optimizer.localValue();
  const { name, options, params } = before;
  const states: ParameterState[] = [...before.states];
  yield* noGrad(function* steps() {
    for (const [index, rref] of params.entries()) {
      const param = yield* rref.localValue();
      const grad = yield* gradOf(param);
      if (grad === undefined) continue;
      const one: ParameterStep<unknown> = { grad, options, param, state: states[index] ?? {} };
      const after = yield* perform<SteppedParameter>({
        type: 'program.call',
        args: [one],
        fn: `${name}.step`,
      });
      yield* rref.setLocalValue(after.param);
      states[index] = after.state;
    }
  });
  yield* optimizer.setLocalValue({ ...before, states });
}

/** The optimizers of PyTorch. */
export const optimizers = Object.freeze({
  Adadelta,
  Adagrad,
  Adam,
  AdamW,
  Adamax,
  RMSprop,
  Rprop,
  SGD,
});

/** What all workers know of optimizers. */
export const optimizerFunctions: Functions = Object.freeze({
  ...Object.assign({}, ...Object.values(optimizers).map(({ functions }) => functions)),
  'torch.distributed.optim.optimizer._local_optimizer_step': localOptimizerStep,
  'torch.distributed.optim.optimizer._new_local_optimizer': newLocalOptimizer,
});
