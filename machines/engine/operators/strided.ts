/**
 * Operators that only say where each element of the result lies in the input: sizes, strides and an
 * offset, as PyTorch's `as_strided`. The gradient goes back to where the element came from.
 */
import type { Saved, Shape, Strided, Tensor } from '../graph.ts';
import type { Attributes, PrimitiveOperator } from '../operator.ts';
import { inputAt, numbersIn } from '../operator.ts';
import { computed, elementsIn, moved } from '../tensor.ts';
import { stridesOf } from './dims.ts';

type OneResult = (input: Strided, attributes: Attributes | Saved) => Strided;

/** An operator of one input that lays its elements out anew. */
export function strided(node: string, layout: OneResult): PrimitiveOperator {
  return {
    type: 'primitive',
    arity: 1,
    derivatives: [
      {
        saves: ({ attributes, inputs }) => ({
          ...attributes,
          inputShape: inputAt(inputs, 0).shape,
        }),
        gradient: ({ grad, saved }) => {
          const shape = numbersIn(saved, 'inputShape');
          return scattered(grad, shape, placesIn(layout(contiguous(shape), saved)));
        },
      },
    ],
    forward: ({ attributes, inputs }) => {
      const input = inputAt(inputs, 0);
      const result = layout(contiguous(input.shape), attributes);
      return [taken(input, result.sizes, placesIn(result))];
    },
    kinds: ['moved'],
    layout,
    node,
  };
}

/** Elements in row-major order. */
export function contiguous(sizes: Shape): Strided {
  return { offset: 0, sizes, strides: stridesOf(sizes) };
}

/** A tensor of the elements of `source` at `places`. */
export function taken(source: Tensor, shape: Shape, places: readonly number[]): Tensor {
  return moved(
    [source],
    shape,
    places.map((place) => source.data[place] ?? 0),
  );
}

/** The inverse of `taken`: each element is added to its place; summed in double, rounded once. */
export function scattered(grad: Tensor, shape: Shape, places: readonly number[]): Tensor {
  const sums = Array.from<number>({ length: elementsIn(shape) }).fill(0);
  for (const [index, place] of places.entries()) {
    sums[place] = (sums[place] ?? 0) + (grad.data[index] ?? 0);
  }
  return computed([grad], shape, sums);
}

/** `source` with other elements at `places`. */
export function overwritten(
  source: Tensor,
  places: readonly number[],
  elements: readonly number[],
): Tensor {
  const data = [...source.data];
  for (const [index, place] of places.entries()) data[place] = elements[index] ?? 0;
  return moved([source], source.shape, data);
}

/** The places of all elements, in row-major order of the sizes. */
export function placesIn({ offset, sizes, strides }: Strided): readonly number[] {
  let places: readonly number[] = [offset];
  for (const [dim, size] of sizes.entries()) {
    const stride = strides[dim] ?? 0;
    places = places.flatMap((place) =>
      Array.from({ length: size }, (_, index) => place + index * stride),
    );
  }
  return places;
}
