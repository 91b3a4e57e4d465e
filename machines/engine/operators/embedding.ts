/**
 * The rows of a matrix that an index names, one by one or reduced bag by bag.
 *
 * @see PyTorch, `aten/src/ATen/native/Embedding.cpp`, `EmbeddingBag.cpp`; `torch/nn/functional.py`.
 */
import type { Saved, Shape, Tensor } from '../graph.ts';
import type { Attributes, Operator } from '../operator.ts';
import { flagIn, inputAt, numberIn, numbersIn, savedTensor } from '../operator.ts';
import { computed, moved, sparseTensor } from '../tensor.ts';
import { TorchError, torchCheck } from '../torch-error.ts';
import { scattered } from './strided.ts';

/** The operators of embeddings. With `sparse` the gradient of the matrix has only the rows that were named. */
export const embeddings = {
  /** The rows of the matrix `weight` that `indices` name; the one at `padding_idx` gets no gradient. */
  embedding: {
    type: 'primitive',
    arity: 2,
    derivatives: [
      {
        saves: ({ attributes, inputs }) => {
          const weight = inputAt(inputs, 0);
          return { ...attributes, index: inputAt(inputs, 1), inputShape: weight.shape };
        },
        gradient: ({ grad, saved }) => rowsBack(grad, savedTensor(saved, 'index'), saved),
      },
    ],
    forward: ({ attributes, inputs }) => {
      const [weight, indices] = [inputAt(inputs, 0), inputAt(inputs, 1)];
      requireMatrix(weight.shape);
      requireRows(weight.shape, indices);
      paddingOf(attributes, weight.shape);
      return [rowsOf(weight, indices)];
    },
    kinds: ['moved', 'index'],
    node: 'EmbeddingBackward0',
  },
  /** The gradients of rows as that of the matrix. */
  embedding_backward: {
    type: 'primitive',
    arity: 2,
    derivatives: [
      {
        saves: ({ attributes, inputs }) => ({ ...attributes, index: inputAt(inputs, 1) }),
        gradient: ({ grad, saved }) => {
          const index = savedTensor(saved, 'index');
          return scaled(rowsOf(grad, index), sharesOf(index, saved));
        },
      },
    ],
    forward: ({ attributes, inputs }) => [
      rowsBack(inputAt(inputs, 0), inputAt(inputs, 1), attributes),
    ],
    kinds: ['moved', 'index'],
    node: 'EmbeddingBackwardBackward0',
  },
} satisfies Readonly<Record<string, Operator>>;

/**
 * How much the gradient of each row counts: not at all at `padding_idx`; with `scale_grad_by_freq` each by how often
 * its row was named.
 */
export function sharesOf(index: Tensor, options: Attributes | Saved): readonly number[] {
  const padding = paddingOf(options, numbersIn(options, 'inputShape'));
  const counts = new Map<number, number>();
  for (const row of index.data) counts.set(row, (counts.get(row) ?? 0) + 1);
  const isScaled = flagIn(options, 'scale_grad_by_freq');
  return index.data.map((row) => {
    if (row === padding) return 0;
    return isScaled ? 1 / (counts.get(row) ?? 1) : 1;
  });
}

/** @throws {TorchError} `IndexError` where an index names no row. */
export function requireRows([rows = 0]: Shape, { data }: Tensor): void {
  if (data.some((row) => row < 0 || row >= rows)) {
    throw new TorchError('IndexError', 'index out of range in self');
  }
}

function rowsOf(weight: Tensor, { data: index, shape }: Tensor): Tensor {
  const [, columns = 0] = weight.shape;
  const data = index.flatMap((row) => weight.data.slice(row * columns, (row + 1) * columns));
  return moved([weight], [...shape, columns], data);
}

/** The gradients of rows that an index names, as a sparse matrix, or summed up in a dense one. */
export function matrixOf(
  rows: Tensor,
  index: readonly number[],
  options: Attributes | Saved,
): Tensor {
  const shape = numbersIn(options, 'inputShape');
  if (flagIn(options, 'sparse')) {
    torchCheck(
      !flagIn(options, 'scale_grad_by_freq'),
      'embedding_backward: scale_grad_by_freq not supported with sparse gradients',
    );
    return sparseTensor({ ...rows, shape, sparse: { indices: [index], isCoalesced: false } });
  }
  const [, columns = 0] = shape;
  const places = index.flatMap((row) =>
    Array.from({ length: columns }, (_, column) => row * columns + column),
  );
  return scattered(rows, shape, places);
}

/** @throws {TorchError} where the weights of an embedding are no matrix. */
export function requireMatrix(shape: Shape): void {
  torchCheck(shape.length === 2, "'weight' must be 2-D");
}

/** The row that gets no gradient; a negative one counts from the end. */
export function paddingOf(options: Attributes | Saved, [rows = 0]: Shape): number | undefined {
  if (options['padding_idx'] === undefined) return undefined;
  const padding = numberIn(options, 'padding_idx', 0);
  if (padding < -rows || padding >= rows) {
    throw new TorchError('AssertionError', 'Padding_idx must be within num_embeddings');
  }
  return padding < 0 ? padding + rows : padding;
}

function rowsBack(grad: Tensor, index: Tensor, options: Attributes | Saved): Tensor {
  const shape = numbersIn(options, 'inputShape');
  const shares = sharesOf(index, options);
  const isCounted = (_: unknown, nr: number): boolean => shares[nr] !== 0;
  const [, columns = 0] = shape;
  const rows = scaled(grad, shares);
  const data = rows.data.filter((_, at) => isCounted(_, Math.floor(at / columns)));
  const counted = index.data.filter(isCounted);
  return matrixOf(moved([grad], [counted.length, columns], data), counted, options);
}

/** Each row times its share. */
function scaled(rows: Tensor, shares: readonly number[]): Tensor {
  if (shares.every((share) => share === 1)) return rows;
  const columns = rows.shape.at(-1) ?? 1;
  const data = rows.data.map((each, at) => each * (shares[Math.floor(at / columns)] ?? 1));
  return computed([rows], rows.shape, data);
}
