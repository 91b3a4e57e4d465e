import type { Edge, Gradient, Tensor } from './graph.ts';
import { gradientEdge } from './node.ts';
import { elementsIn, filled, formatShape, isSameShape } from './tensor.ts';
import { TorchError, torchCheck } from './torch-error.ts';
import { validateOutputs } from './validate-outputs.ts';

/** Where a backward pass starts: an edge and a gradient for each root. */
export interface Roots {
  readonly edges: readonly Edge[];
  readonly grads: readonly Tensor[];
}

/**
 * The roots of a distributed backward pass, each with a gradient of one.
 *
 * @param name what PyTorch calls a root in its texts; tensors have no names unless given one.
 * @throws {TorchError} the first thing that is wrong with a root, in their order.
 * @see PyTorch, `torch/csrc/distributed/autograd/engine/dist_engine.cpp`, `validateRootsAndRetrieveEdges`.
 */
export function validateRoots(roots: readonly Tensor[], name = ''): Roots {
  torchCheck(roots.length > 0, 'No tensors provided for gradient computation.');
  for (const root of roots) {
    torchCheck(root.requiresGrad, 'requires_grad not set on root');
    torchCheck(
      elementsIn(root.shape) === 1,
      `${name} is not a scalar, all roots need to be scalar`,
    );
    torchCheck(root.gradFn !== undefined, `${name} does not have a valid gradient function.`);
  }
  return validated(
    roots,
    roots.map((root) => filled(root, 1)),
  );
}

/**
 * The roots of `torch.autograd.backward`; a root without a gradient in `gradients` gets one, and must then
 * have a single element.
 *
 * @throws {TorchError} what `torch/autograd/__init__.py` and `run_backward` raise.
 */
export function validateLocalRoots(
  roots: readonly Tensor[],
  gradients: readonly Gradient[] = [],
): Roots {
  const grads = roots.map((root, index) => {
    const given = gradients[index];
    if (given?.type === 'tensor') return checkedGradient({ given, index, root });
    torchCheck(
      !root.requiresGrad || elementsIn(root.shape) === 1,
      'grad can be implicitly created only for scalar outputs',
    );
    return filled(root, 1);
  });
  roots.forEach(({ requiresGrad }, index) => {
    torchCheck(
      requiresGrad,
      `element ${index} of tensors does not require grad and does not have a grad_fn`,
    );
  });
  return validated(roots, grads);
}

interface GivenGradient {
  readonly given: Tensor;
  readonly index: number;
  readonly root: Tensor;
}

function checkedGradient({ given, index, root }: GivenGradient): Tensor {
  torchCheck(
    isSameShape(given.shape, root.shape),
    `Mismatch in shape: grad_output[${index}] has a shape of torch.Size(${formatShape(given.shape)}) ` +
      `and output[${index}] has a shape of torch.Size(${formatShape(root.shape)}).`,
  );
  return given;
}

function validated(roots: readonly Tensor[], grads: readonly Tensor[]): Roots {
  const edges = roots.map((root) => gradientEdge(root));
  const checked = validateOutputs({ edges, grads });
  return {
    edges,
    grads: checked.map((grad) => {
      if (grad.type === 'tensor') return grad;
      throw new TorchError('RuntimeError', 'a root has no gradient');
    }),
  };
}
