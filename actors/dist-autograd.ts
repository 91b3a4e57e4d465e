/**
 * Distributed autograd as user code writes it.
 *
 * @see PyTorch, `torch.distributed.autograd`.
 */
import type { Tensor } from '../machines/engine/graph.ts';
import { isTensor } from '../machines/engine/tensor.ts';
import { reprOf } from '../machines/rpc/signatures/python-repr.ts';
import type { LeafGradient, RecordedFunctions } from '../machines/rpc/user/user-request.ts';
import type { Program } from '../src/index.ts';
import { ask, callMode } from './ask.ts';
import { incompatible } from './bound.ts';
import type { ContextId } from './types.ts';

/** Options of a backward pass. */
export interface BackwardOptions {
  /** Whether the graph may be gone through again. */
  readonly retainGraph?: boolean;
}

/** What a worker knows of a context. */
export interface ContextInfo {
  readonly contextId: ContextId;
  readonly knownWorkerIds: readonly number[];
}

/** `torch.distributed.autograd`. */
export const distAutograd = Object.freeze({
  backward,
  context,
  functionsOf,
  getGradients,
  gradientOf,
  newContext,
  releaseContext,
  retrieveContext,
});

/** Runs `body` in a new context, which is over on all workers when it ends, also by an error. */
function* context<Result>(body: (id: ContextId) => Program<Result>): Program<Result> {
  const contextId = yield* newContext();
  try {
    return yield* body(contextId);
  } finally {
    yield* releaseContext(contextId);
  }
}

/** A new context, which this thread is in until it is released. */
function* newContext(): Program<ContextId> {
  return yield* ask<ContextId>({ type: 'autograd.new-context' });
}

/** The end of a context, here and wherever it has been. */
function* releaseContext(contextId: ContextId): Program<void> {
  requireId('_release_context', contextId);
  yield* ask<undefined>({ type: 'autograd.release-context', contextId });
}

/** The gradients of scalar roots by all leaves behind them, on all workers, added up in the context. */
function* backward(
  contextId: ContextId,
  roots: readonly Tensor[],
  { retainGraph = false }: BackwardOptions = {},
): Program<void> {
  requireId('backward', contextId, roots);
  const areTensors = Array.isArray(roots) && roots.every(isTensor);
  if (!areTensors) throw refused('backward', [contextId, roots]);
  const { ops } = yield* callMode();
  const noted = ops === undefined ? {} : { ops };
  yield* ask<undefined>({ type: 'autograd.backward', contextId, ...noted, retainGraph, roots });
}

/** The gradients of this worker's leaves in a context. */
function* getGradients(contextId: ContextId): Program<readonly LeafGradient[]> {
  requireId('get_gradients', contextId);
  return yield* ask<readonly LeafGradient[]>({ type: 'autograd.get-gradients', contextId });
}

/** The gradient of `leaf` among those that `getGradients` gave. */
function gradientOf(gradients: readonly LeafGradient[], { id }: Tensor): Tensor | undefined {
  return gradients.find(({ variable }) => variable === id)?.grad;
}

/** What this worker knows of a context. */
function* retrieveContext(contextId: ContextId): Program<ContextInfo> {
  requireId('_retrieve_context', contextId);
  return yield* ask<ContextInfo>({ type: 'autograd.retrieve-context', contextId });
}

/** The send and recv functions that this worker has recorded in a context; what is behind them hangs on their edges. */
function* functionsOf(contextId: ContextId): Program<RecordedFunctions> {
  requireId('_retrieve_context', contextId);
  return yield* ask<RecordedFunctions>({ type: 'autograd.functions', contextId });
}

/** Ids are texts here and numbers there; what is neither is refused as there, before anything is asked. */
function requireId(
  fn: keyof typeof signatures,
  contextId: unknown,
  ...others: readonly unknown[]
): void {
  if (typeof contextId !== 'string') throw refused(fn, [contextId, ...others]);
}

function refused(fn: keyof typeof signatures, given: readonly unknown[]): Error {
  return incompatible(fn, signatures[fn], given.map(reprOf).join(', '));
}

/** @see PyTorch, `torch/csrc/distributed/autograd/init.cpp`. */
const signatures = {
  _release_context: '(arg0: int) -> None',
  _retrieve_context: '(arg0: int) -> torch._C._distributed_autograd.DistAutogradContext',
  backward: '(contextId: int, roots: List[at::Tensor], retain_graph: bool = False) -> None',
  get_gradients: '(context_id: int) -> dict',
} as const;
