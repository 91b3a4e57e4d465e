/**
 * Tensors as user code writes them: `const y = yield* torch.add(a, b)`.
 *
 * @see PyTorch, `torch`.
 */
import { deviceNamed } from '../machines/devices/device.ts';
import type { Storage, Tensor } from '../machines/engine/graph.ts';
import type { Attributes } from '../machines/engine/operator.ts';
import type { OperatorName } from '../machines/engine/operators.ts';
import { isDType } from '../machines/engine/tensor.ts';
import type { Program } from '../src/index.ts';
import { perform } from '../src/index.ts';
import { ask, current, enableGrad, noGrad } from './ask.ts';
import { raising } from './errors.ts';
import { launched } from './launches.ts';
import { backward, localAutograd } from './local-autograd.ts';
import { builtin } from './marks.ts';
import { full, ones, tensor, zeros } from './tensors.ts';

/** The weights of an LSTM cell; both biases or none. */
interface LSTMWeights {
  readonly bHh?: Operand;
  readonly bIh?: Operand;
  readonly wHh: Operand;
  readonly wIh: Operand;
}

/** An argument of an operator; a number stands for a scalar. */
export type Operand = Tensor | number;

/**
 * The part of `torch` that programs here use. What an operator takes beside tensors has PyTorch's names:
 * `torch.sum(x, { dim: 1, keepdim: true })`. An operator that is not here goes by `apply`.
 */
export const torch = Object.freeze({
  apply,
  applyAll,
  applyInPlace,
  autograd: localAutograd,
  backward,
  buffer,
  current,
  enableGrad,
  full,
  grad,
  noGrad,
  ones,
  setGrad,
  tensor,
  to,
  zeros,

  abs: unary('abs'),
  add: binary('add'),
  addmm: ternary('addmm'),
  amax: unary('amax'),
  amin: unary('amin'),
  argmax: unary('argmax'),
  argmin: unary('argmin'),
  binaryCrossEntropy: binary('binary_cross_entropy'),
  bmm: binary('bmm'),
  cat: listed('cat'),
  chunk: several('chunk'),
  clamp: unary('clamp'),
  clone: unary('clone'),
  coalesce: unary('coalesce'),
  cos: unary('cos'),
  crossEntropy: binary('cross_entropy'),
  cumsum: unary('cumsum'),
  detach: unary('detach'),
  div: binary('div'),
  dot: binary('dot'),
  elu: unary('elu'),
  embedding: binary('embedding'),
  embeddingBag,
  eq: binary('eq'),
  exp: unary('exp'),
  expand: unary('expand'),
  flatten: unary('flatten'),
  flip: unary('flip'),
  gather: binary('gather'),
  ge: binary('ge'),
  gt: binary('gt'),
  indexSelect: binary('index_select'),
  l1Loss: binary('l1_loss'),
  le: binary('le'),
  leakyRelu: unary('leaky_relu'),
  linear,
  log: unary('log'),
  logSoftmax: unary('log_softmax'),
  logsumexp: unary('logsumexp'),
  lstmCell,
  lt: binary('lt'),
  maskedFill: binary('masked_fill'),
  matmul: binary('matmul'),
  max: unary('max'),
  maximum: binary('maximum'),
  mean: unary('mean'),
  min: unary('min'),
  minimum: binary('minimum'),
  mm: binary('mm'),
  mseLoss: binary('mse_loss'),
  mul: binary('mul'),
  mv: binary('mv'),
  ne: binary('ne'),
  neg: unary('neg'),
  nllLoss: binary('nll_loss'),
  outer: binary('outer'),
  permute: unary('permute'),
  pow: binary('pow'),
  prod: unary('prod'),
  reciprocal: unary('reciprocal'),
  relu: unary('relu'),
  reshape: unary('reshape'),
  rsqrt: unary('rsqrt'),
  select: unary('select'),
  sigmoid: unary('sigmoid'),
  sign: unary('sign'),
  silu: unary('silu'),
  sin: unary('sin'),
  slice: unary('slice'),
  smoothL1Loss: binary('smooth_l1_loss'),
  softmax: unary('softmax'),
  softplus: unary('softplus'),
  split: several('split'),
  sqrt: unary('sqrt'),
  square: unary('square'),
  squeeze: unary('squeeze'),
  stack: listed('stack'),
  std: unary('std'),
  sub: binary('sub'),
  sum: unary('sum'),
  t: unary('t'),
  tan: unary('tan'),
  tanh: unary('tanh'),
  toDense: unary('to_dense'),
  transpose: unary('transpose'),
  unbind: several('unbind'),
  unsqueeze: unary('unsqueeze'),
  var: unary('var'),
  view: unary('view'),
  where: ternary('where'),
});

/** An operator by its name, with what it takes beside tensors. */
function* apply(
  op: OperatorName,
  args: readonly Operand[],
  attributes: Attributes = {},
): Program<Tensor> {
  const value = yield* perform<Tensor>({ type: 'torch.record', args, attributes, op });
  const [made = value] = yield* launched({ args, op, values: [value] });
  return made;
}

