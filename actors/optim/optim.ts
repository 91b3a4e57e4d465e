/**
 * Optimizers: `torch.optim` for the parameters of one worker, `torch.distributed.optim` for those of many.
 * Parameters are leaves behind references on the workers that own them.
 *
 * @see PyTorch, `torch/distributed/optim/optimizer.py`, `DistributedOptimizer`.
 */
import type { Tensor } from '../../machines/engine/graph.ts';
import type { Program } from '../../src/index.ts';
import { distAutograd } from '../dist-autograd.ts';
import { rpc } from '../rpc.ts';
import { torch } from '../torch.ts';
import type { ContextId, Future, RRef } from '../types.ts';
import type { LocalOptimizer } from './local-optimizer.ts';
import {
  localOptimizerStep,
  newLocalOptimizer,
  optimizers,
  stepFromGrad,
} from './local-optimizer.ts';
import type { OptimizerClass } from './optimizer.ts';
import { defineOptimizer } from './optimizer.ts';

/** An optimizer of parameters on several workers. */
export interface DistributedOptimizer {
  /** One for each worker that owns parameters, in the order of their first ones. */
  readonly remoteOptimizers: readonly RRef<LocalOptimizer>[];
}

/** `torch.optim` and `torch.distributed.optim`. */
export const optim = Object.freeze({
  ...optimizers,
  define: defineOptimizer,
  distributed,
  distributedStep,
  local,
  step: stepFromGrad,
  zeroGrad,
});

/**
 * `DistributedOptimizer(optimizer, params, **options)`: each worker that owns some of the parameters gets an
 * optimizer of its own. Of several that fail the error of the last is raised.
 */
function* distributed<Options>(
  optimizer: OptimizerClass<Options>,
  params: readonly RRef<Tensor>[],
  options: Options,
): Program<DistributedOptimizer> {
  const { isFunctional, name } = optimizer;
  const owners = new Map<string, RRef<Tensor>[]>();
  for (const param of params) {
    const own = owners.get(param.ownerName()) ?? [];
    owners.set(param.ownerName(), [...own, param]);
  }
  const futures: Future<RRef<LocalOptimizer>>[] = [];
  for (const [owner, own] of owners) {
    const made = { isFunctional, name, options, params: own };
    futures.push(yield* rpc.async(owner, newLocalOptimizer, [made]));
  }
  return { remoteOptimizers: yield* waitForAll(futures) };
}

/** `step(context_id)` on all workers at once. */
function* distributedStep(
  { remoteOptimizers }: DistributedOptimizer,
  contextId: ContextId,
): Program<void> {
  yield* distAutograd.retrieveContext(contextId);
  const futures: Future<void>[] = [];
  for (const optimizer of remoteOptimizers) {
    const args = [optimizer, contextId] as const;
    futures.push(yield* rpc.async(optimizer.ownerName(), localOptimizerStep, args));
  }
  yield* waitForAll(futures);
}

/** An optimizer of parameters of this worker. */
function* local<Options>(
  { isFunctional, name }: OptimizerClass<Options>,
  params: readonly RRef<Tensor>[],
  options: Options,
): Program<RRef<LocalOptimizer>> {
  return yield* newLocalOptimizer({ isFunctional, name, options, params });
}

/** Takes `.grad` of the parameters away. */
function* zeroGrad(optimizer: RRef<LocalOptimizer>): Program<void> {
  const { params } = yield* optimizer.localValue();
  for (const param of params) yield* torch.setGrad(yield* param.localValue());
}

/** All are waited for, whatever fails. @see PyTorch, `_wait_for_all`. */
function* waitForAll<Value>(futures: readonly Future<Value>[]): Program<readonly Value[]> {
  const values: Value[] = [];
  let failure: { readonly error: unknown } | undefined;
  for (const future of futures) {
    try {
      values.push(yield* future.wait());
    } catch (error) {
      failure = { error };
    }
  }
  if (failure !== undefined) throw failure.error;
  return values;
}
