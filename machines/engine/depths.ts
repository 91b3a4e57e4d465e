/**
 * How deep nodes lie: the longest path from each to the end of its graph. A pass that wants gradients by certain
 * tensors leaves out what lies less deep than all of these, since nothing of it can lead there.
 *
 * @see PyTorch, `torch/csrc/autograd/function.h`, `Node::topological_nr`; `engine.cpp`,
 * `compute_min_topological_nr`, `compute_dependencies`.
 */
import type { PersistentMap } from '../../src/core/persistent-map.ts';
import { hasIn } from '../../src/core/persistent-map.ts';
import { visitBottomUp } from './dependencies.ts';
import type { AutogradNode } from './graph.ts';
import type { AutogradNodeId } from './ids.ts';

/** Nodes whose depth another thread is about to write: until then it reads as that of a leaf. */
export type ChangingDepths = PersistentMap<true>;

/** What is wanted of a graph. */
export interface Wanted {
  readonly changing: ChangingDepths;
  readonly start: AutogradNode;
  /** The nodes at which gradients are taken. */
  readonly targets: Iterable<AutogradNodeId>;
}

/** The nodes that seem to lie less deep than every target. */
export function tooShallow({ changing, start, targets }: Wanted): ReadonlySet<AutogradNodeId> {
  const depths = new Map<AutogradNodeId, number>();
  visitBottomUp([start], ({ node, next }) => {
    depths.set(node.id, Math.max(-1, ...next.map(({ id }) => depths.get(id) ?? 0)) + 1);
  });
  const seen = ([id, depth]: readonly [AutogradNodeId, number]) =>
    [id, hasIn(changing, id) ? 0 : depth] as const;
  const read = new Map([...depths].map(seen));
  const least = Math.min(...[...targets].map((id) => read.get(id) ?? 0));
  return new Set([...read].flatMap(([id, depth]) => (depth < least ? [id] : [])));
}

/** All nodes behind some, those first that lie behind others. */
export function nodesBottomUp(starts: readonly AutogradNode[]): readonly AutogradNodeId[] {
  const nodes = new Set<AutogradNodeId>();
  visitBottomUp(starts, ({ node }) => nodes.add(node.id));
  return [...nodes];
}
