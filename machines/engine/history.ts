/**
 * What a saved tensor was to its node: one of the inputs, or a result. Its history is therefore that of an
 * edge of the node, and need not be kept beside it.
 *
 * @see PyTorch, `torch/csrc/autograd/saved_variable.cpp`, `SavedVariable::unpack`.
 */
import { canonical } from '../../src/core/canonical.ts';
import type { Edge, OperatorNode, Storage, Tensor } from './graph.ts';
import { storageId, tensorId } from './ids.ts';

/** Which differentiable input the saved tensors of these names are. */
const inputNamed: Readonly<Record<string, number>> = {
  exponent: 0,
  input: 0,
  mat1: 1,
  mat2: 2,
  other: 1,
  self: 0,
  target: 1,
};

/** Where the saved tensor `name` of a node comes from; nowhere for one without a gradient, an index say. */
export function originOf(node: OperatorNode, name: string): Edge | undefined {
  if (name === 'result') return { inputNr: 0, node, type: 'edge' };
  const place = Object.hasOwn(inputNamed, name) ? inputNamed[name] : undefined;
  return place === undefined ? undefined : node.nextEdges[place];
}

/** The elements of `source` as what an edge leads to: a leaf, or a result of a node. */
export function withHistoryOf(source: Tensor, edge: Edge | undefined): Tensor {
  if (edge === undefined || edge.type === 'no-edge') return source;
  const { inputNr, node } = edge;
  const origin =
    node.type === 'accumulate-grad'
      ? { id: node.variable }
      : { gradFn: { node, outputNr: inputNr } };
  return canonical({ ...source, ...origin, requiresGrad: true });
}

/** The name under which the gradient of a tensor is kept: that of the leaf, or of the result of a node. */
export function gradNameOf({ gradFn, id }: Tensor) {
  if (gradFn === undefined) return id;
  return tensorId(`${gradFn.node.id}:${gradFn.outputNr}`);
}

/** A storage that nobody else has: what an operator in place keeps of its input is a copy. */
export function copyFor(node: string): Storage {
  return { id: storageId(`${node}:copy`), version: 0 };
}
