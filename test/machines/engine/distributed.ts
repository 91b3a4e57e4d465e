import type { AutogradNode, SendRpcBackwardNode, Tensor } from '../../../machines/engine/graph.ts';
import { autogradContextId, autogradMessageId } from '../../../machines/engine/ids.ts';
import type { MadeRecvFunction } from '../../../machines/engine/node.ts';
import { graphRoot, recvRpcBackward, sendRpcBackward } from '../../../machines/engine/node.ts';
import { validateRoots } from '../../../machines/engine/roots.ts';
import { wireTensor } from '../../../machines/engine/tensor.ts';
import type { Thread } from './thread.ts';

/** Where a pass over these roots starts; over none, where it comes from another worker. */
export function rootOf(thread: Thread, roots: readonly Tensor[]): AutogradNode {
  const { edges, grads } = roots.length === 0 ? { edges: [], grads: [] } : validateRoots(roots);
  const { frame, node } = graphRoot({ edges, frame: thread.frame(), grads });
  thread.setFrame(frame);
  return node;
}

/** The send function of a message with these tensors. */
export function sendOf(thread: Thread, tensors: readonly Tensor[]): SendRpcBackwardNode {
  const { frame, node } = sendRpcBackward({
    autogradMessageId: autogradMessageId('out'),
    frame: thread.frame(),
    tensors,
  });
  thread.setFrame(frame);
  return node;
}

/** The recv function of a message from worker1 with these tensors. */
export function recvOf(thread: Thread, tensors: readonly Tensor[]): MadeRecvFunction {
  const made = recvRpcBackward({
    autogradMessageId: autogradMessageId('in'),
    contextId: autogradContextId('c0'),
    frame: thread.frame(),
    fromWorker: 'worker1',
    tensors: tensors.map((each) => wireTensor(each)),
  });
  thread.setFrame(made.frame);
  return made;
}

/** A tensor of these elements that came from worker1 and requires a gradient. */
export function receive(thread: Thread, data: readonly number[]): Tensor {
  const leaf = thread.leaf(data);
  return recvOf(thread, [leaf]).tensors[0] ?? leaf;
}
