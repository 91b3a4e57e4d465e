/**
 * What becomes of whole numbers and masks among the inputs of an operator, and of which type its results are.
 *
 * @see PyTorch, `aten/src/ATen/native/TypeProperties.cpp`, `result_type`; `aten/src/ATen/TensorIterator.cpp`,
 * `compute_types`.
 */
import { unreachable } from '../../src/core/errors.ts';
import type { DType, Tensor } from './graph.ts';
import type { Attributes } from './operator.ts';
import { numberIn } from './operator.ts';
import { isFloating, typeNames } from './tensor.ts';
import { torchCheck, TorchError } from './torch-error.ts';

/** How an operator takes what is no floating-point number: as itself, summed up, as float32, or not at all. */
type Wholes = 'as-float' | 'kept' | 'refused' | 'summed';

const asFloat = new Set(
  (
    'div sigmoid sqrt rsqrt reciprocal exp log sin cos tan tanh log1p log2 log10 expm1 exp2 sinh cosh asin ' +
    'acos atan asinh acosh atanh erf erfc atan2 logsumexp xlogy copysign'
  ).split(' '),
);
const kept = new Set(
  (
    'add sub mul maximum minimum fmax fmin neg abs sign pow.scalar pow.tensor pow.base clamp clone relu ' +
    'hardtanh floor ceil trunc round where masked_fill amax amin max.all min.all max.dim min.dim median.all argmax argmin ' +
    'mm mv dot bmm addmm fmod remainder'
  ).split(' '),
);
const summed = new Set('sum.all sum.dim prod.all prod.dim cumsum'.split(' '));

/** What PyTorch's texts call the code that has no version for whole numbers, where it is not the operator. */
const kernels: Readonly<Record<string, string>> = {
  'gelu.none': 'GeluKernelImpl',
  celu: 'elu_cpu',
  log_softmax: 'log_softmax_lastdim_kernel_impl',
  logsigmoid: 'log_sigmoid_cpu',
  mse_loss: 'mse_cpu',
  smooth_l1_loss: 'smooth_l1_cpu',
  huber_loss: 'huber_cpu',
  softmax: 'softmax_lastdim_kernel_impl',
  'softmax.dim': 'softmax_kernel_impl',
  binary_cross_entropy: 'binary_cross_entropy',
};

/** What PyTorch says of masks to those that take whole numbers. */
const maskTexts: Readonly<Record<string, string>> = {
  hardtanh: 'Bool inputs not supported for hardtanh',
  neg:
    'Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, use ' +
    'the `~` or `logical_not()` operator instead.',
  relu: 'Boolean inputs not supported for relu',
  ...Object.fromEntries(
    Object.entries({
      'pow.tensor': 'pow',
      abs: 'abs_cpu',
      argmax: 'argmax_cpu',
      argmin: 'argmin_cpu',
      bmm: 'bmm',
      ceil: 'ceil_vml_cpu',
      dot: 'dot',
      floor: 'floor_vml_cpu',
      fmod: 'fmod_cpu',
      mm: 'addmm_impl_cpu_',
      mv: 'addmv_impl_cpu',
      remainder: 'remainder_cpu',
      round: 'round_vml_cpu',
      trunc: 'trunc_vml_cpu',
    }).map(([op, kernel]) => [op, notImplemented(kernel, 'Bool')]),
  ),
};

/** The attributes that are numbers beside the tensors. */
const numbersBeside: Readonly<Record<string, readonly string[]>> = {
  'pow.base': ['base'],
  'pow.scalar': ['exponent'],
  clamp: ['max', 'min'],
};

const ranks: readonly DType[] = ['bool', 'int64', 'float32', 'float64'];

/** What an operator is given, and those of its inputs that decide the type. */
export interface Typing {
  readonly attributes: Attributes;
  readonly deciding: readonly Tensor[];
  /** Whether it only moves elements, of whatever type. */
  readonly isMoving: boolean;
  readonly op: string;
}

/**
 * The type of results: nothing where no input decides it.
 *
 * @throws {TorchError} if the operator takes no such numbers.
 */