/** The same with all results: `max` along a dimension has two, the elements and where they were. */
function* applyAll(
  op: OperatorName,
  args: readonly Operand[],
  attributes: Attributes = {},
): Program<readonly Tensor[]> {
  const values = yield* perform<readonly Tensor[]>({
    type: 'torch.record-all',
    args,
    attributes,
    op,
  });
  return yield* launched({ args, op, values });
}

/** The tensor on another device, or as another type; itself where it is so already. */
function* to(source: Tensor, device: number | string): Program<Tensor> {
  if (typeof device === 'string' && isDType(device)) {
    return source.dtype === device ? source : yield* apply('to.dtype', [source], { dtype: device });
  }
  const name = raising(() => deviceNamed(device));
  return source.device === name ? source : yield* apply('to', [source], { device: name });
}

/** `input` times the transpose of `weight`, and `bias` added if there is one. */
function linear(input: Operand, weight: Operand, bias?: Operand): Program<Tensor> {
  return apply('linear', bias === undefined ? [input, weight] : [input, weight, bias]);
}

/** The rows that `indices` names, reduced bag by bag: one begins at each of `offsets`; perhaps each row weighed. */
function embeddingBag(
  [indices, weight, offsets, perSampleWeights]: readonly [Tensor, Tensor, Tensor, Tensor?],
  attributes?: Attributes,
): Program<Tensor> {
  const weights = perSampleWeights === undefined ? [] : [perSampleWeights];
  return apply('embedding_bag', [weight, indices, offsets, ...weights], attributes);
}

/** One step of an LSTM: the new hidden state and the new cell state. */
function* lstmCell(
  input: Operand,
  [hx, cx]: readonly [Operand, Operand],
  weights: LSTMWeights,
): Program<readonly [Tensor, Tensor]> {
  const { bHh, bIh, wHh, wIh } = weights;
  const biases = bIh === undefined || bHh === undefined ? [] : [bIh, bHh];
  const values = yield* applyAll('lstm_cell', [input, hx, cx, wIh, wHh, ...biases]);
  // cast -- the operator gives two tensors
  return values as readonly [Tensor, Tensor];
}

/** `.grad` of a leaf: what `backward` left there. */
function* grad(leaf: Tensor): Program<Tensor | undefined> {
  return yield* ask<Tensor | undefined>({ type: 'torch.grad', tensor: leaf });
}

/** Sets `.grad` of a leaf, or takes it away. */
function* setGrad(leaf: Tensor, value?: Tensor): Program<void> {
  yield* ask<undefined>({ type: 'torch.set-grad', grad: value, tensor: leaf });
}

/** What an operator in place gave, and where its elements lie. */
interface Changed {
  readonly by?: string;
  readonly storage?: Storage;
  readonly value: Tensor;
}

/**
 * A constant in a place of its own, as every tensor of PyTorch has one: what changes it in place, or a view of
 * it, changes it for all who have it in hand. Without that a constant is a value.
 */
function* buffer(source: Tensor): Program<Tensor> {
  return yield* perform<Tensor>({ type: 'torch.buffer', tensor: source });
}

/**
 * An operator that changes its first argument, by the name without the underscore; a view changes what it is
 * a view of too. Whatever is done afterwards with a tensor that shares these elements is done with what they
 * are by then; `current` shows them. The process counts the change, so that a backward pass refuses what was
 * saved before.
 */
function* applyInPlace(
  op: OperatorName,
  args: readonly Operand[],
  attributes: Attributes = {},
): Program<Tensor> {
  const { value, ...where } = yield* perform<Changed>({
    type: 'torch.record-in-place',
    args,
    attributes,
    op,
  });
  if (where.storage !== undefined) {
    yield* ask<undefined>({ type: 'engine.modified', ...where, storage: where.storage });
  }
  return value;
}

type Unary = (self: Operand, attributes?: Attributes) => Program<Tensor>;
type Binary = (self: Operand, other: Operand, attributes?: Attributes) => Program<Tensor>;
type Ternary = (first: Operand, second: Operand, third: Operand) => Program<Tensor>;
type Several = (self: Operand, attributes?: Attributes) => Program<readonly Tensor[]>;
type Listed = (tensors: readonly Operand[], attributes?: Attributes) => Program<Tensor>;

function unary(op: OperatorName): Unary {
  return builtin(op, (self, attributes) => apply(op, [self], attributes));
}

function binary(op: OperatorName): Binary {
  return builtin(op, (self, other, attributes) => apply(op, [self, other], attributes));
}

function ternary(op: OperatorName): Ternary {
  return builtin(op, (first, second, third) => apply(op, [first, second, third]));
}

function several(op: OperatorName): Several {
  return (self, attributes) => applyAll(op, [self], attributes);
}

function listed(op: OperatorName): Listed {
  return (tensors, attributes) => apply(op, tensors, attributes);
}
