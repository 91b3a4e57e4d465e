import { unreachable } from '../../src/core/errors.ts';
import { deleteIn, getIn, hasIn } from '../../src/core/persistent-map.ts';
import { newFrame } from './frame.ts';
import type { EngineFact, GraphTask } from './graph-task-state.ts';
import { shouldExecute } from './graph-task-state.ts';
import type {
  AutogradNode,
  CopySlicesNode,
  CustomNode,
  Edge,
  Gradient,
  OperatorNode,
  RecvRpcBackwardNode,
  Strided,
  Tensor,
} from './graph.ts';
import { threadId } from './ids.ts';
import { derivativeAt } from './operator.ts';
import { operatorsByNode } from './operators.ts';
import type { ReadyTask } from './ready-queue.ts';
import { recordInto } from './record.ts';
import { differentiateRecorded, sumRecorded } from './recording-pass.ts';
import { sparseGradient } from './sparse-gradient.ts';
import { isSparse } from './sparse.ts';
import { filled, toDevice, undefinedTensor } from './tensor.ts';
import { torchCheck } from './torch-error.ts';
import { functionPrefix, validateOutputs } from './validate-outputs.ts';
import { checkVersions } from './versions.ts';

/** What running a node gave. */
export interface FunctionResult {
  readonly facts: readonly EngineFact[];
  readonly outputs: readonly Gradient[];
  readonly task: GraphTask;
}

/**
 * Runs the backward of one node that is no user code, and checks what it gives.
 *
 * @throws {TorchError} what the node raises.
 * @see PyTorch, `torch/csrc/autograd/engine.cpp`, `call_function`.
 */
export function callFunction(
  task: GraphTask,
  ready: ReadyTask & { readonly node: BuiltInNode },
): FunctionResult {
  const { facts, outputs, task: after } = apply(task, ready);
  return { facts, ...checkOutputs(after, { node: ready.node, outputs }) };
}

/** What a node gave, and what fits the nodes that it goes to. */
export function checkOutputs(
  task: GraphTask,
  { node, outputs: grads }: { readonly node: AutogradNode; readonly outputs: readonly Gradient[] },
): Omit<FunctionResult, 'facts'> {
  const validation = { edges: node.nextEdges, grads, prefix: functionPrefix(node.name) };
  if (task.recording === undefined) return { outputs: validateOutputs(validation), task };
  let { recording } = task;
  const outputs = validateOutputs({
    ...validation,
    sum: (grad, shape) => {
      const summed = sumRecorded(recording, grad, shape);
      recording = summed.frame;
      return summed.gradient;
    },
  });
  return { outputs, task: { ...task, recording } };
}

/** A node whose backward is part of the engine. */
export type BuiltInNode = Exclude<AutogradNode, CustomNode>;

/** Whether a node has saved tensors, which are gone once it ran without `keepGraph`. */
export function savesTensors(node: AutogradNode): boolean {
  if (node.type === 'custom') return node.kept.length > 0;
  // It lets go of its operator, whether or not that saved anything.
  if (node.type === 'copy-slices') return true;
  return (
    node.type === 'operator' &&
    node.saved.some((saved) =>
      Object.values(saved).some((value) => typeof value === 'object' && 'type' in value),
    )
  );
}

