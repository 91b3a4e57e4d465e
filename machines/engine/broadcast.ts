import type { Shape, Tensor } from './graph.ts';
import { computed, elementsIn, isSameShape, moved } from './tensor.ts';
import { torchCheck } from './torch-error.ts';

/**
 * The shape that both shapes are stretched to.
 *
 * @throws {TorchError} with PyTorch's text when a dimension differs and neither size is 1.
 * @see PyTorch, `aten/src/ATen/ExpandUtils.cpp`, `infer_size`.
 */
export function broadcastShape(a: Shape, b: Shape): Shape {
  const dimensions = Math.max(a.length, b.length);
  const sizes: number[] = [];
  for (let dimension = dimensions - 1; dimension >= 0; dimension -= 1) {
    const sizeA = sizeAt({ dimension, dimensions, shape: a });
    const sizeB = sizeAt({ dimension, dimensions, shape: b });
    torchCheck(
      sizeA === sizeB || sizeA === 1 || sizeB === 1,
      `The size of tensor a (${sizeA}) must match the size of tensor b (${sizeB}) ` +
        `at non-singleton dimension ${dimension}`,
    );
    sizes.unshift(sizeA === 1 ? sizeB : sizeA);
  }
  return sizes;
}

/** Whether a tensor of shape `from` can be stretched to `to`. */
export function isExpandableTo(from: Shape, to: Shape): boolean {
  return (
    from.length <= to.length &&
    from.every((size, index) => size === 1 || size === to[to.length - from.length + index])
  );
}

/** `source` stretched to `shape`, which must be one that `source` broadcasts to. */
export function expand(source: Tensor, shape: Shape): Tensor {
  if (isSameShape(source.shape, shape)) return source;
  const places = placesOf(source.shape, shape);
  return moved(
    [source],
    shape,
    places.map((place) => source.data[place] ?? 0),
  );
}

/** `source` summed down to `shape`, the inverse of `expand`; summed in double, rounded once. */
export function sumTo(source: Tensor, shape: Shape): Tensor {
  if (isSameShape(source.shape, shape)) return source;
  const places = placesOf(shape, source.shape);
  const sums = Array.from<number>({ length: elementsIn(shape) }).fill(0);
  places.forEach((place, index) => {
    sums[place] = (sums[place] ?? 0) + (source.data[index] ?? 0);
  });
  return computed([source], shape, sums);
}

/** `f` of each pair of elements, both tensors stretched to one shape. */
export function zipWith(a: Tensor, b: Tensor, f: (a: number, b: number) => number): Tensor {
  const shape = broadcastShape(a.shape, b.shape);
  const second = expand(b, shape).data;
  return computed(
    [a, b],
    shape,
    expand(a, shape).data.map((element, index) => f(element, second[index] ?? 0)),
  );
}

/** `f` of each element. */
export function mapElements(source: Tensor, f: (element: number) => number): Tensor {
  return computed(
    [source],
    source.shape,
    source.data.map((element) => f(element)),
  );
}

/** For each element of `shape`, in row-major order, where its element of a `small` tensor lies. */
export function placesOf(small: Shape, shape: Shape): readonly number[] {
  let places: readonly number[] = [0];
  let stride = elementsIn(small);
  for (const [dimension, size] of shape.entries()) {
    const smallSize = sizeAt({ dimension, dimensions: shape.length, shape: small });
    stride /= Math.max(smallSize, 1);
    const step = smallSize === 1 ? 0 : stride;
    places = places.flatMap((place) =>
      Array.from({ length: size }, (_, index) => place + index * step),
    );
  }
  return places;
}

interface SizeQuery {
  readonly dimension: number;
  readonly dimensions: number;
  readonly shape: Shape;
}

/** The size in a shape of `dimensions` dimensions, with ones before those that are there. */
function sizeAt({ dimension, dimensions, shape }: SizeQuery): number {
  return shape[dimension - (dimensions - shape.length)] ?? 1;
}
