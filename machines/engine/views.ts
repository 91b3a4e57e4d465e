/**
 * What a tensor is a view of, and where its elements lie there. That follows from its history where it has
 * one: a node of a view leads to what was viewed.
 *
 * @see PyTorch, `torch/csrc/autograd/variable.h`, `DifferentiableViewMeta`.
 */
import type {
  Edge,
  GradFn,
  NodeEdge,
  Shape,
  Storage,
  Strided,
  Tensor,
  View,
  ViewOrigin,
} from './graph.ts';
import type { StorageId } from './ids.ts';
import { storageId } from './ids.ts';
import { gradientEdge } from './node.ts';
import type { Attributes, PrimitiveOperator, ResultOf } from './operator.ts';
import { operatorsByNode } from './operators.ts';
import { contiguous } from './operators/strided.ts';

/** The operators whose result is the elements of their input, laid out anew. */
const views: ReadonlySet<string> = new Set([
  'AsStridedBackward0',
  'DiagonalBackward0',
  'ExpandBackward0',
  'PermuteBackward0',
  'SelectBackward0',
  'SliceBackward0',
  'SplitBackward0',
  'SplitWithSizesBackward0',
  'SqueezeBackward0',
  'SqueezeBackward1',
  'TBackward0',
  'TransposeBackward0',
  'UnbindBackward0',
  'UnsqueezeBackward0',
  'ViewBackward0',
]);

/** Those that give several at once, of which none may be changed in place. */
const manyViews: ReadonlySet<string> = new Set([
  'SplitBackward0',
  'SplitWithSizesBackward0',
  'UnbindBackward0',
]);

/** What a tensor is a view of; nothing if it has its elements for itself. */
export function viewOf({ gradFn, view }: Tensor): View | undefined {
  if (view !== undefined || gradFn === undefined) return view;
  const { edge, isOneOfMany, place } = chainOf(gradFn);
  if (edge.node.id === gradFn.node.id) return undefined;
  return { base: shapeAt(edge), edge, origin: isOneOfMany ? 'many' : 'default', place };
}

/** One result of an operator that no node says to be a view. */
export interface PlainResult extends ResultOf {
  readonly attributes: Attributes;
  readonly input: Tensor;
  readonly isRecording: boolean;
  readonly operator: PrimitiveOperator;
}

/** What it is a view of, if its elements are those of the input. */
export function plainViewOf(result: PlainResult): View | undefined {
  const { attributes, input, isRecording, operator, outputNr, shapes } = result;
  const { layout, node } = operator;
  const before = viewOf(input);
  const viewed = before ?? ownedBy(input);
  if (node === detaching) return { ...viewed, origin: 'detached' };
  if (layout === undefined || !isView(node)) return undefined;
  const place = layout(viewed.place, attributes, { outputNr, shapes });
  return place && { ...viewed, origin: originOf({ before, isRecording, node }), place };
}

function ownedBy(input: Tensor): Omit<View, 'origin'> {
  const edge = gradientEdge(input);
  const { shape: base } = input;
  return { base, ...(edge.type === 'edge' ? { edge } : {}), place: contiguous(base) };
}

const detaching = 'DetachBackward0';

interface Made {
  readonly before: View | undefined;
  readonly isRecording: boolean;
  readonly node: string;
}

/** @see PyTorch, `torch/csrc/autograd/VariableTypeUtils.h`, `as_view`; `variable.h`, `propagate_creation_meta`. */
function originOf({ before, isRecording, node }: Made): ViewOrigin {
  if (before?.origin === 'detached') return 'detached';
  if (!isRecording) return 'no-grad';
  return manyViews.has(node) ? 'many' : (before?.origin ?? 'default');
}

/** Where the elements lie that an edge leads to, never changed so far: views lie where their base does. */
export function storageBehind(edge: Edge | undefined): Storage | undefined {
  if (edge === undefined || edge.type === 'no-edge') return undefined;
  const { edge: base } = chainOf({ node: edge.node, outputNr: edge.inputNr });
  return { id: nameOf(base), version: 0 };
}

/** Where the elements of a tensor lie; a constant is a value and lies nowhere. */
export function storageOf({ gradFn, id, storage }: Tensor): Storage | undefined {
  if (storage !== undefined) return storage;
  if (gradFn !== undefined) {
    return storageBehind({ inputNr: gradFn.outputNr, node: gradFn.node, type: 'edge' });
  }
  return id === undefined ? undefined : { id: storageId(id), version: 0 };
}

/** A way to what is viewed. */
interface Chain {
  readonly edge: NodeEdge;
  readonly isOneOfMany: boolean;
  readonly place: Strided;
}

/** What cannot be laid along what it was made of is a copy, as `reshape` makes one: the way ends there. */
function chainOf({ node, outputNr }: GradFn): Chain {
  const steps: NodeEdge[] = [];
  let edge: NodeEdge = { inputNr: outputNr, node, type: 'edge' };
  for (;;) {
    const { name, nextEdges, type } = edge.node;
    const [next] = nextEdges;
    if (type !== 'operator' || !isView(name) || next?.type !== 'edge') break;
    steps.push(edge);
    edge = next;
  }
  return steps.reduceRight(after, { edge, isOneOfMany: false, place: contiguous(shapeAt(edge)) });
}

function after(chain: Chain, step: NodeEdge): Chain {
  const { inputNr: outputNr, node } = step;
  const layout = operatorsByNode.get(node.name)?.layout;
  if (node.type !== 'operator' || layout === undefined) return chain;
  const shapes = node.inputMetadata.map(({ shape }) => shape);
  const place = layout(chain.place, node.saved[0] ?? {}, { outputNr, shapes });
  if (place === undefined) {
    return { edge: step, isOneOfMany: false, place: contiguous(shapeAt(step)) };
  }
  return { edge: chain.edge, isOneOfMany: chain.isOneOfMany || manyViews.has(node.name), place };
}

function shapeAt({ inputNr, node }: NodeEdge): Shape {
  return node.inputMetadata[inputNr]?.shape ?? [];
}

function nameOf({ inputNr, node }: NodeEdge): StorageId {
  return storageId(node.type === 'accumulate-grad' ? node.variable : `${node.id}:${inputNr}`);
}

/** Whether what an operator gives may be elements of its input. */
export function mayShare({ node }: PrimitiveOperator): boolean {
  return isView(node) || node === detaching;
}

/** Whether a node of this name gives what shares the elements of its input. */
function isView(name: string): boolean {
  return views.has(name);
}
