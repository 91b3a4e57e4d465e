import type { Parts } from '../compose.ts';
import type { Saved, Shape, Tensor } from '../graph.ts';
import type { Attributes } from '../operator.ts';
import { dimsOf } from '../operators/dims.ts';
import { isSameShape } from '../tensor.ts';

/** What a derivative sees in a backward pass that is recorded. */
export interface RecordedPass {
  /** The gradient of the only output, or of the first. */
  readonly grad: Tensor;
  /** The gradients of all outputs; zeros where none came. */
  readonly grads: readonly Tensor[];
  /** The gradient as numbers, where the input by which it is taken is wanted for each element. */
  readonly plain: (grad: Tensor) => Tensor;
  readonly saved: Saved;
  /** The saved tensor `name`, with the history that it had. */
  readonly tensor: (name: string) => Tensor;
}

/** A derivative as a program would write it, so that it has a derivative itself (`create_graph`). */
export type RecordedDerivative = (parts: Parts, pass: RecordedPass) => Tensor;

/** `source` summed down to `shape`, which broadcasts to its own. */
export function sumDownTo({ apply }: Parts, source: Tensor, shape: Shape): Tensor {
  if (isSameShape(source.shape, shape)) return source;
  const added = source.shape.length - shape.length;
  const dims = [...source.shape.keys()].filter(
    (dim) => dim < added || (shape[dim - added] === 1 && source.shape[dim] !== 1),
  );
  const summed =
    dims.length === 0 ? source : apply('sum.dim', [source], { dim: dims, keepdim: true });
  return isSameShape(summed.shape, shape) ? summed : apply('view', [summed], { shape });
}

/** What was reduced along `dim` of a tensor of `shape`, stretched to that shape again. */
export function stretchedAlong(
  { apply }: Parts,
  reduced: Tensor,
  { attributes, shape }: { readonly attributes: Attributes | Saved; readonly shape: Shape },
): Tensor {
  const dims = dimsOf(shape, attributes);
  const kept = shape.map((size, dim) => (dims.has(dim) ? 1 : size));
  const laid = isSameShape(reduced.shape, kept)
    ? reduced
    : apply('view', [reduced], { shape: kept });
  return isSameShape(kept, shape) ? laid : apply('expand', [laid], { size: shape });
}
