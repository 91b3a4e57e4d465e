import { unreachable } from '../../src/core/errors.ts';
import { deleteIn, getIn, hasIn } from '../../src/core/persistent-map.ts';
import type { EngineFact, GraphTask } from './graph-task-state.ts';
import { shouldExecute } from './graph-task-state.ts';
import type { AutogradNode, Gradient, OperatorNode, RecvRpcBackwardNode, Tensor } from './graph.ts';
import { derivativeAt } from './operator.ts';
import { operatorsByNode } from './operators.ts';
import type { ReadyTask } from './ready-queue.ts';
import { filled, toDevice, undefinedTensor } from './tensor.ts';
import { torchCheck } from './torch-error.ts';
import { functionPrefix, validateOutputs } from './validate-outputs.ts';

/** What running a node gave. */
export interface FunctionResult {
  readonly facts: readonly EngineFact[];
  readonly outputs: readonly Gradient[];
  readonly task: GraphTask;
}

/**
 * Runs the backward of one node and checks what it gives.
 *
 * @throws {TorchError} what the node raises.
 * @see PyTorch, `torch/csrc/autograd/engine.cpp`, `call_function`.
 */
export function callFunction(task: GraphTask, { inputs, node }: ReadyTask): FunctionResult {
  const result = apply(task, { inputs, node });
  const outputs = validateOutputs({
    edges: node.nextEdges,
    grads: result.outputs,
    prefix: functionPrefix(node.name),
  });
  return { ...result, outputs };
}

/** Whether a node has saved tensors, which are gone once it ran without `keepGraph`. */
export function savesTensors(node: AutogradNode): node is OperatorNode {
  return (
    node.type === 'operator' &&
    node.saved.some((saved) =>
      Object.values(saved).some((value) => typeof value === 'object' && 'type' in value),
    )
  );
}

function apply(task: GraphTask, { inputs, node }: ReadyTask): FunctionResult {
  switch (node.type) {
    case 'operator':
      return { facts: [], outputs: differentiate(task, { inputs, node }), task };
    case 'accumulate-grad': {
      const [grad] = inputs;
      const { variable } = node;
      const facts: readonly EngineFact[] =
        grad?.type === 'tensor' ? [{ type: 'gradient.captured', grad, variable }] : [];
      return { facts, outputs: [], task };
    }
    case 'send-rpc-backward': {
      // The gradients are moved out of the function: a second run without new ones returns none.
      const grads = getIn(task.sendGrads, node.id) ?? [];
      torchCheck(
        grads.every(({ type }) => type === 'tensor'),
        "BUG!: SendRpcBackward didn't receive valid gradients",
      );
      const sendGrads = deleteIn(task.sendGrads, node.id);
      return { facts: [], outputs: grads, task: { ...task, sendGrads } };
    }
    case 'recv-rpc-backward':
      return { facts: [sendBack(task, { inputs, node })], outputs: [], task };
    case 'graph-root':
      return { facts: [], outputs: node.grads, task };
    default:
      return unreachable(node);
  }
}

interface Applied<Node extends AutogradNode> {
  readonly inputs: readonly Gradient[];
  readonly node: Node;
}

function differentiate(
  task: GraphTask,
  { inputs, node }: Applied<OperatorNode>,
): readonly Gradient[] {
  torchCheck(
    !(savesTensors(node) && hasIn(task.released, node.id)),
    'Trying to backward through the graph a second time (or directly access saved tensors after they ' +
      'have already been freed). Saved intermediate values of the graph are freed when you call ' +
      '.backward() or autograd.grad(). Specify retain_graph=True if you need to backward through the ' +
      'graph a second time or if you need to access saved tensors after calling backward.',
  );
  const [grad, ...others] = defined({ inputs, node });
  const isDefined = inputs.some(({ type }) => type === 'tensor');
  const operator = operatorsByNode.get(node.name);
  return node.nextEdges.map((edge, index) => {
    const derivative = operator === undefined ? undefined : derivativeAt(operator, index);
    if (edge.type === 'no-edge' || derivative === undefined || grad === undefined || !isDefined) {
      return undefinedTensor;
    }
    if (!shouldExecute(task, edge.node.id)) return undefinedTensor;
    const saved = node.saved[index] ?? {};
    const gradient = derivative.gradient({ grad, grads: [grad, ...others], saved });
    return gradient.device === grad.device ? gradient : toDevice(gradient, grad.device);
  });
}

/** Zeros where no gradient came. */
function defined({ inputs, node }: Applied<AutogradNode>): readonly Tensor[] {
  return node.inputMetadata.map((metadata, index) => {
    const input = inputs[index];
    return input?.type === 'tensor' ? input : filled(metadata, 0);
  });
}

/** @see PyTorch, `torch/csrc/distributed/autograd/functions/recvrpc_backward.cpp`, `apply`. */
function sendBack(task: GraphTask, { inputs, node }: Applied<RecvRpcBackwardNode>): EngineFact {
  torchCheck(
    !task.contextIsGone,
    'Autograd context no longer valid! This usually means the autograd context was cleaned up by a ' +
      'different thread due to an error before RecvRcpBackward had a chance to run',
  );
  const { autogradMessageId, contextId, fromWorker } = node;
  return {
    type: 'gradient.sent',
    autogradMessageId,
    contextId,
    grads: defined({ inputs, node }),
    retainGraph: task.keepGraph,
    toWorker: fromWorker,
  };
}
