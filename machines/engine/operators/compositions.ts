import { broadcastShape } from '../broadcast.ts';
import type { Apply, Parts } from '../compose.ts';
import { composed } from '../compose.ts';
import type { Shape, Tensor } from '../graph.ts';
import type { Attributes, Operator } from '../operator.ts';
import { flagIn, inputAt, listIn, numberIn, numbersIn } from '../operator.ts';
import { elementsIn, formatShape, isSameShape, tensor } from '../tensor.ts';
import { TorchError, torchCheck } from '../torch-error.ts';
import { wrapDim } from './dims.ts';
import { reduced } from './losses.ts';

/**
 * What is written in terms of other operators here. PyTorch has a node of its own for some of them, so its
 * graph is smaller there; values and gradients are the same.
 */
export const compositions = {
  softsign: composed(1, ({ apply }, [x = 0]) => [
    apply('div', [x, apply('add', [apply('abs', [x]), 1])]),
  ]),
  tanhshrink: composed(1, ({ apply }, [x = 0]) => [apply('sub', [x, apply('tanh', [x])])]),
  softmin: composed(1, ({ apply }, [x = 0], attributes) => [
    apply('softmax', [apply('neg', [x])], attributes),
  ]),
  /** One half of the input, as far as the other lets it through. */
  glu: composed(1, ({ apply, applyAll }, inputs, attributes) => {
    const dim = halvedDim(inputAt(inputs, 0).shape, numberIn(attributes, 'dim', -1));
    const [first = 0, second = 0] = applyAll('chunk', inputs, { chunks: 2, dim });
    return [apply('mul', [first, apply('sigmoid', [second])])];
  }),
  'gelu.tanh': composed(1, ({ apply }, [x = 0]) => {
    const cube = apply('mul', [apply('pow.scalar', [x], { exponent: 3 }), 0.044715]);
    const inner = apply('mul', [apply('add', [x, cube]), Math.sqrt(2 / Math.PI)]);
    return [apply('mul', [apply('mul', [x, 0.5]), apply('add', [apply('tanh', [inner]), 1])])];
  }),
  /** From the first to the second, `weight` of the way. */
  lerp: composed(3, ({ apply }, [from = 0, to = 0, weight = 0]) => [
    apply('add', [from, apply('mul', [weight, apply('sub', [to, from])])]),
  ]),
  addcmul: composed(3, ({ apply }, [self = 0, first = 0, second = 0], attributes) => [
    apply('add', [self, apply('mul', [first, second])], { alpha: valueIn(attributes) }),
  ]),
  addcdiv: composed(3, ({ apply }, [self = 0, first = 0, second = 0], attributes) => [
    apply('add', [self, apply('div', [first, second])], { alpha: valueIn(attributes) }),
  ]),
  addmv: composed(3, (parts, inputs, attributes) => [added('mv', parts, { attributes, inputs })]),
  baddbmm: composed(3, (parts, inputs, attributes) => [
    added('bmm', parts, { attributes, inputs }),
  ]),
  /** The products of the elements so far along `dim`. */
  cumprod: composed(1, ({ apply }, inputs, attributes) => {
    const x = inputAt(inputs, 0);
    const dim = wrapDim(numberIn(attributes, 'dim', -1), x.shape.length);
    const size = x.shape[dim] ?? 0;
    if (x.shape.length === 0 || x.data.length === 0) return [apply('clone', [x])];
    const products = Array.from({ length: size }, (_, index) =>
      apply('prod.dim', [apply('slice', [x], { dim, end: index + 1 })], { dim }),
    );
    return [apply('stack', products, { dim })];
  }),
  /** Below and on the diagonal number `diagonal`; zeros elsewhere. */
  tril: composed(1, ({ apply }, inputs, attributes) => [
    masked(
      { apply },
      inputAt(inputs, 0),
      (row, column) => column - row > numberIn(attributes, 'diagonal', 0),
    ),
  ]),
  triu: composed(1, ({ apply }, inputs, attributes) => [
    masked(
      { apply },
      inputAt(inputs, 0),
      (row, column) => column - row < numberIn(attributes, 'diagonal', 0),
    ),
  ]),
  trace: composed(1, ({ apply }, inputs) => {
    const { shape } = inputAt(inputs, 0);
    torchCheck(
      shape.length === 2,
      `trace: expected a matrix, but got tensor with dim ${shape.length}`,
    );
    return [apply('sum', [apply('diagonal', inputs)])];
  }),
  /** The diagonal of a matrix, or the matrix of a diagonal. */
  diag: composed(1, ({ apply }, inputs, attributes) => {
    const x = inputAt(inputs, 0);
    const offset = numberIn(attributes, 'diagonal', 0);
    const rank = x.shape.length;
    torchCheck(rank === 1 || rank === 2, 'matrix or a vector expected');
    if (rank === 2) return [apply('diagonal', [x], { offset })];
    const size = x.data.length + Math.abs(offset);
    const rows = apply('expand', [apply('unsqueeze', [around(apply, x, offset)], { dim: -1 })], {
      size: [size, size],
    });
    return [masked({ apply }, rows, (row, column) => column - row !== offset)];
  }),
  /** As often in each dimension as `repeats` says. */
  repeat: composed(1, ({ apply }, inputs, attributes) => {
    const x = inputAt(inputs, 0);
    const repeats = numbersIn(attributes, 'repeats');
    const fronts = repeats.length - x.shape.length;
    torchCheck(
      fronts >= 0,
      'Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor',
    );
    const sizes: Shape = [...Array.from({ length: fronts }, () => 1), ...x.shape];
    const apart = apply('reshape', [x], { shape: sizes.flatMap((size) => [1, size]) });
    const size = sizes.flatMap((each, dim) => [repeats[dim] ?? 1, each]);
    const shape = sizes.map((each, dim) => each * (repeats[dim] ?? 1));
    return [apply('reshape', [apply('expand', [apart], { size })], { shape })];
  }),
  /** The elements moved on by `shifts` along `dims`; those that leave come in at the other end. */
  roll: composed(1, ({ apply }, inputs, attributes) => {
    const x = inputAt(inputs, 0);
    const shifts = listIn(attributes, 'shifts') ?? [];
    const dims = listIn(attributes, 'dims');
    if (dims === undefined || dims.length === 0) {
      const flat = apply('flatten', [x]);
      const turned = rolled(apply, flat, { dim: 0, shift: shifts[0] ?? 0 });
      return [apply('reshape', [turned], { shape: x.shape })];
    }
    return [
      dims.reduce((sum, dim, index) => rolled(apply, sum, { dim, shift: shifts[index] ?? 0 }), x),
    ];
  }),
  /** Over the last dimensions: mean 0 and variance 1, then perhaps times a weight and plus a bias. */
  layer_norm: composed({ least: 1, most: 3 }, ({ apply }, [x, weight, bias], attributes) => {
    if (x === undefined) return [];
    const normalized = listIn(attributes, 'normalized_shape') ?? [];
    checkNormalized(normalized, [x, weight, bias]);
    const last = normalized.length;
    const dim = Array.from({ length: last }, (_, index) => index - last);
    const distance = apply('sub', [x, apply('mean', [x], { dim, keepdim: true })]);
    const variance = apply('mean', [apply('square', [distance])], { dim, keepdim: true });
    const eps = numberIn(attributes, 'eps', 1e-5);
    const normal = apply('mul', [distance, apply('rsqrt', [apply('add', [variance, eps])])]);
    const weighed = weight === undefined ? normal : apply('mul', [normal, weight]);
    return [bias === undefined ? weighed : apply('add', [weighed, bias])];
  }),
  /** Of length 1 along `dim`. */
  normalize: composed(1, ({ apply }, [x = 0], attributes) => {
    const dim = numberIn(attributes, 'dim', 1);
    const min = numberIn(attributes, 'eps', 1e-12);
    const length = apply('norm', [x], { dim, keepdim: true, p: numberIn(attributes, 'p', 2) });
    return [apply('div', [x, apply('clamp', [length], { min })])];
  }),
  cosine_similarity: composed(2, ({ apply }, inputs, attributes) => {
    const size = broadcastShape(inputAt(inputs, 0).shape, inputAt(inputs, 1).shape);
    const both = inputs.map((each) =>
      isSameShape(each.shape, size) ? each : apply('expand', [each], { size }),
    );
    const dim = numberIn(attributes, 'dim', 1);
    const eps = numberIn(attributes, 'eps', 1e-8);
    const min = eps * eps;
    const [first = 0, second = 0] = both.map((each) => {
      const square = apply('sum', [apply('square', [each])], { dim, keepdim: true });
      // Kept above the limit in numbers, not in gradients.
      const missing = apply('sub', [apply('clamp', [square], { min }), square]);
      const kept = apply('add', [square, apply('detach', [missing])]);
      return apply('div', [each, apply('sqrt', [kept])]);
    });
    return [apply('sum', [apply('mul', [first, second])], { dim })];
  }),
  /** How far the chances `target` are from those whose logarithms are given. */
  kl_div: composed(2, ({ apply }, [input = 0, target], attributes) => {
    if (target === undefined) return [];
    const each = flagIn(attributes, 'log_target')
      ? apply('mul', [apply('exp', [target]), apply('sub', [target, input])])
      : apply('sub', [apply('xlogy', [target, target]), apply('mul', [target, input])]);
    if (attributes['reduction'] !== 'batchmean') return [reduced(apply, attributes, each)];
    return [apply('div', [apply('sum', [each]), each.shape[0] ?? 1])];
  }),
} satisfies Readonly<Record<string, Operator>>;

