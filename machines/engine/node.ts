import { canonical } from '../../src/core/canonical.ts';
import { digest } from '../../src/core/digest.ts';
import { unreachable } from '../../src/core/errors.ts';
import type { DeviceMap } from '../devices/maps.ts';
import type { Frame } from './frame.ts';
import type {
  Lineage,
  AutogradNode,
  CopySlicesNode,
  CustomNode,
  Edge,
  GraphRootNode,
  OperatorNode,
  RecvRpcBackwardNode,
  Saved,
  SendRpcBackwardNode,
  Tensor,
  View,
} from './graph.ts';
import type { AutogradContextId, AutogradMessageId, AutogradNodeId, TensorId } from './ids.ts';
import { autogradNodeId } from './ids.ts';
import { metadataOf } from './tensor.ts';

/** The edge that leads nowhere. */
export const noEdge: Edge = Object.freeze({ type: 'no-edge' });

/** PyTorch gives AccumulateGrad UINT64_MAX, so that leaves come first; here the largest safe integer. */
export const sequenceNrMax = Number.MAX_SAFE_INTEGER;

/** What a maker of nodes gives back. */
export interface Made<Node extends AutogradNode> {
  readonly frame: Frame;
  readonly node: Node;
}

/** A node of an operator, before it has a number. */
export interface OperatorNodeOptions {
  readonly frame: Frame;
  readonly name: string;
  readonly nextEdges: readonly Edge[];
  readonly outputs: readonly Tensor[];
  readonly saved: readonly Saved[];
}

/**
 * The edge along which the gradient of `source` leaves: to the node that made it, to the AccumulateGrad
 * of a leaf, or nowhere. AccumulateGrad follows from the leaf's name, so it is the same wherever it is
 * asked for.
 *
 * @see PyTorch, `torch/csrc/autograd/variable.cpp`, `gradient_edge`.
 */
export function gradientEdge(source: Tensor): Edge {
  if (source.gradFn !== undefined) {
    const { node, outputNr } = source.gradFn;
    return { inputNr: outputNr, node, type: 'edge' };
  }
  if (!source.requiresGrad || source.id === undefined) return noEdge;
  return { inputNr: 0, node: accumulateGrad(source, source.id), type: 'edge' };
}

/** The node of an operator's backward. */
export function operatorNode(options: OperatorNodeOptions): Made<AutogradNode> {
  const { frame, name, nextEdges, outputs, saved } = options;
  const node = born({
    id: nextNodeId(frame),
    inputMetadata: outputs.map((output) => metadataOf(output)),
    name,
    nextEdges,
    saved,
    sequenceNr: frame.nextSequenceNr,
    type: 'operator',
  });
  return { frame: advance(frame), node };
}

/** What `copySlices` takes. */
export interface CopySlicesOptions {
  /** Where the gradient of the whole went before. */
  readonly base: Edge;
  readonly frame: Frame;
  readonly inner: OperatorNode;
  readonly self: Tensor;
  readonly view: View;
}

/** The history of a tensor that `inner` changed through a view of it, `self`. */
export function copySlices(options: CopySlicesOptions): Made<CopySlicesNode> {
  const { base, frame, inner, self, view } = options;
  const node: CopySlicesNode = born({
    id: nextNodeId(frame),
    inner,
    inputMetadata: [metadataOf({ ...self, shape: view.base })],
    name: 'CopySlices',
    nextEdges: [base, ...inner.nextEdges.slice(1)],
    place: view.place,
    sequenceNr: frame.nextSequenceNr,
    type: 'copy-slices',
  });
  return { frame: advance(frame), node };
}

/** A node of user code, before it has a number. */
export interface CustomNodeOptions extends Omit<OperatorNodeOptions, 'saved'> {
  readonly fn: string;
  readonly kept: readonly unknown[];
  readonly storages: CustomNode['storages'];
}

/** The node of a function of user code. */
export function customNode(options: CustomNodeOptions): Made<CustomNode> {
  const { fn, frame, kept, name, nextEdges, outputs, storages } = options;
  const node: CustomNode = born({
    fn,
    id: nextNodeId(frame),
    inputMetadata: outputs.map((output) => metadataOf(output)),
    kept,
    name,
    nextEdges,
    sequenceNr: frame.nextSequenceNr,
    storages,
    type: 'custom',
  });
  return { frame: advance(frame), node };
}

/** `tensors` as made by `node`: those that require a gradient become its outputs, in order. */
export function withHistory(tensors: readonly Tensor[], node: AutogradNode): readonly Tensor[] {
  let outputNr = -1;
  return tensors.map((each) => {
    if (!each.requiresGrad) return each;
    outputNr += 1;
    const { data, device, dtype, layout, shape, sparse, storage } = each;
    const gradFn = { node, outputNr };
    const made: Tensor = {
      data,
      device,
      dtype,
      gradFn,
      layout,
      requiresGrad: true,
      shape,
      ...(sparse === undefined ? {} : { sparse }),
      type: 'tensor',
    };
    return canonical(storage === undefined ? made : { ...made, storage });
  });
}

/** What a send function is made of. */
export interface SendFunctionOptions {
  readonly autogradMessageId: AutogradMessageId;
  readonly frame: Frame;
  /** The table of tensors of the message. */
  readonly tensors: readonly Tensor[];
}

