import type { Saved, Shape, Tensor } from '../graph.ts';
import type { Attributes, Derivative, PrimitiveOperator } from '../operator.ts';
import { inputAt, numberIn, numbersIn, unary } from '../operator.ts';
import { elementsIn, float32 } from '../tensor.ts';
import { TorchError, torchCheck } from '../torch-error.ts';

/** The operators that only lay the elements out anew. A view is a copy here: no tensor changes in place. */
export const views = {
  /** Swaps the dimensions `dim0` and `dim1`, the first two unless told. */
  transpose: {
    type: 'primitive',
    arity: 1,
    node: 'TransposeBackward0',
    forward: ({ attributes, inputs }) => [transposed(inputAt(inputs, 0), attributes)],
    derivatives: [
      {
        saves: ({ attributes }) => ({
          dim0: numberIn(attributes, 'dim0', 0),
          dim1: numberIn(attributes, 'dim1', 1),
        }),
        gradient: ({ grad, saved }) => transposed(grad, saved),
      },
    ],
  },
  /** The transpose of a matrix; a vector stays what it is. */
  t: unary('TBackward0', turned, { gradient: ({ grad }) => turned(grad) }),
  /** A new dimension of size 1 at `dim`. */
  unsqueeze: unary(
    'UnsqueezeBackward0',
    (self, attributes) => {
      const dim = wrapDim(numberIn(attributes, 'dim', 0), self.shape.length + 1);
      return float32(self.shape.toSpliced(dim, 0, 1), self.data);
    },
    hasShapeOfInput(),
  ),
  /** Without the dimension `dim` if its size is 1. */
  squeeze: unary(
    'SqueezeBackward1',
    (self, attributes) => {
      const dim = wrapDim(numberIn(attributes, 'dim', 0), self.shape.length);
      return self.shape[dim] === 1 ? float32(self.shape.toSpliced(dim, 1), self.data) : self;
    },
    hasShapeOfInput(),
  ),
} satisfies Readonly<Record<string, PrimitiveOperator>>;

/**
 * The matrix `self` turned over, or the vector as it is.
 *
 * @throws {TorchError} when it has more than two dimensions.
 */
export function turned(self: Tensor): Tensor {
  torchCheck(
    self.shape.length <= 2,
    `t() expects a tensor with <= 2 dimensions, but self is ${self.shape.length}D`,
  );
  return self.shape.length < 2 ? self : transposed(self, { dim0: 0, dim1: 1 });
}

function transposed(self: Tensor, dims: Attributes | Saved): Tensor {
  const rank = self.shape.length;
  const dim0 = wrapDim(numberIn(dims, 'dim0', 0), rank);
  const dim1 = wrapDim(numberIn(dims, 'dim1', 1), rank);
  const order = self.shape.map((_, dim) => (dim === dim0 ? dim1 : dim === dim1 ? dim0 : dim));
  const strides = stridesOf(self.shape);
  let places: readonly number[] = [0];
  for (const dim of order) {
    const size = self.shape[dim] ?? 1;
    const stride = strides[dim] ?? 1;
    places = places.flatMap((place) =>
      Array.from({ length: size }, (_, index) => place + index * stride),
    );
  }
  return float32(
    order.map((dim) => self.shape[dim] ?? 1),
    places.map((place) => self.data[place] ?? 0),
  );
}

function stridesOf(shape: Shape): readonly number[] {
  return shape.map((_, dim) => elementsIn(shape.slice(dim + 1)));
}

/** A negative dimension counts from the end. A scalar counts as one dimension. */
function wrapDim(dim: number, rank: number): number {
  const range = Math.max(rank, 1);
  if (dim < -range || dim >= range) {
    throw new TorchError(
      'IndexError',
      `Dimension out of range (expected to be in range of [${-range}, ${range - 1}], but got ${dim})`,
    );
  }
  return dim < 0 ? dim + range : dim;
}

function hasShapeOfInput(): Derivative {
  return {
    saves: ({ inputs }) => ({ shape: inputAt(inputs, 0).shape }),
    gradient: ({ grad, saved }) => float32(numbersIn(saved, 'shape'), grad.data),
  };
}
