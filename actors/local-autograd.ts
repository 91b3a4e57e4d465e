/**
 * Autograd within one process, as user code writes it. Functions that a pass calls are registered ones, and
 * what a closure would catch is given after them.
 *
 * @see PyTorch, `torch/autograd/__init__.py`; `torch/_tensor.py`; `torch/autograd/graph.py`.
 */
import type { AutogradNode, Edge, Tensor } from '../machines/engine/graph.ts';
import { gradNameOf } from '../machines/engine/history.ts';
import { gradientEdge } from '../machines/engine/node.ts';
import type { HookHandle, NewHook } from '../machines/rpc/autograd/local-engine.ts';
import type { Program, UserFunction } from '../src/index.ts';
import { named } from '../src/index.ts';
import { ask, current } from './ask.ts';
import { runtimeError } from './errors.ts';
import { runPass } from './run-backward.ts';

/** Options of a backward pass in one process. */
export interface LocalBackwardOptions {
  /** Whether the gradients are to have gradients. */
  readonly createGraph?: boolean;
  /** The gradients of the roots; ones for scalars unless given. */
  readonly gradients?: readonly (Tensor | undefined)[];
  /** Whether the graph may be gone through again; as `createGraph` unless told. */
  readonly retainGraph?: boolean;
}

/** Options of `backward`. */
export interface BackwardOptions extends LocalBackwardOptions {
  /** The tensors whose `.grad` is wanted; all leaves unless given. Results keep theirs from then on. */
  readonly inputs?: readonly Tensor[];
}

/** Options of `autograd.grad`. */
export interface GradOptions extends LocalBackwardOptions {
  /** Whether a tensor may be used by no output; its gradient is then `undefined`. */
  readonly allowUnused?: boolean;
}

/** A hook, for its removal. */
export interface RemovableHandle {
  readonly hook: HookHandle;
}

/** `torch.autograd`, and what tensors and nodes have of it. */
export const localAutograd = Object.freeze({
  detectAnomaly,
  grad,
  queueCallback,
  registerAccumulateGradHook,
  registerHook,
  registerNodeHook,
  registerNodePrehook,
  registerPostAccumulateGradHook,
  removeHook,
  retainGrad,
  retainsGrad,
});

/**
 * `backward` on this worker alone: gradients are added to `.grad` of the leaves, or of `inputs`.
 *
 * @see PyTorch, `python_engine.cpp`, `THPEngine_run_backward`: an input retains its gradient by that.
 */
export function* backward(roots: readonly Tensor[], options: BackwardOptions = {}): Program<void> {
  const { inputs } = options;
  for (const input of inputs ?? []) yield* retainGrad(input);
  const wanted = inputs === undefined ? {} : { accumulates: true, inputs };
  yield* runPass({ roots, ...wanted, ...passOptions(options) });
}

/** The gradients of `outputs` by `inputs`, which need not be leaves; `.grad` stays as it is. */
function* grad(
  outputs: readonly Tensor[],
  inputs: readonly Tensor[],
  options: GradOptions = {},
): Program<readonly (Tensor | undefined)[]> {
  const { allowUnused = false } = options;
  return yield* runPass({ allowUnused, inputs, roots: outputs, ...passOptions(options) });
}

function passOptions({ createGraph = false, gradients, retainGraph }: LocalBackwardOptions) {
  return {
    ...(createGraph ? { createGraph } : {}),
    ...(gradients === undefined
      ? {}
      : {
          gradients: gradients.map((each) => each ?? ({ type: 'undefined-tensor' } as const)),
        }),
    ...(retainGraph === undefined ? {} : { keepGraph: retainGraph }),
  };
}

/** `tensor.register_hook`: `fn(grad, ...args)` may give another gradient. */
function* registerHook(
  tensor: Tensor,
  fn: UserFunction,
  ...args: readonly unknown[]
): Program<RemovableHandle> {
  const edge = hookableEdge(yield* current(tensor));
  return yield* addHook(edge, {
    type: 'tensor',
    call: yield* callOf(fn, args),
    inputNr: edge.inputNr,
  });
}

/** Where the gradient of a tensor arrives. */
function hookableEdge(tensor: Tensor) {
  const edge = gradientEdge(tensor);
  if (edge.type === 'no-edge') {
    throw runtimeError("cannot register a hook on a tensor that doesn't require gradient");
  }
  return edge;
}

