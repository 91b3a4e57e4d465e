/**
 * Arithmetic of tensors that have only some elements, as embeddings give for gradients. What is named twice counts
 * as the sum, which is made in double and rounded once.
 *
 * @see PyTorch, `aten/src/ATen/native/sparse/SparseTensorMath.cpp`.
 */
import { canonical } from '../../src/core/canonical.ts';
import { zipWith } from './broadcast.ts';
import type { Shape, Sparsity, Tensor } from './graph.ts';
import { bare, computed, elementsIn, formatShape, isSameShape, sparseTensor } from './tensor.ts';
import { TorchError, torchCheck } from './torch-error.ts';

/** A tensor that has only some elements. */
export type SparseTensor = Tensor & { readonly sparse: Sparsity };

/** Whether a tensor has only some elements. */
export function isSparse(source: Tensor): source is SparseTensor {
  return source.sparse !== undefined;
}

/** A tensor like `source` of other elements, at the same places unless told. */
export function withElements(
  { device, shape, sparse: before }: SparseTensor,
  { data, dtype }: Tensor,
  sparse: Sparsity = before,
): SparseTensor {
  return canonical({ ...sparseTensor({ data, device, dtype, shape, sparse }), sparse });
}

/** The elements that a sparse tensor has, as a dense one: its slices one after the other. */
export function elementsOf(source: SparseTensor): Tensor {
  const { sparse, ...rest } = bareSparse(source);
  const slices = sparse.indices[0]?.length ?? 1;
  const shape = [slices, ...source.shape.slice(sparse.indices.length)];
  return canonical({ ...rest, layout: 'Strided', shape });
}

/** The elements of a dense tensor that are where `source` has some. */
export function takenAt(dense: Tensor, source: SparseTensor): Tensor {
  const size = sizeOfSlice(source);
  const data = slicesOf(source).flatMap((slice) =>
    dense.data.slice(slice * size, (slice + 1) * size),
  );
  return computed([dense], elementsOf(source).shape, data);
}

/** Each place named once, in order. */
export function coalesced(source: SparseTensor): SparseTensor {
  if (source.sparse.isCoalesced) return source;
  const { data, shape, sparse } = source;
  const size = sizeOfSlice(source);
  const sums = new Map<number, readonly number[]>();
  for (const [nr, slice] of slicesOf(source).entries()) {
    const more = data.slice(nr * size, (nr + 1) * size);
    const before = sums.get(slice);
    sums.set(slice, before === undefined ? more : before.map((sum, at) => sum + (more[at] ?? 0)));
  }
  const slices = [...sums.keys()].toSorted((a, b) => a - b);
  const all = slices.flatMap((slice) => sums.get(slice) ?? []);
  return withElements(source, computed([source], [all.length], all), {
    indices: placesOf(slices, shape.slice(0, sparse.indices.length)),
    isCoalesced: true,
  });
}

/** All elements; zeros where it has none. */
export function toDense(source: Tensor): Tensor {
  if (!isSparse(source)) return source;
  const ordered = coalesced(source);
  const size = sizeOfSlice(source);
  const data = Array.from<number>({ length: elementsIn(source.shape) }).fill(0);
  for (const [nr, slice] of slicesOf(ordered).entries()) {
    for (let at = 0; at < size; at += 1)
      data[slice * size + at] = ordered.data[nr * size + at] ?? 0;
  }
  const { sparse: _, ...rest } = bareSparse(source);
  return canonical({ ...rest, data, layout: 'Strided' });
}

/** The sum of two tensors of which either may be sparse; it is sparse if both are. */
export function sumOf(first: Tensor, second: Tensor): Tensor {
  return isSparse(first) && isSparse(second)
    ? joined(first, second)
    : zipWith(toDense(first), toDense(second), (a, b) => a + b);
}

/**
 * In order if both are; else what the second has comes after what the first has. PyTorch merges in the latter case
 * too if the elements of both lie without gaps; what they mean is the same.
 */
function joined(first: SparseTensor, second: SparseTensor): Tensor {
  const data = [...first.data, ...second.data];
  const all = withElements(first, computed([first, second], [data.length], data), {
    indices: first.sparse.indices.map((row, dim) => row.concat(second.sparse.indices[dim] ?? [])),
    isCoalesced: false,
  });
  return first.sparse.isCoalesced && second.sparse.isCoalesced ? coalesced(all) : all;
}

/** The product of a sparse tensor with another, which is stretched to its shape. */
export function product(first: SparseTensor, second: Tensor): Tensor {
  const self = isSparse(second) ? coalesced(first) : first;
  const other = zipWith(toDense(self), toDense(second), (_, b) => b);
  torchCheck(
    isSameShape(other.shape, self.shape),
    `mul(sparse, dense): a tensor of shape ${formatShape(second.shape)} does not broadcast to ` +
      formatShape(self.shape),
  );
  return withElements(
    self,
    zipWith(elementsOf(self), takenAt(other, self), (a, b) => a * b),
  );
}

/** What PyTorch raises for an operator that has no form for sparse tensors. */
export function notSparse(op: string): TorchError {
  return new TorchError(
    'NotImplementedError',
    `Could not run 'aten::${op}' with arguments from the 'SparseCPU' backend.`,
  );
}

function bareSparse(source: SparseTensor): SparseTensor {
  return { ...bare(source), sparse: source.sparse };
}

function sizeOfSlice({ shape, sparse }: SparseTensor): number {
  return elementsIn(shape.slice(sparse.indices.length));
}

/** For each slice, which it is of all slices of the shape. */
function slicesOf({ shape, sparse: { indices } }: SparseTensor): readonly number[] {
  return Array.from({ length: indices[0]?.length ?? 1 }, (_, nr) =>
    indices.reduce((slice, row, dim) => slice * (shape[dim] ?? 1) + (row[nr] ?? 0), 0),
  );
}

function placesOf(slices: readonly number[], shape: Shape): Sparsity['indices'] {
  return shape.map((size, dim) => {
    const inner = elementsIn(shape.slice(dim + 1));
    return slices.map((slice) => Math.floor(slice / inner) % size);
  });
}
