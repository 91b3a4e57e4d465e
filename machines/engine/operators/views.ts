import { isExpandableTo } from '../broadcast.ts';
import { composed, overloaded } from '../compose.ts';
import type { Saved, Shape, Strided, Tensor } from '../graph.ts';
import type { Attributes, Operator } from '../operator.ts';
import { inputAt, numberIn, numbersIn } from '../operator.ts';
import { elementsIn, formatShape } from '../tensor.ts';
import { TorchError, torchCheck } from '../torch-error.ts';
import { wrapDim } from './dims.ts';
import { contiguous, overwritten, placesIn, strided, taken } from './strided.ts';

/**
 * The operators that only lay the elements out anew. A view is a copy here, always in row-major order:
 * so `view` never fails for the sake of strides, and `reshape` is `view`.
 *
 * @see PyTorch, `aten/src/ATen/native/TensorShape.cpp`.
 */
export const views = {
  /** Swaps the dimensions `dim0` and `dim1`, the first two unless told. */
  transpose: strided('TransposeBackward0', (input, attributes) => {
    const rank = input.sizes.length;
    const dim0 = wrapDim(numberIn(attributes, 'dim0', 0), rank);
    const dim1 = wrapDim(numberIn(attributes, 'dim1', 1), rank);
    return ordered(
      input,
      input.sizes.map((_, dim) => (dim === dim0 ? dim1 : dim === dim1 ? dim0 : dim)),
    );
  }),
  /** The transpose of a matrix; a vector stays what it is. */
  t: strided('TBackward0', flipped),
  /** The dimensions in the order `dims`. */
  permute: strided('PermuteBackward0', (input, attributes) => {
    const dims = numbersIn(attributes, 'dims');
    const rank = input.sizes.length;
    torchCheck(
      dims.length === rank,
      'permute(sparse_coo): number of dimensions in the tensor input does not match the length of ' +
        `the desired ordering of dimensions i.e. input.dim() = ${rank} is not equal to len(dims) = ${dims.length}`,
    );
    const order = dims.map((dim) => wrapDim(dim, rank));
    torchCheck(new Set(order).size === rank, 'permute(): duplicate dims are not allowed.');
    return ordered(input, order);
  }),
  /** A new dimension of size 1 at `dim`. */
  unsqueeze: strided('UnsqueezeBackward0', ({ offset, sizes, strides }, attributes) => {
    const dim = wrapDim(numberIn(attributes, 'dim', 0), sizes.length + 1);
    return { offset, sizes: sizes.toSpliced(dim, 0, 1), strides: strides.toSpliced(dim, 0, 1) };
  }),
  /** Without the dimension `dim` if its size is 1; without any such dimension unless told. */
  squeeze: overloaded(1, ({ attributes }) => ('dim' in attributes ? 'squeeze.dim' : 'squeeze.all')),
  'squeeze.all': strided('SqueezeBackward0', (input) =>
    ordered(
      input,
      [...input.sizes.keys()].filter((dim) => input.sizes[dim] !== 1),
    ),
  ),
  'squeeze.dim': strided('SqueezeBackward1', (input, attributes) => {
    const dim = wrapDim(numberIn(attributes, 'dim', 0), input.sizes.length);
    const { sizes } = input;
    return ordered(
      input,
      [...sizes.keys()].filter((each) => each !== dim || sizes[each] !== 1),
    );
  }),
  /** The elements in another `shape`; one size may be -1. */
  view: { ...strided('ViewBackward0', reshaped), layout: viewed },
  /** The same where nobody else has the elements: its node has another name. */
  _unsafe_view: strided('UnsafeViewBackward0', reshaped),
  reshape: overloaded(1, () => 'view'),
  /** The dimensions from `start_dim` to `end_dim` as one. */
  flatten: composed(1, ({ apply }, inputs, attributes) => {
    const self = inputAt(inputs, 0);
    const { shape: sizes } = self;
    const start = wrapDim(numberIn(attributes, 'start_dim', 0), sizes.length);
    const end = wrapDim(numberIn(attributes, 'end_dim', -1), sizes.length);
    torchCheck(start <= end, 'flatten() has invalid args: start_dim cannot come after end_dim');
    if (sizes.length > 0 && start === end) return [self];
    const size = elementsIn(sizes.slice(start, end + 1));
    return [apply('view', [self], { shape: sizes.toSpliced(start, end - start + 1, size) })];
  }),
  /** The diagonal number `offset` of the dimensions `dim1` and `dim2`, as the last dimension. */
  diagonal: strided('DiagonalBackward0', ({ offset, sizes, strides }, attributes) => {
    const named = [numberIn(attributes, 'dim1', 0), numberIn(attributes, 'dim2', 1)];
    const [dim1 = 0, dim2 = 1] = named.map((dim) => wrapDim(dim, sizes.length));
    torchCheck(dim1 !== dim2, `diagonal dimensions cannot be identical ${named.join(', ')}`);
    const away = numberIn(attributes, 'offset', 0);
    const [rows = 1, columns = 1] = [sizes[dim1], sizes[dim2]];
    const [down = 0, right = 0] = [strides[dim1], strides[dim2]];
    const length = away >= 0 ? Math.min(rows, columns - away) : Math.min(rows + away, columns);
    const isKept = (_: number, dim: number) => dim !== dim1 && dim !== dim2;
    return {
      offset: offset + (length > 0 ? Math.max(away, 0) * right + Math.max(-away, 0) * down : 0),
      sizes: [...sizes.filter(isKept), Math.max(length, 0)],
      strides: [...strides.filter(isKept), down + right],
    };
  }),
  /** Stretched to `size`; -1 leaves a size as it is. */
  expand: strided('ExpandBackward0', (input, attributes) =>
    stretched(input, numbersIn(attributes, 'size')),
  ),
  /** At these places, counted over the whole tensor: how a view is read again once its base has changed. */
  as_strided: strided('AsStridedBackward0', (_, place) => placeIn(place)),
  /** The first with the elements of the second at these places. */
  as_strided_scatter: {
    type: 'primitive',
    arity: 2,
    derivatives: [
      {
        saves: ({ attributes }) => attributes,
        gradient: ({ grad, saved }) => {
          const place = placeIn(saved);
          const zeros = Array.from<number>({ length: elementsIn(place.sizes) }).fill(0);
          return overwritten(grad, placesIn(place), zeros);
        },
      },
      {
        saves: ({ attributes }) => attributes,
        gradient: ({ grad, saved }) => {
          const place = placeIn(saved);
          return taken(grad, place.sizes, placesIn(place));
        },
      },
    ],
    forward: ({ attributes, inputs }) => [
      overwritten(inputAt(inputs, 0), placesIn(placeIn(attributes)), inputAt(inputs, 1).data),
    ],
    node: 'AsStridedScatterBackward0',
  },
} satisfies Readonly<Record<string, Operator>>;

