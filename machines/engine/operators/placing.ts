/**
 * Operators each element of whose result is an element of an input, written in terms of those that take elements.
 *
 * @see PyTorch, `aten/src/ATen/native/TensorShape.cpp`; `TensorAdvancedIndexing.cpp`.
 */
import type { Apply } from '../compose.ts';
import { composed } from '../compose.ts';
import type { Shape, Tensor } from '../graph.ts';
import type { Operator } from '../operator.ts';
import { inputAt, listIn, numberIn, numbersIn } from '../operator.ts';
import { elementsIn, filled, int64, metadataOf } from '../tensor.ts';
import { TorchError, torchCheck } from '../torch-error.ts';
import { stridesOf, wrapDim } from './dims.ts';

export const placing = {
  tile: composed(1, ({ apply }, inputs, attributes) => {
    const { shape } = inputAt(inputs, 0);
    const dims = numbersIn(attributes, 'dims');
    const ones = Array.from<number>({ length: Math.max(0, shape.length - dims.length) }).fill(1);
    return [apply('repeat', inputs, { repeats: [...ones, ...dims] })];
  }),
  /** Side by side: along the second dimension, or the only one. */
  hstack: composed('many', ({ apply }, inputs) => {
    const all = inputs.map((each) => atLeast(apply, each, 1));
    return [apply('cat', all, { dim: inputAt(all, 0).shape.length === 1 ? 0 : 1 })];
  }),
  vstack: composed('many', ({ apply }, inputs) => [
    apply(
      'cat',
      inputs.map((each) => atLeast(apply, each, 2)),
      { dim: 0 },
    ),
  ]),
  dstack: composed('many', ({ apply }, inputs) => [
    apply(
      'cat',
      inputs.map((each) => atLeast(apply, each, 3)),
      { dim: 2 },
    ),
  ]),
  /** Vectors as columns beside one another. */
  column_stack: composed('many', ({ apply }, inputs) => [
    apply(
      'cat',
      inputs.map((each) =>
        each.shape.length > 1 ? each : apply('reshape', [each], { shape: [each.data.length, 1] }),
      ),
      { dim: 1 },
    ),
  ]),
  atleast_1d: composed(1, ({ apply }, inputs) => [atLeast(apply, inputAt(inputs, 0), 1)]),
  atleast_2d: composed(1, ({ apply }, inputs) => [atLeast(apply, inputAt(inputs, 0), 2)]),
  atleast_3d: composed(1, ({ apply }, inputs) => [atLeast(apply, inputAt(inputs, 0), 3)]),
  /** `k` quarter turns from the first of `dims` to the second. */
  rot90: composed(1, ({ apply }, inputs, attributes) => {
    const [x, dims] = [inputAt(inputs, 0), listIn(attributes, 'dims') ?? [0, 1]];
    torchCheck(
      dims.length === 2,
      `expected total rotation dims == 2, but got dims = ${dims.length}`,
    );
    torchCheck(
      x.shape.length >= 2,
      `expected total dims >= 2, but got total dims = ${x.shape.length}`,
    );
    const [from = 0, to = 1] = dims.map((dim) => wrapDim(dim, x.shape.length));
    const turns = ((numberIn(attributes, 'k', 1) % 4) + 4) % 4;
    const swapped = { dim0: from, dim1: to };
    if (turns === 1) {
      return [apply('transpose', [apply('flip', [x], { dims: [to] })], swapped)];
    }
    if (turns === 2) return [apply('flip', [x], { dims: [from, to] })];
    if (turns === 3) return [apply('transpose', [apply('flip', [x], { dims: [from] })], swapped)];
    return [apply('clone', [x])];
  }),
  /** The last dimension as diagonal number `offset` of the dimensions `dim1` and `dim2`; zeros elsewhere. */
  diag_embed: composed(1, ({ apply }, inputs, attributes) => {
    const x = inputAt(inputs, 0);
    const offset = numberIn(attributes, 'offset', 0);
    const size = (x.shape.at(-1) ?? 1) + Math.abs(offset);
    const rank = x.shape.length + 1;
    const [dim1 = 0, dim2 = 1] = [
      numberIn(attributes, 'dim1', -2),
      numberIn(attributes, 'dim2', -1),
    ].map((dim) => wrapDim(dim, rank));
    torchCheck(
      dim1 !== dim2,
      `diagonal dimensions cannot be identical ${numberIn(attributes, 'dim1', -2)}, ${numberIn(attributes, 'dim2', -1)}`,
    );
    const shape = [...x.shape.slice(0, -1), size, size];
    const rows = x.shape.at(-1) ?? 1;
    const laid = withZeros(apply, x, {
      places: Array.from({ length: elementsIn(shape) }, (_, place) => {
        const [row, column] = [Math.floor(place / size) % size, place % size];
        const at = offset >= 0 ? row : column;
        const isOn = column - row === offset && at < rows;
        return isOn ? Math.floor(place / (size * size)) * rows + at : undefined;
      }),
      shape,
    });
    const order = Array.from({ length: rank - 2 }, (_, dim) => dim);
    const dims = [dim1, dim2]
      .map((dim, nr) => [dim, rank - 2 + nr] as const)
      .toSorted(([a], [b]) => a - b)
      .reduce<readonly number[]>((sum, [dim, source]) => sum.toSpliced(dim, 0, source), order);
    return [apply('permute', [laid], { dims })];
  }),
  /** Each element, or each slice along `dim`, `repeats` times. */
  repeat_interleave: composed(1, ({ apply }, inputs, attributes) => {
    const flat = 'dim' in attributes ? inputAt(inputs, 0) : apply('flatten', inputs);
    const dim = wrapDim(numberIn(attributes, 'dim', 0), flat.shape.length);
    const repeats = numberIn(attributes, 'repeats', 1);
    torchCheck(repeats >= 0, 'Repeats must be non-negative');
    const size = flat.shape[dim] ?? 1;
    const index = Array.from({ length: size * repeats }, (_, at) => Math.floor(at / repeats));
    return [apply('index_select', [flat, int64([index.length], index)], { dim })];
  }),
  /** With `value` around: `pad` says how much before and after, from the last dimension on. */
  pad: composed(1, ({ apply }, inputs, attributes) => {
    const pad = numbersIn(attributes, 'pad');
    const value = numberIn(attributes, 'value', 0);
    const { length: rank } = inputAt(inputs, 0).shape;
    torchCheck(pad.length % 2 === 0, 'Padding length must be divisible by 2');
    torchCheck(pad.length <= 2 * rank, 'Padding length too large');
    let padded = inputAt(inputs, 0);
    for (let pair = 0; pair * 2 < pad.length; pair += 1) {
      const dim = rank - 1 - pair;
      padded = paddedAlong(apply, padded, {
        after: pad[pair * 2 + 1] ?? 0,
        before: pad[pair * 2] ?? 0,
        dim,
        value,
      });
    }
    return [padded === inputs[0] ? apply('clone', [padded]) : padded];
  }),
  /** The elements at places of the tensor as one row. */
  take: composed(2, ({ apply }, [x, index]) => {
    if (x === undefined || index === undefined) return [];
    const count = x.data.length;
    for (const at of index.data) {
      if (at >= -count && at < count) continue;
      throw new TorchError(
        'IndexError',
        `out of range: tried to access index ${at} on a tensor of ${count} elements.`,
      );
    }
    const places = index.data.map((at) => (at < 0 ? at + count : at));
    const row = apply('index_select', [apply('flatten', [x]), int64([places.length], places)], {
      dim: 0,
    });
    return [apply('view', [row], { shape: index.shape })];
  }),
  /** Those where the mask holds, in one row. */
  masked_select: composed(2, ({ apply }, [x, mask]) => {
    if (x === undefined || mask === undefined) return [];
    const shape = apply('mul', [apply('where', [mask, 1, 0]), filled(metadataOf(x), 1)]).shape;
    const [all, holds] = [x, mask].map((each) => apply('expand', [each], { size: shape }));
    const places = (holds?.data ?? []).flatMap((each, place) => (each === 0 ? [] : [place]));
    const row = apply('flatten', [all ?? x]);
    return [apply('index_select', [row, int64([places.length], places)], { dim: 0 })];
  }),
  /** `source` added slice by slice along `dim` where `index` says, `alpha` times. */
  index_add: composed(3, ({ apply }, [self, index, source], attributes) => {
    if (self === undefined || index === undefined || source === undefined) return [];
    const dim = wrapDim(numberIn(attributes, 'dim', 0), self.shape.length);
    const added = apply('index_select_backward', [source, index], { dim, inputShape: self.shape });
    return [apply('add', [self, added], { alpha: numberIn(attributes, 'alpha', 1) })];
  }),
  /** The elements of `src` added where `index` says along `dim`. */
  scatter_add: composed(3, ({ apply }, [self, index, src], attributes) => {
    if (self === undefined || index === undefined || src === undefined) return [];
    const dim = wrapDim(numberIn(attributes, 'dim', 0), self.shape.length);
    const used = cutTo(apply, src, index.shape);
    return [
      apply('add', [
        self,
        apply('gather_backward', [used, index], { dim, inputShape: self.shape }),
      ]),
    ];
  }),
  /** The elements of `src`, or one number, in place of those where `index` says along `dim`. */
  scatter: composed(3, ({ apply }, [self, index, src], attributes) => {
    if (self === undefined || index === undefined || src === undefined) return [];
    const dim = wrapDim(numberIn(attributes, 'dim', 0), self.shape.length);
    const laid =
      src.shape.length === 0
        ? apply('expand', [src], { size: index.shape })
        : cutTo(apply, src, index.shape);
    const flat = [self, laid].map((each) => apply('flatten', [each]));
    const places = Array.from({ length: self.data.length }, (_, place) => place);
    const [to, from] = [stridesOf(self.shape), stridesOf(index.shape)];
    for (const [nr, at] of index.data.entries()) {
      const size = self.shape[dim] ?? 1;
      torchCheck(
        at >= 0 && at < size,
        `index ${at} is out of bounds for dimension ${dim} with size ${size}`,
      );
      const place = to.reduce((sum, stride, each) => {
        const here = Math.floor(nr / (from[each] ?? 1)) % (index.shape[each] ?? 1);
        return sum + stride * (each === dim ? at : here);
      }, 0);
      places[place] = self.data.length + nr;
    }
    const row = apply('index_select', [apply('cat', flat), int64([places.length], places)], {
      dim: 0,
    });
    return [apply('view', [row], { shape: self.shape })];
  }),
} satisfies Readonly<Record<string, Operator>>;

