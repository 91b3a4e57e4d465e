/**
 * Products and functions of two tensors or three that are written in terms of others.
 *
 * @see PyTorch, `aten/src/ATen/native/LinearAlgebra.cpp`; `Cross.cpp`; `Distance.cpp`.
 */
import { broadcastShape } from '../broadcast.ts';
import type { Apply, Parts } from '../compose.ts';
import { composed } from '../compose.ts';
import type { Shape, Tensor } from '../graph.ts';
import type { Attributes, Operator } from '../operator.ts';
import { inputAt, listIn, numberIn } from '../operator.ts';
import { elementsIn, formatShape } from '../tensor.ts';
import { TorchError, torchCheck } from '../torch-error.ts';
import { wrapDim } from './dims.ts';

export const combining = {
  /** Along `dim`, the first of size 3 unless told. */
  cross: composed(2, ({ apply }, [x, y], attributes) => {
    if (x === undefined || y === undefined) return [];
    torchCheck(
      x.shape.length === y.shape.length,
      'linalg.cross: inputs must have the same number of dimensions.',
    );
    const shape = broadcastShape(x.shape, y.shape);
    const dim =
      'dim' in attributes
        ? wrapDim(numberIn(attributes, 'dim', -1), shape.length)
        : shape.indexOf(3);
    torchCheck(dim !== -1, 'no dimension of size 3 in input');
    torchCheck(
      shape[dim] === 3,
      `linalg.cross: inputs dimension ${dim} must have length 3. Got ${x.shape[dim]} and ${y.shape[dim]}`,
    );
    const [first, second] = [x, y].map((each) => apply('expand', [each], { size: shape }));
    const turned = (each: Tensor | undefined, shifts: number) =>
      apply('roll', [each ?? x], { dims: dim, shifts });
    return [
      apply('sub', [
        apply('mul', [turned(first, -1), turned(second, -2)]),
        apply('mul', [turned(first, -2), turned(second, -1)]),
      ]),
    ];
  }),
  /** Each element of the first times the whole second. */
  kron: composed(2, ({ apply }, [x, y]) => {
    if (x === undefined || y === undefined) return [];
    const rank = Math.max(x.shape.length, y.shape.length);
    const [first, second] = [x, y].map(({ shape }): Shape => [
      ...Array.from<number>({ length: rank - shape.length }).fill(1),
      ...shape,
    ]);
    const apart = apply('reshape', [x], { shape: (first ?? []).flatMap((size) => [size, 1]) });
    const other = apply('reshape', [y], { shape: (second ?? []).flatMap((size) => [1, size]) });
    const shape = (first ?? []).map((size, dim) => size * (second?.[dim] ?? 1));
    return [apply('reshape', [apply('mul', [apart, other])], { shape })];
  }),
  /** Over the last dimensions. */
  inner: composed(2, (parts, [x, y]) => {
    if (x === undefined || y === undefined) return [];
    if (x.shape.length === 0 || y.shape.length === 0) return [parts.apply('mul', [x, y])];
    torchCheck(
      x.shape.at(-1) === y.shape.at(-1),
      'inner() the last dimension must match on both input tensors but got shapes ' +
        `${formatShape(x.shape)} and ${formatShape(y.shape)}`,
    );
    return [contracted(parts, [x, y], [[x.shape.length - 1], [y.shape.length - 1]])];
  }),
  /** Over the last `dims` dimensions and the first, or over those that are named of each. */
  tensordot: composed(2, (parts, [x, y], attributes) => {
    if (x === undefined || y === undefined) return [];
    const count = numberIn(attributes, 'dims', 2);
    const all = Array.from({ length: count }, (_, index) => index);
    const first = listIn(attributes, 'dims_self') ?? all.map((index) => index - count);
    const second = listIn(attributes, 'dims_other') ?? all;
    torchCheck(first.length === second.length, 'both dimension lists should have same length');
    for (const [{ shape }, dims] of [
      [x, first],
      [y, second],
    ] as const) {
      if (shape.length > 0 || dims.length === 0) continue;
      throw new TorchError(
        'IndexError',
        `Dimension specified as ${dims[0]} but tensor has no dimensions`,
      );
    }
    const [own, others] = [
      first.map((dim) => wrapDim(dim, x.shape.length)),
      second.map((dim) => wrapDim(dim, y.shape.length)),
    ];
    let [left, right] = [x, y];
    for (const [index, dim] of own.entries()) {
      const place = others[index] ?? 0;
      const [size, other] = [x.shape[dim], y.shape[place]];
      torchCheck(
        size === other || size === 1 || other === 1,
        `contracted dimensions need to match, but first has size ${size} in dim ${first[index]} and second ` +
          `has size ${other} in dim ${second[index]}`,
      );
      // What would be stretched is multiplied by the sum of the other.
      if (size === 1) right = parts.apply('sum.dim', [right], { dim: place, keepdim: true });
      if (other === 1) left = parts.apply('sum.dim', [left], { dim, keepdim: true });
    }
    return [contracted(parts, [left, right], [own, others])];
  }),
  /** The outer product of two vectors, `alpha` times, and the first added to it, `beta` times. */
  addr: composed(3, ({ apply }, [self, first, second], attributes) =>
    self === undefined || first === undefined || second === undefined
      ? []
      : [weighed(apply, self, { attributes, product: apply('outer', [first, second]) })],
  ),
  addbmm: composed(3, ({ apply }, [self, first, second], attributes) =>
    self === undefined || first === undefined || second === undefined
      ? []
      : [
          weighed(apply, self, {
            attributes,
            product: apply('sum.dim', [apply('bmm', [first, second])], { dim: 0 }),
          }),
        ],
  ),
  chain_matmul: composed('many', ({ apply }, inputs) => {
    const odd = inputs.find(({ shape }) => shape.length !== 2);
    torchCheck(odd === undefined, `Tensor dimension is ${odd?.shape.length}, expected 2 instead.`);
    return [inputs.reduce((product, each, nr) => chained(apply, [product, each], nr))];
  }),
  /** The same, but the first and the last may be vectors. */
  multi_dot: composed('many', ({ apply }, inputs) => {
    torchCheck(
      inputs.length > 1,
      `multi_dot(): expected at least 2 tensors but got ${inputs.length}`,
    );
    return [inputs.reduce((product, each, nr) => chained(apply, [product, each], nr))];
  }),
  matrix_power: composed(1, ({ apply }, inputs, attributes) => {
    const n = numberIn(attributes, 'n', 1);
    const { shape } = inputAt(inputs, 0);
    torchCheck(
      shape.length >= 2,
      'linalg.matrix_power: The input tensor A must have at least 2 dimensions.',
    );
    const [rows, columns] = shape.slice(-2);
    torchCheck(
      rows === columns,
      'linalg.matrix_power: A must be batches of square matrices, but they are ' +
        `${rows} by ${columns} matrices`,
    );
    torchCheck(n >= 1, `matrix_power of ${n} is not supported here. Give an n of at least 1.`);
    const x = inputAt(inputs, 0);
    let power = x;
    for (let k = 1; k < n; k += 1) power = apply('matmul', [power, x]);
    return [n === 1 ? apply('clone', [x]) : power];
  }),
  /** `x1` times each matrix of `weight` times `x2`, and perhaps `bias` added. */
  bilinear: composed({ least: 3, most: 4 }, ({ apply }, [x1, x2, weight, bias]) => {
    if (x1 === undefined || x2 === undefined || weight === undefined) return [];
    const rows = apply('einsum', [x1, weight, x2], { equation: '...n,anm,...m->...a' });
    return [bias === undefined ? rows : apply('add', [rows, bias])];
  }),
  /** The `p`-norm of the difference. */
  dist: composed(2, ({ apply }, inputs, attributes) => [
    apply('norm', [apply('sub', inputs)], { p: numberIn(attributes, 'p', 2) }),
  ]),
  pairwise_distance: composed(2, ({ apply }, inputs, attributes) => [
    apply('norm', [apply('add', [apply('sub', inputs), numberIn(attributes, 'eps', 1e-6)])], {
      dim: -1,
      keepdim: attributes['keepdim'] === true,
      p: numberIn(attributes, 'p', 2),
    }),
  ]),
  /** The distance of each row of the first from each of the second. */
  cdist: composed(2, ({ apply }, [x1, x2], attributes) => {
    if (x1 === undefined || x2 === undefined) return [];
    for (const [name, { shape }] of Object.entries({ X1: x1, X2: x2 })) {
      torchCheck(
        shape.length >= 2,
        `cdist only supports at least 2D tensors, ${name} got: ${shape.length}D`,
      );
    }
    const [columns, others] = [x1.shape.at(-1), x2.shape.at(-1)];
    torchCheck(
      columns === others,
      `X1 and X2 must have the same number of columns. X1: ${columns} X2: ${others}`,
    );
    const difference = apply('sub', [
      apply('unsqueeze', [x1], { dim: -2 }),
      apply('unsqueeze', [x2], { dim: -3 }),
    ]);
    return [apply('norm', [difference], { dim: -1, p: numberIn(attributes, 'p', 2) })];
  }),
  /** The first times 2 to the power of the second. */
  ldexp: composed(2, ({ apply }, [x = 0, y = 0]) => [
    apply('mul', [x, apply('pow.base', [y], { base: 2 })]),
  ]),
  logaddexp2: composed(2, ({ apply }, inputs) => {
    const [first = 0, second = 0] = inputs.map((each) => apply('mul', [each, Math.LN2]));
    return [apply('mul', [apply('logaddexp', [first, second]), 1 / Math.LN2])];
  }),
  float_power: composed(2, ({ apply }, inputs) => {
    const [base = 0, exponent = 0] = inputs.map((each) =>
      each.dtype === 'float64' ? each : apply('to.dtype', [each], { dtype: 'float64' }),
    );
    return [apply('pow.tensor', [base, exponent])];
  }),
  /** A slope for what is below zero: one, or one for each channel. */
  prelu: composed(2, ({ apply }, [x, weight]) => {
    if (x === undefined || weight === undefined) return [];
    torchCheck(
      weight.shape.length <= 1 || weight.data.length > 1,
      `prelu: Expected \`weight\` to be a scalar or 1D tensor, but got ndim = ${weight.shape.length}`,
    );
    const count = weight.data.length;
    const channels = x.shape.length > 1 ? (x.shape[1] ?? 1) : 1;
    torchCheck(
      count === 1 || count === channels,
      `Mismatch of parameter numbers and input channel size. Found parameter numbers = ${count} and ` +
        `channel size = ${channels}.`,
    );
    const shape = x.shape.map((_, dim) => (dim === 1 ? count : 1));
    const slope = apply('reshape', [weight], { shape: count === 1 ? [] : shape });
    const isAbove = apply('gt', [x, 0]);
    const below = apply('mul', [slope, apply('masked_fill', [x, isAbove], { value: 0 })]);
    return [apply('where', [isAbove, x, below])];
  }),
  /** In the shape of the second. */
  expand_as: composed(2, ({ apply }, [x, { shape } = { shape: [] }]) =>
    x === undefined ? [] : [apply('expand', [x], { size: shape })],
  ),
  view_as: composed(2, ({ apply }, [x, { shape } = { shape: [] }]) =>
    x === undefined ? [] : [apply('view', [x], { shape })],
  ),
  reshape_as: composed(2, ({ apply }, [x, { shape } = { shape: [] }]) =>
    x === undefined ? [] : [apply('reshape', [x], { shape })],
  ),
} satisfies Readonly<Record<string, Operator>>;

