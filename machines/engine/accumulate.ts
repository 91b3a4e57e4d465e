/** Sums of the gradients of leaves, as a context or `.grad` holds them. */
import type { PersistentMap } from '../../src/core/persistent-map.ts';
import { getIn, setIn } from '../../src/core/persistent-map.ts';
import { addGradients } from './evaluation.ts';
import type { Frame } from './frame.ts';
import type { Gradient } from './graph.ts';
import type { TensorId } from './ids.ts';
import { addRecorded } from './recording-pass.ts';
import { undefinedTensor } from './tensor.ts';

/**
 * `gradients` with one more, summed with what was there.
 *
 * @see PyTorch, `torch/csrc/distributed/autograd/context/context.cpp`, `accumulateGrad`.
 */
export function accumulate(
  gradients: PersistentMap<Gradient>,
  { grad, variable }: { readonly grad: Gradient; readonly variable: TensorId },
): PersistentMap<Gradient> {
  return setIn(
    gradients,
    variable,
    addGradients(getIn(gradients, variable) ?? undefinedTensor, grad),
  );
}

/** The same where the sum is recorded, as a pass with `create_graph` does. */
export function accumulateRecorded(
  gradients: PersistentMap<Gradient>,
  { grad, variable }: { readonly grad: Gradient; readonly variable: TensorId },
  frame: Frame,
): { readonly frame: Frame; readonly gradients: PersistentMap<Gradient> } {
  const before = getIn(gradients, variable);
  if (before?.type !== 'tensor' || grad.type !== 'tensor') {
    return { frame, gradients: setIn(gradients, variable, grad) };
  }
  const sum = addRecorded(frame, before, grad);
  return { frame: sum.frame, gradients: setIn(gradients, variable, sum.gradient) };
}