/** @see PyTorch, `aten/src/ATen/native/GatedLinearUnit.cpp`. */
function halvedDim(shape: Shape, given: number): number {
  torchCheck(shape.length > 0, 'glu does not support scalars because halving size must be even');
  const dim = wrapDim(given, shape.length);
  const size = shape[dim] ?? 0;
  torchCheck(
    size % 2 === 0,
    `Halving dimension must be even, but dimension ${dim} is size ${size}`,
  );
  return dim;
}

/** @see PyTorch, `aten/src/ATen/native/layer_norm.h`, `_check_layer_norm_inputs`. */
function checkNormalized(
  normalized: Shape,
  [x, weight, bias]: readonly [Tensor, Tensor | undefined, Tensor | undefined],
): void {
  const text = formatShape(normalized);
  torchCheck(
    normalized.length > 0,
    'Expected normalized_shape to be at least 1-dimensional, i.e., containing at least one element, but ' +
      `got normalized_shape = ${text}`,
  );
  for (const [name, each] of Object.entries({ weight, bias })) {
    torchCheck(
      each === undefined || isSameShape(each.shape, normalized),
      `Expected ${name} to be of same shape as normalized_shape, but got ${name} of shape ` +
        `${formatShape(each?.shape ?? [])} and normalized_shape = ${text}`,
    );
  }
  const wanted = normalized.map((size) => `, ${size}`).join('');
  torchCheck(
    isSameShape(x.shape.slice(-normalized.length), normalized),
    `Given normalized_shape=${text}, expected input with shape [*${wanted}], but got input of ` +
      `size${formatShape(x.shape)}`,
  );
}