function placeIn(record: Attributes | Saved): Strided {
  return {
    offset: numberIn(record, 'offset', 0),
    sizes: numbersIn(record, 'sizes'),
    strides: numbersIn(record, 'strides'),
  };
}

/**
 * The matrix `self` turned over, or the vector as it is.
 *
 * @throws {TorchError} when it has more than two dimensions.
 */
export function turned(self: Tensor): Tensor {
  if (self.shape.length < 2) return self;
  const [rows = 0, columns = 0] = self.shape;
  const places = Array.from(
    { length: rows * columns },
    (_, index) => (index % rows) * columns + Math.floor(index / rows),
  );
  return taken(self, [columns, rows], places);
}

function flipped(input: Strided): Strided {
  const rank = input.sizes.length;
  torchCheck(rank <= 2, `t() expects a tensor with <= 2 dimensions, but self is ${rank}D`);
  return rank < 2 ? input : ordered(input, [1, 0]);
}

function ordered({ offset, sizes, strides }: Strided, order: readonly number[]): Strided {
  return {
    offset,
    sizes: order.map((dim) => sizes[dim] ?? 1),
    strides: order.map((dim) => strides[dim] ?? 1),
  };
}

function reshaped({ sizes }: Strided, attributes: Attributes | Saved): Strided {
  return contiguous(inferSize(numbersIn(attributes, 'shape'), elementsIn(sizes)));
}

/**
 * The same along what lies in any order; nothing if that takes a copy, as `reshape` then makes one.
 *
 * @see PyTorch, `aten/src/ATen/TensorUtils.cpp`, `computeStride_impl`.
 */
