/** What a backward pass does with gradients that are to have gradients themselves (`create_graph`). */
import { createRecorder } from './compose.ts';
import { sumDownTo } from './derivatives/recorded-derivative.ts';
import { recordedDerivatives } from './derivatives/recorded-derivatives.ts';
import type { Frame } from './frame.ts';
import type { OperatorNode, Shape, Tensor } from './graph.ts';
import { originOf, withHistoryOf } from './history.ts';
import { derivativeAt, inputAt, savedTensor } from './operator.ts';
import { operatorsByNode } from './operators.ts';
import { recordPart } from './record.ts';
import { isSparse } from './sparse.ts';
import { isSameShape } from './tensor.ts';
import { torchCheck } from './torch-error.ts';

/** A gradient, and where recording stands afterwards. */
export interface RecordedGradient {
  readonly frame: Frame;
  readonly gradient: Tensor;
}

/** What a node gives along its edge number `index`. */
export interface Differentiation {
  readonly frame: Frame;
  readonly grads: readonly Tensor[];
  readonly index: number;
  readonly node: OperatorNode;
}

/**
 * The derivative of a node by one input, recorded.
 *
 * @throws {TorchError} if the operator has no derivative that can be recorded.
 */
export function differentiateRecorded(options: Differentiation): RecordedGradient {
  const { frame, grads, index, node } = options;
  const all = recordedDerivatives.get(node.name) ?? [];
  const operator = operatorsByNode.get(node.name);
  const derivative = operator?.arity === 'many' ? all[0] : all[index];
  torchCheck(derivative !== undefined, `derivative for ${node.name} is not implemented`);
  const plain = operator === undefined ? undefined : derivativeAt(operator, index);
  const saved = node.saved[index] ?? {};
  const recorder = createRecorder(recordPart, frame);
  const gradient = derivative(recorder, {
    grad: inputAt(grads, 0),
    grads,
    plain: (grad) => plain?.gradient({ grad, grads: [grad], saved }) ?? grad,
    saved,
    tensor: (name) => withHistoryOf(savedTensor(saved, name), originOf(node, name)),
  });
  return { frame: recorder.frame(), gradient };
}

/** The sum of two gradients, recorded. */
export function addRecorded(frame: Frame, first: Tensor, second: Tensor): RecordedGradient {
  // What is sparse can only be added to what is dense, not the other way round.
  const args = isSparse(first) ? [second, first] : [first, second];
  const { frame: after, value } = recordPart({ args, frame, op: 'add' });
  return { frame: after, gradient: value };
}

/** A gradient summed down to a shape, recorded. */
export function sumRecorded(frame: Frame, grad: Tensor, shape: Shape): RecordedGradient {
  if (isSameShape(grad.shape, shape)) return { frame, gradient: grad };
  const recorder = createRecorder(recordPart, frame);
  const gradient = sumDownTo(recorder, grad, shape);
  return { frame: recorder.frame(), gradient };
}
