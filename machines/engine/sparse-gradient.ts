import { expand } from './broadcast.ts';
import type { SavedValue } from './graph.ts';
import type { BackwardPass, Derivative } from './operator.ts';
import type { SparseTensor } from './sparse.ts';
import { elementsOf, isSparse, notSparse, takenAt, toDense, withElements } from './sparse.ts';

/**
 * The nodes that give a sparse gradient for one: those whose backward PyTorch writes with products, and those
 * that hand it on.
 *
 * @see PyTorch, `tools/autograd/derivatives.yaml`.
 */
const elementwise: ReadonlySet<string> = new Set([
  'AbsBackward0',
  'AddBackward0',
  'CloneBackward0',
  'CosBackward0',
  'DivBackward0',
  'ExpBackward0',
  'MulBackward0',
  'NegBackward0',
  'PowBackward0',
  'ReciprocalBackward0',
  'RsqrtBackward0',
  'SiluBackward0',
  'SinBackward0',
  'SubBackward0',
  'TanBackward0',
]);

const handedOn: ReadonlySet<string> = new Set(['CoalesceBackward0', 'ToDenseBackward0']);

/**
 * What a derivative gives for a sparse gradient: sparse too, of the elements that there are.
 *
 * @throws {TorchError} `NotImplementedError` for a node that PyTorch has no form for.
 */
export function sparseGradient(
  node: string,
  derivative: Derivative,
  { grad, saved }: BackwardPass & { readonly grad: SparseTensor },
) {
  if (node === 'EmbeddingBackwardBackward0') {
    const all = toDense(grad);
    return derivative.gradient({ grad: all, grads: [all], saved });
  }
  if (handedOn.has(node)) return derivative.gradient({ grad, grads: [grad], saved });
  if (!elementwise.has(node)) throw notSparse(node);
  const here = (value: SavedValue): SavedValue =>
    typeof value === 'object' && 'type' in value
      ? takenAt(expand(isSparse(value) ? toDense(value) : value, grad.shape), grad)
      : value;
  const kept = Object.fromEntries(
    Object.entries(saved).map(([name, value]) => [name, here(value)]),
  );
  const elements = elementsOf(grad);
  const gradient = derivative.gradient({ grad: elements, grads: [elements], saved: kept });
  return withElements(grad, gradient);
}