export function resultType({ attributes, deciding, isMoving, op }: Typing): DType | undefined {
  if (deciding.length === 0) return undefined;
  // Most are of the usual type, and these are many.
  if (deciding.every(({ dtype }) => dtype === 'float32')) return 'float32';
  const common = commonType(deciding);
  if (isMoving) return common;
  if (op === 'sub') refuseMasks(deciding);
  if (isFloating({ dtype: common })) return common;
  const wholes = wholesOf(op);
  switch (wholes) {
    case 'as-float':
      return 'float32';
    case 'summed':
      return 'int64';
    case 'kept':
      torchCheck(common !== 'bool' || !Object.hasOwn(maskTexts, op), maskTexts[op] ?? '');
      return withNumbers(op, attributes, common);
    case 'refused': {
      const last = (deciding[0]?.shape.length ?? 0) - 1;
      const isLast = [-1, last].includes(numberIn(attributes, 'dim', -1));
      const named = isLast ? op : op.replace(/^(?:log_)?softmax$/, 'softmax.dim');
      throw new TorchError('RuntimeError', refusal(named, typeNames[common]));
    }
    default:
      return unreachable(wholes);
  }
}

function wholesOf(op: string): Wholes {
  if (kept.has(op)) return 'kept';
  if (asFloat.has(op)) return 'as-float';
  return summed.has(op) ? 'summed' : 'refused';
}

/** Numbers beside whole numbers: one with a fraction makes the result float32, and any makes masks numbers. */
function withNumbers(op: string, attributes: Attributes, common: DType): DType {
  if (op === 'add' || op === 'sub') {
    torchCheck(
      Number.isInteger(numberIn(attributes, 'alpha', 1)),
      'For integral input tensors, argument alpha must not be a floating point number.',
    );
  }
  const numbers = (numbersBeside[op] ?? []).flatMap((name) => attributes[name] ?? []);
  if (numbers.some((each) => typeof each === 'number' && !Number.isInteger(each))) return 'float32';
  return numbers.length > 0 && common === 'bool' ? 'int64' : common;
}

function refusal(op: string, type: string): string {
  const [name = op] = op.split('.');
  if (name === 'mean') {
    return (
      'mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. ' +
      `Got: ${type}`
    );
  }
  if (name === 'var' || name === 'std') {
    return 'std and var only support floating point and complex dtypes';
  }
  if (name === 'norm') {
    return `norm(): input dtype should be either floating point or complex. Got ${type} instead.`;
  }
  return notImplemented(kernels[op] ?? `${name}_cpu`, type);
}

function notImplemented(kernel: string, type: string): string {
  return `"${kernel}" not implemented for '${type}'`;
}

/** @see PyTorch, `aten/src/ATen/native/BinaryOps.h`, `sub_check`. */
function refuseMasks(inputs: readonly Tensor[]): void {
  torchCheck(
    !inputs.every(isMask),
    'Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` ' +
      'operator instead.',
  );
  torchCheck(
    !inputs.some(isMask),
    'Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to invert a mask, ' +
      'use the `~` or `logical_not()` operator instead.',
  );
}

/** The type that holds all; tensors without dimensions count only where they are of another kind. */
function commonType(tensors: readonly Tensor[]): DType {
  const shaped = highest(tensors.filter(({ shape }) => shape.length > 0));
  const scalars = highest(tensors.filter(({ shape }) => shape.length === 0));
  if (shaped === undefined || scalars === undefined) return shaped ?? scalars ?? 'float32';
  if (isFloating({ dtype: shaped })) return shaped;
  const isOther = shaped === 'bool' || isFloating({ dtype: scalars });
  return isOther && ranks.indexOf(scalars) > ranks.indexOf(shaped) ? scalars : shaped;
}

function highest(tensors: readonly Tensor[]): DType | undefined {
  return ranks.findLast((rank) => tensors.some(({ dtype }) => dtype === rank));
}

function isMask({ dtype }: Tensor): boolean {
  return dtype === 'bool';
}