/**
 * The send function of a message: in backward, the gradients that come back for its tensors start here.
 *
 * @see PyTorch, `torch/csrc/distributed/autograd/utils.cpp`, `addSendRpcBackward`.
 */
export function sendRpcBackward(options: SendFunctionOptions): Made<SendRpcBackwardNode> {
  const { autogradMessageId, frame, tensors } = options;
  const travelling = tensors.filter(({ requiresGrad }) => requiresGrad);
  const node: SendRpcBackwardNode = born({
    autogradMessageId,
    id: nextNodeId(frame),
    inputMetadata: travelling.map((each) => metadataOf(each)),
    name: 'SendRpcBackward',
    nextEdges: travelling.map((each) => gradientEdge(each)),
    sequenceNr: frame.nextSequenceNr,
    type: 'send-rpc-backward',
  });
  return { frame: advance(frame), node };
}

/** What a recv function is made of. */
export interface RecvFunctionOptions extends SendFunctionOptions {
  readonly contextId: AutogradContextId;
  readonly deviceMap?: DeviceMap | undefined;
  readonly fromWorker: string;
  readonly lineage?: Lineage | undefined;
}

/** A recv function and the received tensors, whose history it now is. */
export interface MadeRecvFunction extends Made<RecvRpcBackwardNode> {
  readonly tensors: readonly Tensor[];
}

/**
 * The recv function of a message: in backward it sends the gradients of the tensors to where they came
 * from.
 *
 * @see PyTorch, `torch/csrc/distributed/autograd/utils.cpp`, `addRecvRpcBackward`.
 */
export function recvRpcBackward(options: RecvFunctionOptions): MadeRecvFunction {
  const { autogradMessageId, contextId, deviceMap, frame, fromWorker, lineage, tensors } = options;
  const received = tensors.filter(({ requiresGrad }) => requiresGrad);
  const node: RecvRpcBackwardNode = born({
    autogradMessageId,
    contextId,
    ...(deviceMap === undefined ? {} : { deviceMap }),
    fromWorker,
    id: nextNodeId(frame),
    inputMetadata: received.map((each) => metadataOf(each)),
    ...(lineage === undefined ? {} : { lineage }),
    name: 'RecvRpcBackward',
    nextEdges: [],
    sequenceNr: frame.nextSequenceNr,
    type: 'recv-rpc-backward',
  });
  return { frame: advance(frame), node, tensors: withHistory(tensors, node) };
}

/** What a graph root is made of: an edge and a gradient for each root; none where a send function starts. */
export interface GraphRootOptions {
  readonly edges: readonly Edge[];
  readonly frame: Frame;
  readonly grads: readonly Tensor[];
}

/** The node from which a backward pass starts. */
export function graphRoot({ edges, frame, grads }: GraphRootOptions): Made<GraphRootNode> {
  const node: GraphRootNode = born({
    grads,
    id: nextNodeId(frame),
    inputMetadata: [],
    name: 'GraphRoot',
    nextEdges: edges,
    sequenceNr: frame.nextSequenceNr,
    type: 'graph-root',
  });
  return { frame: advance(frame), node };
}

function accumulateGrad(leaf: Tensor, variable: TensorId): AutogradNode {
  return born({
    id: autogradNodeId(`AccumulateGrad(${variable})`),
    inputMetadata: [metadataOf(leaf)],
    name: 'AccumulateGrad',
    nextEdges: [],
    sequenceNr: sequenceNrMax,
    type: 'accumulate-grad',
    variable,
  });
}

/** Canonical and digested at birth: the nodes behind it were so before, hence one level of work. */
function born<Node extends AutogradNode>(node: Node): Node {
  const made = canonical(node);
  digest(made);
  return made;
}

function nextNodeId({ nextSequenceNr, threadId }: Frame): AutogradNodeId {
  return autogradNodeId(`${threadId}#${nextSequenceNr}`);
}

function advance(frame: Frame): Frame {
  return { ...frame, nextSequenceNr: frame.nextSequenceNr + 1 };
}

/**
 * The class of a node with its namespaces, as profilers show it.
 *
 * @see PyTorch, `torch/csrc/autograd/function.h`, `Node::name`.
 */
export function qualifiedName({ name, type }: AutogradNode): string {
  switch (type) {
    case 'accumulate-grad':
    case 'copy-slices':
    case 'graph-root':
      return `torch::autograd::${name}`;
    case 'recv-rpc-backward':
    case 'send-rpc-backward':
      return `torch::distributed::autograd::${name}`;
    case 'custom':
      return name;
    case 'operator':
      return handWritten.has(name) ? `torch::autograd::${name}` : name;
    default:
      return unreachable(type);
  }
}

/** Operators whose nodes PyTorch does not generate. */
const handWritten: ReadonlySet<string> = new Set(['CopyBackwards']);

/** The name of the node that an edge leads to as the history of a tensor; a leaf has none. */
export function nameOfHistory(edge: Edge): string | undefined {
  return edge.type === 'edge' && edge.node.type !== 'accumulate-grad'
    ? qualifiedName(edge.node)
    : undefined;
}
