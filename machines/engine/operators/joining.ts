import { overloaded } from '../compose.ts';
import type { Saved, Shape, Tensor } from '../graph.ts';
import type { Attributes, Operator, OperatorCall } from '../operator.ts';
import { inputAt, listIn, numberIn, numbersIn } from '../operator.ts';
import { elementsIn, formatShape, isSameShape, moved } from '../tensor.ts';
import { TorchError, torchCheck } from '../torch-error.ts';
import { wrapDim } from './dims.ts';

/** The operators that make one tensor of several, and several of one. */
export const joining = {
  /** One after the other along `dim`. */
  cat: {
    type: 'primitive',
    arity: 'many',
    derivatives: [
      {
        saves: ({ attributes, inputs }, index) => {
          const dim = catDim(inputs, attributes);
          const before = inputs
            .slice(0, index)
            .map((each) => (isNothing(each) ? 0 : (each.shape[dim] ?? 0)));
          return {
            dim,
            inputShape: inputAt(inputs, index).shape,
            start: before.reduce((sum, size) => sum + size, 0),
          };
        },
        gradient: ({ grad, saved }) => {
          const dim = numberIn(saved, 'dim', 0);
          const shape = numbersIn(saved, 'inputShape');
          const start = numberIn(saved, 'start', 0);
          if (isNothing({ shape })) return moved([grad], shape, []);
          return part(grad, { dim, length: shape[dim] ?? 0, start });
        },
      },
    ],
    forward: ({ attributes, inputs }) => {
      const dim = catDim(inputs, attributes);
      const counted = inputs.filter((each) => !isNothing(each));
      if (counted.length === 0) return [inputAt(inputs, 0)];
      checkCat(counted, dim);
      return [joined(counted, dim)];
    },
    kinds: ['moved'],
    node: 'CatBackward0',
  },
  /** One beside the other along a new dimension `dim`. */
  stack: {
    type: 'primitive',
    arity: 'many',
    derivatives: [
      {
        saves: (call, index) => ({
          dim: stackDim(call),
          inputShape: inputAt(call.inputs, index).shape,
          start: index,
        }),
        gradient: ({ grad, saved }) => {
          const place = {
            dim: numberIn(saved, 'dim', 0),
            length: 1,
            start: numberIn(saved, 'start', 0),
          };
          return moved([grad], numbersIn(saved, 'inputShape'), part(grad, place).data);
        },
      },
    ],
    forward: (call) => {
      const dim = stackDim(call);
      const { shape: first } = inputAt(call.inputs, 0);
      for (const [index, { shape }] of call.inputs.entries()) {
        torchCheck(
          isSameShape(shape, first),
          `stack expects each tensor to be equal size, but got ${formatShape(first)} at entry 0 and ` +
            `${formatShape(shape)} at entry ${index}`,
        );
      }
      const parts = call.inputs.map((each) => withDim(each, dim));
      return [joined(parts, dim)];
    },
    kinds: ['moved'],
    node: 'StackBackward0',
  },
  /** Parts along `dim`: each of `split_size`, or of the sizes that it lists. */
  split: overloaded(1, ({ attributes }) =>
    typeof attributes['split_size'] === 'number' ? 'split.size' : 'split.sizes',
  ),
  'split.size': splitting('SplitBackward0', splitSizes),
  'split.sizes': splitting('SplitWithSizesBackward0', (size, attributes) => {
    const sizes = listIn(attributes, 'split_size') ?? [];
    const total = sizes.reduce((sum, each) => sum + each, 0);
    torchCheck(
      total === size,
      `split_with_sizes expects split_sizes to sum exactly to ${size} (input tensor's size at dimension ` +
        `${numberIn(attributes, 'dim', 0)}), but got split_sizes=${formatShape(sizes)}`,
    );
    return sizes;
  }),
  /** At most `chunks` parts of one size along `dim`; the last may be smaller. */
  chunk: chunking('split.size'),
  /** Parts that are never written to in place: their node has another name. */
  unsafe_chunk: chunking('unsafe_split'),
  unsafe_split: splitting('UnsafeSplitBackward0', splitSizes),
  /** The slices along `dim`, which goes away. */
  unbind: {
    type: 'primitive',
    arity: 1,
    derivatives: [
      {
        saves: ({ attributes, inputs }) => {
          const { shape } = inputAt(inputs, 0);
          return { dim: wrapDim(numberIn(attributes, 'dim', 0), shape.length) };
        },
        gradient: ({ grads, saved }) => {
          const dim = numberIn(saved, 'dim', 0);
          return joined(
            grads.map((each) => withDim(each, dim)),
            dim,
          );
        },
      },
    ],
    forward: ({ attributes, inputs }) => {
      const self = inputAt(inputs, 0);
      const dim = wrapDim(numberIn(attributes, 'dim', 0), self.shape.length);
      if (self.shape.length === 0) {
        throw new TorchError('IndexError', 'Dimension specified as 0 but tensor has no dimensions');
      }
      return Array.from({ length: self.shape[dim] ?? 0 }, (_, start) =>
        moved([self], self.shape.toSpliced(dim, 1), part(self, { dim, length: 1, start }).data),
      );
    },
    kinds: ['moved'],
    layout: ({ offset, sizes, strides }, attributes, { outputNr }) => {
      const dim = wrapDim(numberIn(attributes, 'dim', 0), sizes.length);
      return {
        offset: offset + outputNr * (strides[dim] ?? 0),
        sizes: sizes.toSpliced(dim, 1),
        strides: strides.toSpliced(dim, 1),
      };
    },
    node: 'UnbindBackward0',
  },
} satisfies Readonly<Record<string, Operator>>;