function apply(task: GraphTask, { inputs, node }: Applied<BuiltInNode>): FunctionResult {
  switch (node.type) {
    case 'operator':
      requireSaved(task, node);
      return { facts: [], ...differentiate(task, { edges: node.nextEdges, inputs, node }) };
    case 'copy-slices':
      requireSaved(task, node);
      return { facts: [], ...differentiateSlices(task, { inputs, node }) };
    case 'accumulate-grad': {
      const [grad] = inputs;
      const { variable } = node;
      const facts: readonly EngineFact[] =
        grad?.type === 'tensor' ? [{ type: 'gradient.captured', grad, variable }] : [];
      return { facts, outputs: [], task };
    }
    case 'send-rpc-backward': {
      torchCheck(inputs.length === 0, 'SendRpcBackward should receive no inputs');
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

/** Where what an operator gives goes, if it is wanted there. */
interface Differentiated extends Applied<OperatorNode> {
  readonly edges: readonly Edge[];
}

function differentiate(
  task: GraphTask,
  { edges, inputs, node }: Differentiated,
): Omit<FunctionResult, 'facts'> {
  const grads = defined({ inputs, node });
  const [grad] = grads;
  const isDefined = inputs.some(({ type }) => type === 'tensor');
  const operator = operatorsByNode.get(node.name);
  let { recording } = task;
  const outputs = edges.map((edge, index) => {
    const derivative = operator === undefined ? undefined : derivativeAt(operator, index);
    if (edge.type === 'no-edge' || derivative === undefined || grad === undefined || !isDefined) {
      return undefinedTensor;
    }
    if (!shouldExecute(task, edge.node.id)) return undefinedTensor;
    if (recording !== undefined) {
      const recorded = differentiateRecorded({ frame: recording, grads, index, node });
      recording = recorded.frame;
      return recorded.gradient;
    }
    const pass = { grad, grads, saved: node.saved[index] ?? {} };
    const gradient = isSparse(grad)
      ? sparseGradient(node.name, derivative, { ...pass, grad })
      : derivative.gradient(pass);
    const isPlaced = gradient.device === grad.device || derivative.isPlaced === true;
    return isPlaced ? gradient : toDevice(gradient, grad.device);
  });
  return { outputs, task: recording === undefined ? task : { ...task, recording } };
}

/**
 * The part of the gradient that belongs to the view goes through the operator, and is replaced by what that
 * gives.
 *
 * @see PyTorch, `torch/csrc/autograd/functions/tensor.cpp`, `CopySlices::apply`.
 */
function differentiateSlices(
  task: GraphTask,
  { inputs: [grad = undefinedTensor], node }: Applied<CopySlicesNode>,
): Omit<FunctionResult, 'facts'> {
  const { inner, nextEdges, place } = node;
  if (grad.type !== 'tensor') return { outputs: nextEdges.map(() => undefinedTensor), task };
  const slice = applied(task, { args: [grad], op: 'as_strided', place });
  const given = differentiate(slice.task, { edges: nextEdges, inputs: [slice.value], node: inner });
  const [first = undefinedTensor, ...others] = given.outputs;
  if (first.type !== 'tensor') return given;
  const whole = applied(given.task, { args: [grad, first], op: 'as_strided_scatter', place });
  return { outputs: [whole.value, ...others], task: whole.task };
}

interface Place {
  readonly args: readonly Tensor[];
  readonly op: 'as_strided' | 'as_strided_scatter';
  readonly place: Strided;
}

/** Applies an operator, recorded where the pass records. */
function applied(
  task: GraphTask,
  { args, op, place }: Place,
): { readonly task: GraphTask; readonly value: Tensor } {
  const { offset, sizes, strides } = place;
  const frame = task.recording ?? { ...newFrame(threadId('pass')), gradMode: false };
  const part = { args, attributes: { offset, sizes, strides }, frame, op };
  const made = recordInto(part, undefined);
  return task.recording === undefined
    ? { task, value: made.value }
    : { task: { ...task, recording: made.frame }, value: made.value };
}

/**
 * What a node saved must be there, and as it was.
 *
 * @throws {TorchError} if a pass freed it, or it was changed in place.
 */
export function requireSaved(task: GraphTask, node: AutogradNode): void {
  torchCheck(
    !(savesTensors(node) && hasIn(task.released, node.id)),
    'Trying to backward through the graph a second time (or directly access saved tensors after they ' +
      'have already been freed). Saved intermediate values of the graph are freed when you call ' +
      '.backward() or autograd.grad(). Specify retain_graph=True if you need to backward through the ' +
      'graph a second time or if you need to access saved tensors after calling backward.',
  );
  if (task.versions !== undefined) checkVersions(node, task.versions);
}

/** Zeros where no gradient came. */
export function defined({ inputs, node }: Applied<AutogradNode>): readonly Tensor[] {
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
  const { autogradMessageId, contextId, deviceMap, fromWorker } = node;
  return {
    type: 'gradient.sent',
    autogradMessageId,
    contextId,
    ...(deviceMap === undefined ? {} : { deviceMap }),
    grads: defined({ inputs, node }),
    retainGraph: task.keepGraph,
    toWorker: fromWorker,
  };
}
