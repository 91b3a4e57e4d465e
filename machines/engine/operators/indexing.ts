import { zipWith, expand, broadcastShape } from '../broadcast.ts';
import type { Shape, Tensor } from '../graph.ts';
import type { Attributes, Operator, PrimitiveOperator } from '../operator.ts';
import { inputAt, numberIn, numbersIn, savedTensor } from '../operator.ts';
import { elementsIn, formatShape, moved } from '../tensor.ts';
import { TorchError, torchCheck } from '../torch-error.ts';
import { stridesOf, wrapDim } from './dims.ts';
import { scattered, strided, taken } from './strided.ts';

/** The operators that take some of the elements. */
export const indexing = {
  /** What lies at `index` of the dimension `dim`, which goes away. */
  select: strided('SelectBackward0', ({ offset, sizes, strides }, attributes) => {
    if (sizes.length === 0) {
      throw new TorchError('IndexError', 'select() cannot be applied to a 0-dim tensor.');
    }
    const dim = wrapDim(numberIn(attributes, 'dim', 0), sizes.length);
    const index = numberIn(attributes, 'index', 0);
    const size = sizes[dim] ?? 0;
    if (index < -size || index >= size) {
      throw new TorchError(
        'IndexError',
        `select(): index ${index} out of range for tensor of size ${formatShape(sizes)} at dimension ${dim}`,
      );
    }
    const from = index < 0 ? index + size : index;
    return {
      offset: offset + from * (strides[dim] ?? 0),
      sizes: sizes.toSpliced(dim, 1),
      strides: strides.toSpliced(dim, 1),
    };
  }),
  /** From `start` to before `end` along `dim`, each `step`th; what lies outside is cut off. */
  slice: strided('SliceBackward0', ({ offset, sizes, strides }, attributes) => {
    if (sizes.length === 0) {
      throw new TorchError('IndexError', 'slice() cannot be applied to a 0-dim tensor.');
    }
    const dim = wrapDim(numberIn(attributes, 'dim', 0), sizes.length);
    const size = sizes[dim] ?? 0;
    const step = numberIn(attributes, 'step', 1);
    torchCheck(step > 0, 'slice step must be positive');
    const start = clamped(numberIn(attributes, 'start', 0), size);
    const end = Math.max(start, clamped(numberIn(attributes, 'end', size), size));
    const stride = strides[dim] ?? 0;
    return {
      offset: offset + start * stride,
      sizes: sizes.with(dim, Math.ceil((end - start) / step)),
      strides: strides.with(dim, stride * step),
    };
  }),
  /** The dimensions `dims` from the end to the start. */
  flip: strided('FlipBackward0', ({ offset, sizes, strides }, attributes) => {
    let result = { offset, sizes, strides };
    const dims = numbersIn(attributes, 'dims').map((dim) => wrapDim(dim, sizes.length));
    const twice = dims.find((dim, nr) => dims.indexOf(dim) !== nr);
    torchCheck(twice === undefined, `dim ${twice} appears multiple times in the list of dims`);
    for (const dim of sizes.length === 0 ? [] : dims) {
      const stride = result.strides[dim] ?? 0;
      result = {
        offset: result.offset + ((sizes[dim] ?? 1) - 1) * stride,
        sizes,
        strides: result.strides.with(dim, -stride),
      };
    }
    return result;
  }),
  /** The slices of `self` along `dim` that the vector `index` names. */
  index_select: picking('IndexSelectBackward0', (self, index, attributes) => {
    const dim = wrapDim(numberIn(attributes, 'dim', 0), self.length);
    torchCheck(index.shape.length <= 1, 'index_select(): Index is supposed to be a vector');
    const size = self[dim] ?? 1;
    if (index.data.some((each) => each < 0 || each >= size)) {
      throw new TorchError('IndexError', 'index out of range in self');
    }
    const { length } = index.data;
    torchCheck(
      self.length > 0 || length === 1,
      `index_select(): Index to scalar can have only 1 value, got ${length} value(s)`,
    );
    const shape = self.length === 0 ? self : self.with(dim, length);
    return { places: slicesAt({ dim, index: index.data, shape: self }), shape };
  }),
  /** For each place of `index`, the element of `self` there, but along `dim` at what `index` says. */
  gather: picking('GatherBackward0', gathered),
  /** `self` where `condition` holds, else `other`. */
  where: {
    type: 'primitive',
    arity: 3,
    derivatives: [true, false].map((wanted) => ({
      saves: ({ inputs }) => ({ condition: inputAt(inputs, 0) }),
      gradient: ({ grad, saved }) =>
        zipWith(grad, savedTensor(saved, 'condition'), (g, holds) =>
          (holds !== 0) === wanted ? g : 0,
        ),
    })),
    forward: ({ inputs }) => {
      const [condition, self, other] = [0, 1, 2].map((index) => inputAt(inputs, index));
      return [chosen({ condition, other, self })];
    },
    kinds: ['mask', 'float'],
    node: 'WhereBackward0',
  },
  /** `value` where `mask` holds, else `self`. */
  masked_fill: {
    type: 'primitive',
    arity: 2,
    derivatives: [
      {
        saves: ({ inputs }) => ({ mask: inputAt(inputs, 1) }),
        gradient: ({ grad, saved }) =>
          zipWith(grad, savedTensor(saved, 'mask'), (g, holds) => (holds === 0 ? g : 0)),
      },
    ],
    forward: ({ attributes, inputs }) => {
      const value = numberIn(attributes, 'value', 0);
      return [
        zipWith(inputAt(inputs, 0), inputAt(inputs, 1), (x, holds) => (holds === 0 ? x : value)),
      ];
    },
    kinds: ['float', 'mask'],
    node: 'MaskedFillBackward0',
  },
} satisfies Readonly<Record<string, Operator>>;