function valueIn(attributes: Attributes): number {
  return numberIn(attributes, 'value', 1);
}

interface Added {
  readonly attributes: Attributes;
  readonly inputs: readonly Tensor[];
}

/** A product, `alpha` times, and the first tensor added to it, `beta` times. */
function added(op: string, { apply }: Parts, { attributes, inputs }: Added): Tensor {
  const [self = 0, ...factors] = inputs;
  const alpha = numberIn(attributes, 'alpha', 1);
  const beta = numberIn(attributes, 'beta', 1);
  const product = apply(op, factors);
  if (beta === 0) return alpha === 1 ? product : apply('mul', [product, alpha]);
  const first = beta === 1 ? self : apply('mul', [self, beta]);
  return apply('add', [first, product], { alpha });
}

/** Zeros where `isOut` says so of row and column of the last two dimensions. */
function masked(
  { apply }: Pick<Parts, 'apply'>,
  x: Tensor,
  isOut: (row: number, column: number) => boolean,
): Tensor {
  if (x.shape.length === 0) {
    throw new TorchError('IndexError', 'Dimension specified as -2 but tensor has no dimensions');
  }
  wrapDim(-2, x.shape.length);
  const [rows = 1, columns = 1] = x.shape.slice(-2);
  const data = Array.from({ length: rows * columns }, (_, place) =>
    Number(isOut(Math.floor(place / columns), place % columns)),
  );
  return apply('masked_fill', [x, tensor(data, { shape: [rows, columns] })], { value: 0 });
}

/** The vector with as many zeros before it, or after it, as its diagonal is away from the main one. */
function around(apply: Apply, x: Tensor, offset: number): Tensor {
  const zeros = tensor(Array.from<number>({ length: Math.abs(offset) }).fill(0));
  if (offset === 0) return x;
  return apply('cat', offset > 0 ? [x, zeros] : [zeros, x]);
}

function rolled(
  apply: Apply,
  x: Tensor,
  { dim, shift }: { readonly dim: number; readonly shift: number },
): Tensor {
  const at = wrapDim(dim, x.shape.length);
  const size = x.shape[at] ?? 0;
  if (size === 0 || elementsIn(x.shape) === 0) return x;
  const start = (((size - shift) % size) + size) % size;
  const [head, tail] = [
    apply('slice', [x], { dim: at, start }),
    apply('slice', [x], { dim: at, end: start }),
  ];
  return apply('cat', [head, tail], { dim: at });
}