interface Weighed {
  readonly attributes: Attributes;
  readonly product: Tensor;
}

function weighed(apply: Apply, self: Tensor, { attributes, product }: Weighed): Tensor {
  const beta = numberIn(attributes, 'beta', 1);
  const first = beta === 1 ? self : apply('mul', [self, beta]);
  return apply('add', [first, product], { alpha: numberIn(attributes, 'alpha', 1) });
}

/** The products summed over dimensions of both, those of the first named before those of the second. */
function contracted(
  { apply }: Parts,
  [x, y]: readonly [Tensor, Tensor],
  [own, others]: readonly [readonly number[], readonly number[]],
): Tensor {
  const [rows, columns] = [restOf(x, own), restOf(y, others)];
  const inner = elementsIn(own.map((dim) => x.shape[dim] ?? 1));
  const [left, right] = [
    apply('reshape', [apply('permute', [x], { dims: [...rows, ...own] })], {
      shape: [elementsIn(rows.map((dim) => x.shape[dim] ?? 1)), inner],
    }),
    apply('reshape', [apply('permute', [y], { dims: [...others, ...columns] })], {
      shape: [inner, elementsIn(columns.map((dim) => y.shape[dim] ?? 1))],
    }),
  ];
  const shape = [
    ...rows.map((dim) => x.shape[dim] ?? 1),
    ...columns.map((dim) => y.shape[dim] ?? 1),
  ];
  return apply('reshape', [apply('mm', [left, right])], { shape });
}

/** The product of those so far and tensor number `nr`. */
function chained(apply: Apply, [product, each]: readonly [Tensor, Tensor], nr: number): Tensor {
  torchCheck(
    product.shape.at(-1) === each.shape[0],
    `multi_dot(): tensors ${nr - 1} and ${nr} with shapes ${formatShape(product.shape)} and ` +
      `${formatShape(each.shape)} cannot be multiplied`,
  );
  return apply('matmul', [product, each]);
}

function restOf({ shape }: Tensor, dims: readonly number[]): readonly number[] {
  return [...shape.keys()].filter((dim) => !dims.includes(dim));
}