/** With dimensions of size 1 until it has `rank`: before for the first two, behind for the third. */
function atLeast(apply: Apply, x: Tensor, rank: number): Tensor {
  const { shape } = x;
  if (shape.length >= rank) return x;
  const rows: Shape = [...Array.from<number>({ length: Math.min(rank, 2) }).fill(1), ...shape];
  const first = rows.slice(-Math.max(shape.length, Math.min(rank, 2)));
  return apply('reshape', [x], { shape: rank === 3 ? [...first, 1] : first });
}

interface Placed {
  /** For each element the place where it comes from; nothing where it is zero. */
  readonly places: readonly (number | undefined)[];
  readonly shape: Shape;
}

/** A tensor of elements of `x`, and zeros between them. */
function withZeros(apply: Apply, x: Tensor, { places, shape }: Placed): Tensor {
  const zero = filled({ ...metadataOf(x), shape: [1] }, 0);
  const row = apply('cat', [apply('flatten', [x]), zero]);
  const index = places.map((place) => place ?? x.data.length);
  const taken = apply('index_select', [row, int64([index.length], index)], { dim: 0 });
  return apply('view', [taken], { shape });
}

interface Padding {
  readonly after: number;
  readonly before: number;
  readonly dim: number;
  readonly value: number;
}

/** A negative padding cuts off. */
function paddedAlong(apply: Apply, x: Tensor, { after, before, dim, value }: Padding): Tensor {
  const size = x.shape[dim] ?? 0;
  const cut = apply('slice', [x], {
    dim,
    end: size + Math.min(after, 0),
    start: Math.max(-before, 0),
  });
  const edges = [before, after].map((width) =>
    width <= 0 ? [] : [filled({ ...metadataOf(x), shape: x.shape.with(dim, width) }, value)],
  );
  const parts = [...(edges[0] ?? []), cut, ...(edges[1] ?? [])];
  return parts.length === 1 ? cut : apply('cat', parts, { dim });
}

/** As much of `src` as `shape` has. */
function cutTo(apply: Apply, src: Tensor, shape: Shape): Tensor {
  return shape.reduce(
    (cut, size, dim) =>
      cut.shape[dim] === size ? cut : apply('slice', [cut], { dim, end: size, start: 0 }),
    src,
  );
}