/** `tensor.grad_fn.register_hook`: `fn(gradInputs, gradOutputs, ...args)` after the node that made it. */
function* registerNodeHook(
  tensor: Tensor,
  fn: UserFunction,
  ...args: readonly unknown[]
): Program<RemovableHandle> {
  return yield* addHook(nodeEdge(yield* current(tensor)), {
    type: 'post',
    call: yield* callOf(fn, args),
  });
}

/** The same of the node where the gradient of a leaf arrives: `AccumulateGrad` behind `grad_fn.next_functions`. */
function* registerAccumulateGradHook(
  leaf: Tensor,
  fn: UserFunction,
  ...args: readonly unknown[]
): Program<RemovableHandle> {
  const edge = hookableEdge(yield* current(leaf));
  return yield* addHook(edge, { type: 'post', call: yield* callOf(fn, args) });
}

/** `tensor.grad_fn.register_prehook`: `fn(gradOutputs, ...args)` before the node that made it. */
function* registerNodePrehook(
  tensor: Tensor,
  fn: UserFunction,
  ...args: readonly unknown[]
): Program<RemovableHandle> {
  return yield* addHook(nodeEdge(yield* current(tensor)), {
    type: 'pre',
    call: yield* callOf(fn, args),
  });
}

/** `leaf.register_post_accumulate_grad_hook`: `fn(leaf, ...args)` once `.grad` is up to date. */
function* registerPostAccumulateGradHook(
  leaf: Tensor,
  fn: UserFunction,
  ...args: readonly unknown[]
): Program<RemovableHandle> {
  const edge = hookableEdge(yield* current(leaf));
  if (leaf.gradFn !== undefined) {
    throw runtimeError('post accumulate grad hooks cannot be registered on non-leaf tensors');
  }
  return yield* addHook(edge, {
    type: 'post-accumulate',
    call: yield* callOf(fn, [leaf, ...args]),
  });
}

/** `handle.remove()`. */
function* removeHook({ hook }: RemovableHandle): Program<void> {
  yield* ask<undefined>({ type: 'engine.remove-hook', handle: hook });
}

/** `tensor.retain_grad()`: the gradient of a result is kept as that of a leaf is. */
function* retainGrad(given: Tensor): Program<void> {
  const tensor = yield* current(given);
  if (!tensor.requiresGrad) {
    throw runtimeError("can't retain_grad on Tensor that has requires_grad=False");
  }
  const { gradFn } = tensor;
  const variable = gradNameOf(tensor);
  if (gradFn === undefined || variable === undefined || (yield* retainsGrad(tensor))) return;
  const { node, outputNr: inputNr } = gradFn;
  yield* ask<undefined>({
    type: 'engine.add-hook',
    hook: { type: 'retain-grad', inputNr, variable },
    node: node.id,
  });
}

/** `tensor.retains_grad`. */
function* retainsGrad(given: Tensor): Program<boolean> {
  const { gradFn } = yield* current(given);
  if (gradFn === undefined) return false;
  const { node, outputNr: inputNr } = gradFn;
  return yield* ask<boolean>({ type: 'engine.retains-grad', inputNr, node: node.id });
}

/** `_execution_engine.queue_callback`: `fn(...args)` once the pass that runs is over. */
function* queueCallback(fn: UserFunction, ...args: readonly unknown[]): Program<void> {
  yield* ask<undefined>({ type: 'engine.queue-callback', call: yield* callOf(fn, args) });
}

/** `with torch.autograd.detect_anomaly():` a gradient that is not a number is an error. */
function* detectAnomaly<Result>(body: () => Program<Result>): Program<Result> {
  const before = yield* ask<boolean>({ type: 'engine.set-anomaly-mode', isOn: true });
  try {
    return yield* body();
  } finally {
    yield* ask<boolean>({ type: 'engine.set-anomaly-mode', isOn: before });
  }
}

function* addHook(
  { node }: Pick<Extract<Edge, { type: 'edge' }>, 'node'>,
  hook: NewHook,
): Program<RemovableHandle> {
  return { hook: yield* ask<HookHandle>({ type: 'engine.add-hook', hook, node: node.id }) };
}

function nodeEdge({ gradFn }: Tensor): { readonly node: AutogradNode } {
  if (gradFn === undefined) {
    throw runtimeError("'NoneType' object has no attribute 'register_hook'");
  }
  return gradFn;
}

function* callOf(fn: UserFunction, args: readonly unknown[]) {
  return { args, fn: yield* named(fn) };
}