function viewed(input: Strided, attributes: Attributes | Saved): Strided | undefined {
  const { sizes } = reshaped(input, attributes);
  const plain = contiguous(sizes);
  if (elementsIn(sizes) === 0 || input.sizes.length === 0)
    return { ...plain, offset: input.offset };
  const strides: number[] = sizes.map(() => 0);
  let at = sizes.length - 1;
  let [between, covered, wanted] = [input.strides.at(-1) ?? 1, 1, 1];
  for (let dim = input.sizes.length - 1; dim >= 0; dim -= 1) {
    covered *= input.sizes[dim] ?? 1;
    const before = dim === 0 ? undefined : input.strides[dim - 1];
    if (before !== undefined && (input.sizes[dim - 1] === 1 || before === covered * between)) {
      continue;
    }
    // Dimensions that lie evenly are one stretch: it is cut anew.
    for (; at >= 0 && (wanted < covered || sizes[at] === 1); at -= 1) {
      strides[at] = wanted * between;
      wanted *= sizes[at] ?? 1;
    }
    if (wanted !== covered) return undefined;
    [between, covered, wanted] = [before ?? 1, 1, 1];
  }
  return at < 0 ? { offset: input.offset, sizes, strides } : undefined;
}

/** @see PyTorch, `aten/src/ATen/InferSize.h`, `infer_size_impl`. */
function inferSize(shape: Shape, elements: number): Shape {
  const open = shape.indexOf(-1);
  torchCheck(shape.lastIndexOf(-1) === open, 'only one dimension can be inferred');
  const wrong = shape.find((size) => size < -1);
  torchCheck(wrong === undefined, `invalid shape dimension ${wrong}`);
  const known = elementsIn(shape.filter((size) => size !== -1));
  const fits = open === -1 ? known === elements : known > 0 && elements % known === 0;
  torchCheck(
    fits || (open !== -1 && known === 0 && elements === 0),
    `shape '${formatShape(shape)}' is invalid for input of size ${elements}`,
  );
  torchCheck(
    open === -1 || known > 0,
    `cannot reshape tensor of 0 elements into shape ${formatShape(shape)} because the unspecified ` +
      'dimension size -1 can be any value and is ambiguous',
  );
  return open === -1 ? shape : shape.with(open, elements / known);
}

/** @see PyTorch, `aten/src/ATen/ExpandUtils.cpp`, `inferExpandGeometryImpl`. */
function stretched({ offset, sizes, strides }: Strided, wanted: Shape): Strided {
  const added = wanted.length - sizes.length;
  torchCheck(
    added >= 0,
    `expand(torch.FloatTensor{${formatShape(sizes)}}, size=${formatShape(wanted)}): the number of ` +
      `sizes provided (${wanted.length}) must be greater or equal to the number of dimensions in the ` +
      `tensor (${sizes.length})`,
  );
  const target = wanted.map((size, dim) => {
    if (size !== -1) return size;
    const kept = sizes[dim - added];
    torchCheck(
      kept !== undefined,
      `The expanded size of the tensor (-1) isn't allowed in a leading, non-existing dimension ${dim}`,
    );
    return kept;
  });
  checkExpandable(sizes, target);
  return {
    offset,
    sizes: target,
    strides: target.map((_, dim) => (sizes[dim - added] === 1 ? 0 : (strides[dim - added] ?? 0))),
  };
}

/**
 * @throws {TorchError} if a tensor of `sizes` cannot be stretched to `target`.
 */
export function checkExpandable(sizes: Shape, target: Shape): void {
  if (isExpandableTo(sizes, target)) return;
  const added = target.length - sizes.length;
  const dim = target.findLastIndex((size, index) => {
    const existing = sizes[index - added] ?? 1;
    return existing !== 1 && existing !== size;
  });
  throw new TorchError(
    'RuntimeError',
    `The expanded size of the tensor (${target[dim]}) must match the existing size ` +
      `(${sizes[dim - added]}) at non-singleton dimension ${dim}.  ` +
      `Target sizes: ${formatShape(target)}.  Tensor sizes: ${formatShape(sizes)}`,
  );
}
