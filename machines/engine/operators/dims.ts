import type { Saved, Shape } from '../graph.ts';
import type { Attributes } from '../operator.ts';
import { listIn } from '../operator.ts';
import { elementsIn } from '../tensor.ts';
import { TorchError, torchCheck } from '../torch-error.ts';

/**
 * The dimension that `dim` means: a negative one counts from the end, a scalar counts as one dimension.
 *
 * @throws {TorchError} `IndexError` when it is out of range.
 * @see PyTorch, `c10/core/WrapDimMinimal.cpp`, `maybe_wrap_dim_slow`.
 */
export function wrapDim(dim: number, rank: number): number {
  const range = Math.max(rank, 1);
  if (dim < -range || dim >= range) {
    throw new TorchError(
      'IndexError',
      `Dimension out of range (expected to be in range of [${-range}, ${range - 1}], but got ${dim})`,
    );
  }
  return dim < 0 ? dim + range : dim;
}

/**
 * The dimensions that the attribute `dim` names, one or several; all where it names none.
 *
 * @throws {TorchError} when one is out of range or named twice.
 * @see PyTorch, `aten/src/ATen/WrapDimUtilsMulti.h`, `dim_list_to_bitset`.
 */
export function dimsOf(shape: Shape, attributes: Attributes | Saved): ReadonlySet<number> {
  const named = listIn(attributes, 'dim') ?? [];
  if (named.length === 0) return new Set(shape.keys());
  const dims = new Set<number>();
  for (const each of named) {
    const dim = wrapDim(each, shape.length);
    torchCheck(!dims.has(dim), `dim ${dim} appears multiple times in the list of dims`);
    dims.add(dim);
  }
  return dims;
}

/** How far apart neighbours in each dimension lie. */
export function stridesOf(shape: Shape): readonly number[] {
  return shape.map((_, dim) => elementsIn(shape.slice(dim + 1)));
}