/** Parts along `dim` of the sizes that `sizesOf` says. */
function splitting(
  node: string,
  sizesOf: (size: number, attributes: Attributes) => readonly number[],
): Operator {
  return {
    type: 'primitive',
    arity: 1,
    derivatives: [
      {
        saves: ({ attributes, inputs }): Saved => ({
          dim: wrapDim(numberIn(attributes, 'dim', 0), inputAt(inputs, 0).shape.length),
        }),
        gradient: ({ grads, saved }) => joined(grads, numberIn(saved, 'dim', 0)),
      },
    ],
    forward: ({ attributes, inputs }) => {
      const self = inputAt(inputs, 0);
      torchCheck(self.shape.length > 0, 'split expects at least a 1-dimensional tensor');
      const dim = wrapDim(numberIn(attributes, 'dim', 0), self.shape.length);
      let start = 0;
      return sizesOf(self.shape[dim] ?? 0, { ...attributes, dim }).map((length) => {
        const piece = part(self, { dim, length, start });
        start += length;
        return piece;
      });
    },
    kinds: ['moved'],
    layout: ({ offset, sizes, strides }, attributes, { outputNr, shapes }) => {
      const dim = wrapDim(numberIn(attributes, 'dim', 0), sizes.length);
      const lengths = shapes.map((shape) => shape[dim] ?? 0);
      const start = lengths.slice(0, outputNr).reduce((sum, length) => sum + length, 0);
      return {
        offset: offset + start * (strides[dim] ?? 0),
        sizes: sizes.with(dim, lengths[outputNr] ?? 0),
        strides,
      };
    },
    node,
  };
}

function splitSizes(size: number, attributes: Attributes): readonly number[] {
  const each = numberIn(attributes, 'split_size', 1);
  torchCheck(each >= 0, `split expects split_size be non-negative, but got split_size=${each}`);
  torchCheck(
    each > 0 || size === 0,
    `split_size can only be 0 if dimension size is 0, but got dimension size of ${size}`,
  );
  const pieces = Math.max(Math.ceil(size / Math.max(each, 1)), 1);
  return Array.from({ length: pieces }, (_, index) => Math.min(each, size - index * each));
}

function chunking(op: string): Operator {
  return overloaded(1, ({ args, attributes }) => {
    const [self] = args;
    const shape = typeof self === 'object' ? self.shape : [];
    const dim = numberIn(attributes, 'dim', 0);
    torchCheck(shape.length > 0, 'chunk expects at least a 1-dimensional tensor');
    const chunks = numberIn(attributes, 'chunks', 1);
    torchCheck(chunks > 0, `chunk expects \`chunks\` to be greater than 0, got: ${chunks}`);
    const size = shape[wrapDim(dim, shape.length)] ?? 0;
    return { args, attributes: { dim, split_size: Math.ceil(size / chunks) }, op };
  });
}

interface Part {
  readonly dim: number;
  readonly length: number;
  readonly start: number;
}

/** The tensor with one more dimension, of size 1. */
function withDim(source: Tensor, dim: number): Tensor {
  return moved([source], source.shape.toSpliced(dim, 0, 1), source.data);
}

function part(source: Tensor, { dim, length, start }: Part): Tensor {
  const { data, shape } = source;
  const inner = elementsIn(shape.slice(dim + 1));
  const block = inner * (shape[dim] ?? 1);
  const outer = elementsIn(shape.slice(0, dim));
  return moved(
    [source],
    shape.with(dim, length),
    Array.from({ length: outer }, (_, index) => {
      const from = index * block + start * inner;
      return data.slice(from, from + length * inner);
    }).flat(),
  );
}

/** The inverse of the parts. */
function joined(parts: readonly Tensor[], dim: number): Tensor {
  const { shape } = inputAt(parts, 0);
  const outer = elementsIn(shape.slice(0, dim));
  const data = Array.from({ length: outer }, (_, index) =>
    parts.flatMap((each) => {
      const block = each.data.length / outer;
      return each.data.slice(index * block, (index + 1) * block);
    }),
  ).flat();
  const size = parts.reduce((sum, each) => sum + (each.shape[dim] ?? 0), 0);
  return moved(parts, shape.with(dim, size), data);
}

function catDim(inputs: readonly Tensor[], attributes: Attributes): number {
  for (const [index, { shape }] of inputs.entries()) {
    torchCheck(
      shape.length > 0,
      `zero-dimensional tensor (at position ${index}) cannot be concatenated`,
    );
  }
  const shaped = inputs.find((each) => !isNothing(each)) ?? inputAt(inputs, 0);
  return wrapDim(numberIn(attributes, 'dim', 0), shaped.shape.length);
}

/** An empty vector goes with tensors of any shape, as it did before there were empty tensors of others. */
function isNothing({ shape }: Pick<Tensor, 'shape'>): boolean {
  return shape.length === 1 && shape[0] === 0;
}

function checkCat(inputs: readonly Tensor[], dim: number): void {
  const { shape: first } = inputAt(inputs, 0);
  for (const [index, { shape }] of inputs.entries()) {
    torchCheck(
      shape.length === first.length,
      `Tensors must have same number of dimensions: got ${first.length} and ${shape.length}`,
    );
    for (const [each, size] of shape.entries()) {
      torchCheck(
        each === dim || size === first[each],
        `Sizes of tensors must match except in dimension ${dim}. Expected size ${first[each]} but got ` +
          `size ${size} for tensor number ${index} in the list.`,
      );
    }
  }
}

function stackDim({ attributes, inputs }: OperatorCall): number {
  const shape: Shape = inputAt(inputs, 0).shape;
  return wrapDim(numberIn(attributes, 'dim', 0), shape.length + 1);
}