/** Which elements of a tensor of a shape an index means, and the shape of the result. */
interface Picked {
  readonly places: readonly number[];
  readonly shape: Shape;
}

type Pick = (self: Shape, index: Tensor, attributes: Attributes) => Picked;

/** An operator of a tensor and of an index into it. */
function picking(node: string, pick: Pick): PrimitiveOperator {
  return {
    type: 'primitive',
    arity: 2,
    derivatives: [
      {
        saves: ({ attributes, inputs }) => ({
          ...attributes,
          index: inputAt(inputs, 1),
          inputShape: inputAt(inputs, 0).shape,
        }),
        gradient: ({ grad, saved }) => {
          const shape = numbersIn(saved, 'inputShape');
          const attributes = { dim: numberIn(saved, 'dim', 0) };
          const { places } = pick(shape, savedTensor(saved, 'index'), attributes);
          return scattered(grad, shape, places);
        },
      },
    ],
    forward: ({ attributes, inputs }) => {
      const self = inputAt(inputs, 0);
      const { places, shape } = pick(self.shape, inputAt(inputs, 1), attributes);
      return [taken(self, shape, places)];
    },
    kinds: ['moved', 'index'],
    node,
  };
}

interface Slices {
  readonly dim: number;
  readonly index: readonly number[];
  readonly shape: Shape;
}

function slicesAt({ dim, index, shape }: Slices): readonly number[] {
  const inner = elementsIn(shape.slice(dim + 1));
  const block = inner * (shape[dim] ?? 1);
  return Array.from({ length: elementsIn(shape.slice(0, dim)) }, (_, outer) =>
    index.flatMap((at) =>
      Array.from({ length: inner }, (__, place) => outer * block + at * inner + place),
    ),
  ).flat();
}

function gathered(self: Shape, index: Tensor, attributes: Attributes): Picked {
  const dim = wrapDim(numberIn(attributes, 'dim', 0), self.length);
  torchCheck(
    index.shape.length === self.length,
    'Index tensor must have the same number of dimensions as input tensor',
  );
  torchCheck(
    index.shape.every((size, at) => at === dim || size <= (self[at] ?? 0)),
    `Size does not match at dimension ${index.shape.findIndex((size, at) => at !== dim && size > (self[at] ?? 0))} ` +
      `expected index ${formatShape(index.shape)} to be smaller than self ${formatShape(self)} apart from dimension ${dim}`,
  );
  const from = stridesOf(self);
  const to = stridesOf(index.shape);
  const size = self[dim] ?? 1;
  const places = index.data.map((at, place) => {
    torchCheck(
      at >= 0 && at < size,
      `index ${at} is out of bounds for dimension ${dim} with size ${size}`,
    );
    return from.reduce(
      (sum, stride, each) => {
        const here = Math.floor(place / (to[each] ?? 1)) % (index.shape[each] ?? 1);
        return sum + stride * (each === dim ? at : here);
      },
      self.length === 0 ? at : 0,
    );
  });
  return { places, shape: index.shape };
}

interface Choice {
  readonly condition: Tensor | undefined;
  readonly other: Tensor | undefined;
  readonly self: Tensor | undefined;
}

function chosen({ condition, other, self }: Choice): Tensor {
  const inputs = [condition, self, other];
  const shape = inputs.reduce<Shape>((sum, each) => broadcastShape(sum, each?.shape ?? []), []);
  const [holds = [], first = [], second = []] = inputs.map((each) =>
    each === undefined ? [] : expand(each, shape).data,
  );
  return moved(
    [self, other].flatMap((each) => each ?? []),
    shape,
    holds.map((each, index) => (each === 0 ? second[index] : first[index]) ?? 0),
  );
}

/** A negative place counts from the end; what lies outside is cut off. */
function clamped(place: number, size: number): number {
  return Math.min(Math.max(place < 0 ? place + size : place, 0), size);
}
