import type { Shape, Tensor } from '../machines/engine/graph.ts';
import type { Attributes } from '../machines/engine/operator.ts';
import type { OperatorName } from '../machines/engine/operators.ts';
/**
 * Tensors as user code writes them: `const y = yield* torch.add(a, b)`.
 *
 * @see PyTorch, `torch`.
 */
import type { Program } from '../src/index.ts';
import { perform } from '../src/index.ts';
import { ask, gradMode } from './ask.ts';
import type { BackwardOptions } from './dist-autograd.ts';
import { builtin } from './marks.ts';

/** What a tensor is made with. */
export interface TensorOptions {
  readonly requiresGrad?: boolean;
  /** One dimension of all elements unless given. */
  readonly shape?: Shape;
}

/** An argument of an operator; a number stands for a scalar. */
export type Operand = Tensor | number;

/** The part of `torch` that programs here use. */
export const torch = Object.freeze({
  apply,
  backward,
  grad,
  noGrad,
  tensor,

  add: binary('add'),
  clone: unary('clone'),
  detach: unary('detach'),
  dot: binary('dot'),
  exp: unary('exp'),
  matmul: binary('matmul'),
  mean: unary('mean'),
  mm: binary('mm'),
  mul: binary('mul'),
  mv: binary('mv'),
  neg: unary('neg'),
  relu: unary('relu'),
  sin: unary('sin'),
  sub: binary('sub'),
  sum: unary('sum'),
  t: unary('t'),
  tanh: unary('tanh'),
});

/** An operator by its name, with what it takes beside tensors. */
function* apply(
  op: OperatorName,
  args: readonly Operand[],
  attributes: Attributes = {},
): Program<Tensor> {
  return yield* perform<Tensor>({ type: 'torch.record', args, attributes, op });
}

/** A tensor of these elements, row by row. */
function* tensor(
  data: readonly number[],
  { requiresGrad = false, shape = [data.length] }: TensorOptions = {},
): Program<Tensor> {
  return yield* perform<Tensor>({ type: 'torch.tensor', data, requiresGrad, shape });
}

/** Runs `body` without recording gradients. */
function* noGrad<Result>(body: () => Program<Result>): Program<Result> {
  const before = yield* gradMode();
  yield* setGradMode(false);
  try {
    return yield* body();
  } finally {
    yield* setGradMode(before);
  }
}

/** `backward` on this worker alone: gradients go to `grad` of the leaves. */
function* backward(
  roots: readonly Tensor[],
  { retainGraph = false }: BackwardOptions = {},
): Program<void> {
  yield* ask<undefined>({ type: 'torch.backward', retainGraph, roots });
}

/** `.grad` of a leaf: what `backward` left there. */
function* grad(leaf: Tensor): Program<Tensor | undefined> {
  return yield* ask<Tensor | undefined>({ type: 'torch.grad', tensor: leaf });
}

function* setGradMode(mode: boolean): Program<void> {
  yield* perform<undefined>({ type: 'torch.set-grad-mode', gradMode: mode });
}

function unary(op: OperatorName): (self: Operand) => Program<Tensor> {
  return builtin(op, (self) => apply(op, [self]));
}

function binary(op: OperatorName): (self: Operand, other: Operand) => Program<Tensor> {
  return builtin(op, (self, other) => apply(op, [self, other]));
}
