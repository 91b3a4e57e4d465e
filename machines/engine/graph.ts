/**
 * The vocabulary of the autograd graph. Everything here is frozen plain data that is canonical and
 * digested when it is born: each part remembers its digest, so no walk ever goes deeper than one node,
 * however long the graph behind a tensor is.
 */
import type { PersistentMap } from '../../src/core/persistent-map.ts';
import type { Stamp } from '../devices/clock.ts';
import type { DeviceMap } from '../devices/maps.ts';
import type {
  AutogradContextId,
  AutogradMessageId,
  AutogradNodeId,
  StorageId,
  TensorId,
} from './ids.ts';

/** Messages that carried tensors, by names that sort as their ids do. */
export type Lineage = PersistentMap<true>;

/** The sizes of the dimensions; none for a scalar. */
export type Shape = readonly number[];

/** Operators compute in float32 and float64; the others can be carried. */
export type DType = 'float32' | 'float64' | 'int64' | 'bool';

/** How elements lie in memory, as PyTorch writes it in texts. */
export type Layout = 'Strided' | 'Sparse' | 'SparseCsr';

/** A tensor: its elements in row-major order (of a sparse one, those that it has), each rounded to its type, and where it comes from. */
export interface Tensor {
  readonly data: readonly number[];
  readonly device: string;
  readonly dtype: DType;
  /** The node that made it; absent for a leaf and for what needs no gradient. */
  readonly gradFn?: GradFn;
  /** Which leaf it is; present only when it is a leaf that requires a gradient. */
  readonly id?: TensorId;
  readonly layout: Layout;
  /** What wrote its elements, where they lie on a device with streams. */
  readonly ready?: Stamp;
  readonly requiresGrad: boolean;
  readonly shape: Shape;
  /** Where its elements are in the shape, if it has only some (`layout` is `Sparse` then). */
  readonly sparse?: Sparsity;
  /** Where its elements lie, if they were changed in place; else that follows from its history. */
  readonly storage?: Storage;
  readonly type: 'tensor';
  /** Where in its storage, if it is a view without a history; else that follows from it. */
  readonly view?: View;
}

/**
 * Which elements a sparse tensor has; all others are zero. The elements are those of as many slices as are
 * named here, one after the other.
 */
export interface Sparsity {
  /** For each of the first dimensions, the place there of each slice. */
  readonly indices: readonly (readonly number[])[];
  /** Whether each place is named once, and they are in order; else what is named twice counts as the sum. */
  readonly isCoalesced: boolean;
}

/** What several tensors may share: who changes the elements in place counts its version up. */
export interface Storage {
  readonly id: StorageId;
  readonly version: number;
}

/** Where elements lie among others, which lie in row-major order. */
export interface Strided {
  readonly offset: number;
  readonly sizes: Shape;
  readonly strides: readonly number[];
}

/**
 * How a view came to be, which decides whether it may be changed in place: as any, as one of many, or without
 * recording; what `detach` gives is none for autograd.
 *
 * @see PyTorch, `torch/csrc/autograd/variable.h`, `CreationMeta`.
 */
export type ViewOrigin = 'default' | 'detached' | 'many' | 'no-grad';

/** What a tensor is a view of, and where it lies there. */
export interface View {
  /** The shape of what it is a view of. */
  readonly base: Shape;
  /** Where the gradient of that goes, if it requires one. */
  readonly edge?: NodeEdge;
  readonly origin: ViewOrigin;
  readonly place: Strided;
}

/** PyTorch's undefined tensor: no gradient came this way, which counts as zero. */
export interface UndefinedTensor {
  readonly type: 'undefined-tensor';
}

/** What flows along an edge in backward. */
export type Gradient = Tensor | UndefinedTensor;

/** Which output of which node a tensor is. */
export interface GradFn {
  readonly node: AutogradNode;
  readonly outputNr: number;
}

/** What a node expects of the gradient at one of its inputs. */
export interface InputMetadata {
  readonly device: string;
  readonly dtype: DType;
  readonly layout: Layout;
  readonly shape: Shape;
}

/** Where a node sends one of its gradients. */
export type Edge = NodeEdge | { readonly type: 'no-edge' };

/** The input of a node. */
export interface NodeEdge {
  readonly inputNr: number;
  readonly node: AutogradNode;
  readonly type: 'edge';
}

/** What one derivative of an operator needs from forward. */
export type Saved = Readonly<Record<string, SavedValue>>;

/** A saved tensor is bare: what history it had follows from the edges of the node that keeps it. */
export type SavedValue = Tensor | number | string | boolean | readonly number[];

interface NodeBase {
  readonly id: AutogradNodeId;
  readonly inputMetadata: readonly InputMetadata[];
  /** PyTorch's name of the node's class, `MulBackward0`. */
  readonly name: string;
  readonly nextEdges: readonly Edge[];
  /** Counts per thread; the larger runs first in backward. */
  readonly sequenceNr: number;
}

/** The backward of an operator; what it computes is looked up by its name. */
export interface OperatorNode extends NodeBase {
  /** One entry a next edge. */
  readonly saved: readonly Saved[];
  readonly type: 'operator';
}

/**
 * The history of what was changed in place through a view of it: the operator takes the gradient of the view,
 * and what it gives by it replaces that part of the gradient. Its first edge leads to what the base was before.
 *
 * @see PyTorch, `torch/csrc/autograd/functions/tensor.cpp`, `CopySlices`.
 */
export interface CopySlicesNode extends NodeBase {
  readonly inner: OperatorNode;
  /** Where the view lies in its base. */
  readonly place: Strided;
  readonly type: 'copy-slices';
}

/** The backward of an operator that user code defines. */
export interface CustomNode extends NodeBase {
  /** The name of the function that computes the gradients. */
  readonly fn: string;
  /** What forward keeps for it. */
  readonly kept: readonly unknown[];
  /** The storages of the tensors among them. */
  readonly storages: readonly (Storage | undefined)[];
  readonly type: 'custom';
}

/** Where the gradient of a leaf arrives. */
export interface AccumulateGradNode extends NodeBase {
  readonly type: 'accumulate-grad';
  readonly variable: TensorId;
}

/** On the worker that sent tensors: gradients come back to it by a message. */
export interface SendRpcBackwardNode extends NodeBase {
  readonly autogradMessageId: AutogradMessageId;
  readonly type: 'send-rpc-backward';
}

/** On the worker that received tensors: it sends their gradients back. */
export interface RecvRpcBackwardNode extends NodeBase {
  readonly autogradMessageId: AutogradMessageId;
  readonly contextId: AutogradContextId;
  /** Where the gradients go from which device; as all requests do unless it says so. */
  readonly deviceMap?: DeviceMap;
  readonly fromWorker: string;
  /** The messages that its own depends on, itself among them; only where messages tell them. */
  readonly lineage?: Lineage;
  readonly type: 'recv-rpc-backward';
}

/** The start of a backward pass: it hands out the gradients of the roots. */
export interface GraphRootNode extends NodeBase {
  readonly grads: readonly Tensor[];
  readonly type: 'graph-root';
}

/** A node of the autograd graph. */
export type AutogradNode =
  | OperatorNode
  | CopySlicesNode
  | CustomNode
  | AccumulateGradNode
  | SendRpcBackwardNode
  | RecvRpcBackwardNode
  | GraphRootNode;
