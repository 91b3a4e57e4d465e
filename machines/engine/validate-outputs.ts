import { isExpandableTo, sumTo } from './broadcast.ts';
import type { Edge, Gradient, InputMetadata, Shape, Tensor } from './graph.ts';
import { isSparse, notSparse } from './sparse.ts';
import { formatShape, isSameShape, toDevice, toDType } from './tensor.ts';
import { torchCheck } from './torch-error.ts';

/** Gradients on their way along edges. */
export interface Validation {
  readonly edges: readonly Edge[];
  readonly grads: readonly Gradient[];
  /** What PyTorch puts before each text; `functionPrefix` for what a node returned. */
  readonly prefix?: string;
  /** How a gradient is summed down to a shape; nothing is recorded unless told. */
  readonly sum?: (grad: Tensor, shape: Shape) => Tensor;
}

/** How texts about the result of a node begin. */
export function functionPrefix(name: string): string {
  return `Function ${name} returned an `;
}

/**
 * Checks that each gradient fits the node that it goes to and makes it fit where PyTorch does: summed
 * down to the shape, cast to the type, a scalar moved to the device. PyTorch's further check, that a
 * complex gradient goes to a complex input, has no case here: there is no complex type.
 *
 * @throws {TorchError} the first mismatch.
 * @see PyTorch, `torch/csrc/autograd/engine.cpp`, `validate_outputs`.
 */
export function validateOutputs({
  edges,
  grads,
  prefix = '',
  sum = sumTo,
}: Validation): readonly Gradient[] {
  torchCheck(
    grads.length === edges.length,
    `${prefix}invalid number of gradients - expected ${edges.length}, but got ${grads.length}`,
  );
  return grads.map((grad, index) => {
    const edge = edges[index];
    if (edge === undefined || edge.type === 'no-edge' || grad.type === 'undefined-tensor') {
      return grad;
    }
    const metadata = edge.node.inputMetadata[edge.inputNr];
    if (metadata === undefined) return grad;
    return fit({ grad, metadata, sum, text: `${prefix}invalid gradient at index ${index} - ` });
  });
}

interface Fitting {
  readonly grad: Tensor;
  readonly metadata: InputMetadata;
  readonly sum: (grad: Tensor, shape: Shape) => Tensor;
  readonly text: string;
}

function fit({ grad, metadata, sum, text }: Fitting): Tensor {
  const { device, dtype, layout, shape } = metadata;
  torchCheck(
    isExpandableTo(shape, grad.shape),
    `${text}got ${formatShape(grad.shape)} but expected shape compatible with ${formatShape(shape)}`,
  );
  if (isSparse(grad) && !isSameShape(shape, grad.shape)) throw notSparse('sum.dim_IntList');
  const summed = isSameShape(shape, grad.shape) ? grad : onDevice(sum(grad, shape), grad.device);
  const cast = summed.dtype === dtype ? summed : toDType(summed, dtype);
  torchCheck(
    cast.layout === layout ||
      cast.layout === 'Sparse' ||
      (cast.layout === 'Strided' && layout !== 'Strided'),
    `${text}expected layout ${layout} but got ${cast.layout}`,
  );
  if (cast.device === device) return cast;
  torchCheck(cast.shape.length === 0, `${text}expected device ${device} but got ${cast.device}`);
  return toDevice(cast, device);
}

function onDevice(grad: Tensor, device: string): Tensor {
  return grad.device === device ? grad : toDevice(grad, device);
}
