import { canonical } from '../../src/core/canonical.ts';
import { invariant } from '../../src/core/errors.ts';
import type { PersistentMap } from '../../src/core/persistent-map.ts';
import { emptyMap, mapOf } from '../../src/core/persistent-map.ts';
import type { AutogradNode, Edge, RecvRpcBackwardNode, SendRpcBackwardNode } from './graph.ts';
import type { AutogradMessageId, AutogradNodeId, TensorId } from './ids.ts';

/** What happens to a gradient that arrives at a captured node. */
export type Capture =
  /** A leaf: its gradient goes to whoever accumulates. */
  | { readonly type: 'accumulate'; readonly inputNr: number; readonly variable: TensorId }
  /** What `grad()` asked for. */
  | { readonly type: 'keep'; readonly inputNr: number; readonly outputNr: number };

/** What a pass does with a node: runs it if needed, takes gradients that arrive at it. */
export interface ExecInfo {
  readonly captures: readonly Capture[];
  readonly needed: boolean;
}

/** What a pass must know of the graph before it starts. */
export interface DependencyState {
  /** The send functions that wait to be fed, by node. */
  readonly awaited: PersistentMap<AutogradMessageId>;
  readonly dependencies: PersistentMap<number>;
  readonly execInfo: PersistentMap<ExecInfo>;
  readonly outstandingTasks: number;
}

/** Where a distributed pass may start on a worker. */
export interface DependencyOptions {
  /** The root of the pass; without edges where the pass comes from another worker. */
  readonly graphRoot: AutogradNode;
  /** The send functions of the context in the order of their table; in SMART mode those in use. */
  readonly sendFunctions: readonly SendRpcBackwardNode[];
}

/**
 * How many gradients each node waits for, which nodes lie on a path to a leaf or a recv function, and one
 * outstanding task for each send function, since FAST mode takes each of them to be fed.
 *
 * A recv function is captured in PyTorch too, without a hook: nobody sees that, so here it is only needed.
 *
 * @see PyTorch, `torch/csrc/distributed/autograd/engine/dist_engine.cpp`, `computeDependencies`.
 */
export function computeDependencies(options: DependencyOptions): DependencyState {
  const { graphRoot, sendFunctions } = options;
  const starts = [graphRoot, ...sendFunctions];
  const { counts, ends } = countDependencies(starts);
  const targets = new Map<AutogradNodeId, ExecInfo>(ends.map((end) => [end.id, infoOfEnd(end)]));
  return {
    awaited: mapOf(sendFunctions.map((send) => [send.id, send.autogradMessageId] as const)),
    dependencies: mapOf(counts),
    execInfo: targets.size === 0 ? emptyMap() : initToExecute(starts, targets),
    outstandingTasks: sendFunctions.length,
  };
}

/** How many edges lead to each node that can be reached, and the nodes without next edges. */
export interface DependencyCounts {
  readonly counts: ReadonlyMap<AutogradNodeId, number>;
  readonly ends: readonly AutogradNode[];
}

/** Counts the edges that lead to each node, breadth first, each node's edges once; none of what is skipped. */
export function countDependencies(
  starts: readonly AutogradNode[],
  skipped: Skipped = nothing,
): DependencyCounts {
  const counts = new Map<AutogradNodeId, number>();
  const ends: AutogradNode[] = [];
  const queue = [...starts];
  for (const node of queue) {
    if (skipped.has(node.id)) continue;
    for (const next of nodesAfter(node.nextEdges)) {
      const seen = counts.get(next.id);
      counts.set(next.id, (seen ?? 0) + 1);
      if (seen === undefined) {
        queue.push(next);
        if (next.nextEdges.length === 0) ends.push(next);
      }
    }
  }
  return { counts, ends };
}

/** The recv functions that can be reached, in the order in which a walk in breadth meets them. */
export function recvFunctionsFrom(starts: readonly AutogradNode[]): readonly RecvRpcBackwardNode[] {
  return countDependencies(starts).ends.filter((end) => end.type === 'recv-rpc-backward');
}

/**
 * The targets and all their ancestors as needed; other nodes, and what is skipped, get no entry.
 *
 * @see PyTorch, `torch/csrc/autograd/engine.cpp`, `GraphTask::init_to_execute`.
 */
export function initToExecute(
  starts: readonly AutogradNode[],
  targets: ReadonlyMap<AutogradNodeId, ExecInfo>,
  skipped: Skipped = nothing,
): PersistentMap<ExecInfo> {
  const infos = new Map(targets);
  visitBottomUp(starts, ({ next, node }) => {
    if (skipped.has(node.id)) return;
    if (next.some(({ id }) => infos.has(id))) infos.set(node.id, needed(infos.get(node.id)));
  });
  return mapOf(infos);
}

/** Nodes that a pass does not go through. */
type Skipped = ReadonlySet<AutogradNodeId>;

const nothing: Skipped = new Set();

/** Leaves each node after all that lie behind it. The walk keeps its own stack: graphs are deeper than JavaScript's. */
export function visitBottomUp(
  starts: readonly AutogradNode[],
  leave: (left: Pick<Visit, 'next' | 'node'>) => void,
): void {
  const seen = new Set<AutogradNodeId>();
  const stack: Visit[] = starts.map(visit).toReversed();
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const child = top.next[top.position];
    top.position += 1;
    if (child === undefined) {
      stack.pop();
      leave(top);
    } else if (!seen.has(child.id)) {
      seen.add(child.id);
      stack.push(visit(child));
    }
  }
}

interface Visit {
  readonly next: readonly AutogradNode[];
  readonly node: AutogradNode;
  position: number;
}

function visit(node: AutogradNode): Visit {
  return { next: nodesAfter(node.nextEdges), node, position: 0 };
}

function nodesAfter(edges: readonly Edge[]): readonly AutogradNode[] {
  return edges.flatMap((edge) => (edge.type === 'edge' ? [edge.node] : []));
}

const plainlyNeeded: ExecInfo = canonical({ captures: [], needed: true });

function needed(info: ExecInfo | undefined): ExecInfo {
  return info === undefined ? plainlyNeeded : { ...info, needed: true };
}

function infoOfEnd(end: AutogradNode): ExecInfo {
  if (end.type === 'accumulate-grad') {
    const { variable } = end;
    return { captures: [{ type: 'accumulate', inputNr: 0, variable }], needed: false };
  }
  invariant(
    end.type === 'recv-rpc-backward',
    'engine/bad-graph',
    `The graph ends at ${end.name} ${end.id}. It can end only at a leaf or at a recv function.`,
  );
  return plainlyNeeded;
}
