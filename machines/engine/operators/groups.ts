/** The elements that a reduction makes one of: those that differ in the reduced dimensions only. */
import { placesOf } from '../broadcast.ts';
import type { Saved, Shape, Tensor } from '../graph.ts';
import type { Attributes } from '../operator.ts';
import { flagIn, listIn } from '../operator.ts';
import { computed, elementsIn } from '../tensor.ts';
import { TorchError } from '../torch-error.ts';
import { dimsOf } from './dims.ts';

/** The groups of a shape. */
export interface Groups {
  /** For each element in row-major order, the group that it is in. */
  readonly groupOf: readonly number[];
  /** The shape of the result: without the reduced dimensions, or with size 1 there. */
  readonly shape: Shape;
  /** How many elements a group has. */
  readonly size: number;
}

/** The groups along the attribute `dim`, of all elements without one; `keepdim` keeps size 1. */
export function groupsOf(shape: Shape, attributes: Attributes | Saved): Groups {
  const dims = dimsOf(shape, attributes);
  const kept = shape.map((size, dim) => (dims.has(dim) ? 1 : size));
  return {
    groupOf: placesOf(kept, shape),
    shape: flagIn(attributes, 'keepdim') ? kept : shape.filter((_, dim) => !dims.has(dim)),
    size: elementsIn(shape.filter((_, dim) => dims.has(dim))),
  };
}

/**
 * Nothing has no largest element.
 *
 * @throws {TorchError} if a group of the operator `name` would be empty.
 * @see PyTorch, `aten/src/ATen/native/ReduceOpsUtils.h`, `zero_numel_check_dims`.
 */
export function requireElements(name: string, shape: Shape, attributes: Attributes): void {
  if ('dim' in attributes) {
    const named = listIn(attributes, 'dim') ?? [];
    for (const [index, dim] of [...dimsOf(shape, attributes)].entries()) {
      if (shape[dim] === 0) {
        // Those that take several dimensions say the one that was given.
        const said = name.startsWith('am') ? (named[index] ?? dim) : dim;
        throw new TorchError(
          'IndexError',
          `${name}(): Expected reduction dim ${said} to have non-zero size.`,
        );
      }
    }
    return;
  }
  if (elementsIn(shape) > 0) return;
  const text = `${name}(): Expected reduction dim to be specified for input.numel() == 0.`;
  if (name.startsWith('arg')) throw new TorchError('IndexError', text);
  throw new TorchError(
    'RuntimeError',
    `${text} Specify the reduction dim with the 'dim' argument.`,
  );
}

/** `f` of the elements of each group. */
export function reduced(
  source: Tensor,
  groups: Groups,
  f: (elements: readonly number[]) => number,
): Tensor {
  const members = membersOf(groups);
  return computed(
    [source],
    groups.shape,
    members.map((places) => f(places.map((place) => source.data[place] ?? 0))),
  );
}

/** The places of the elements of each group. */
export function membersOf({ groupOf, shape }: Groups): readonly (readonly number[])[] {
  const members = Array.from({ length: elementsIn(shape) }, (): number[] => []);
  for (const [place, group] of groupOf.entries()) members[group]?.push(place);
  return members;
}

/** For each element, that of `small` for its group. */
export function spread({ data }: Tensor, { groupOf }: Groups): readonly number[] {
  return groupOf.map((group) => data[group] ?? 0);
}

/** In double. */
export function totalOf(elements: readonly number[]): number {
  let sum = 0;
  for (const element of elements) sum += element;
  return sum;
}
