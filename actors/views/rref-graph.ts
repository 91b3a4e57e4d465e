/** Remote references as a graph: owners with their values, users with their forks, and what is pending. */
import type { WorkerContext } from '../../machines/rpc/context.ts';
import { nameOfWorker } from '../../machines/rpc/context.ts';
import type { OwnerRRef, UserRRef } from '../../machines/rref/tables.ts';
import type { World } from '../../src/index.ts';
import { entriesOf, getIn, hasIn, keysOf, unreachable, valuesOf } from '../../src/index.ts';
import { workersOf } from '../view.ts';
import type { Graph, GraphEdge, GraphNode } from './graph.ts';

/** All references of a cluster at one moment. */
export function rrefGraph(world: World): Graph {
  const workers = workersOf(world);
  const nodes = workers.flatMap((worker) => [...ownersOf(worker), ...usersOf(worker)]);
  const known = new Set(nodes.map(({ id }) => id));
  const forks = workers.flatMap((worker) => forksKnownTo(worker, known));
  return {
    edges: [
      ...workers.flatMap((worker) => edgesOf(worker, known)),
      ...forks.map(({ edge }) => edge),
    ],
    nodes: [...nodes, ...forks.flatMap(({ node }) => (node === undefined ? [] : [node]))],
  };
}

function ownersOf(worker: WorkerContext): readonly GraphNode[] {
  return valuesOf(worker.rrefs.ownerRRefs).map((owner) => ({
    group: worker.name,
    id: ownerNode(worker.id, owner.rrefId),
    kind: owner.state.type === 'no-value' ? 'owner-pending' : 'owner',
    label: `owner ${owner.rrefId}`,
    notes: [
      stateOf(owner),
      ...(getIn(worker.rrefs.owners, owner.rrefId) === owner.key ? [] : ['not in the table']),
      ...handlesOf(worker, owner.key),
    ],
  }));
}

function stateOf({ state, waiters }: OwnerRRef): string {
  const waits = waiters.length === 0 ? '' : `, ${waiters.length} waiting`;
  switch (state.type) {
    case 'no-value':
      return `no value yet${waits}`;
    case 'value':
      return `has its value${waits}`;
    case 'error':
      return `failed: ${state.message}`;
    default:
      return unreachable(state);
  }
}

function usersOf(worker: WorkerContext): readonly GraphNode[] {
  return valuesOf(worker.rrefs.users).map((user) => ({
    group: worker.name,
    id: forkNode(user.forkId),
    kind: kindOf(worker, user),
    label: `user ${user.forkId}`,
    notes: [
      `of ${user.rrefId} on ${nameOfWorker(worker, user.ownerId)}`,
      wordOf(worker, user),
      ...handlesOf(worker, user.forkId),
    ],
  }));
}

function kindOf(worker: WorkerContext, { deletedOnOwner, forkId }: UserRRef): string {
  if (deletedOnOwner) return 'user-deleted';
  return hasIn(worker.rrefs.confirmedUsers, forkId) ? 'user' : 'user-pending';
}

function wordOf(worker: WorkerContext, user: UserRRef): string {
  const kind = kindOf(worker, user);
  if (kind === 'user-deleted') return 'has told its owner that it is gone';
  return kind === 'user' ? 'confirmed by its owner' : 'not confirmed by its owner yet';
}

function handlesOf({ rrefs }: WorkerContext, key: string): readonly string[] {
  const count = getIn(rrefs.handles, key) ?? 0;
  return [`${count} ${count === 1 ? 'handle' : 'handles'} in user code`];
}

/** From each user to its owner, and from a child that is pending to the fork that it came of. */
function edgesOf(worker: WorkerContext, known: ReadonlySet<string>): readonly GraphEdge[] {
  const toOwners = valuesOf(worker.rrefs.users).map(({ forkId, ownerId, rrefId }) => ({
    from: forkNode(forkId),
    kind: 'refers',
    label: 'refers to',
    to: ownerNode(ownerId, rrefId),
  }));
  const toParents = [...entriesOf(worker.rrefs.pendingChildren)].map(([child, parent]) => ({
    from: forkNode(parent),
    kind: 'pending',
    label: 'waits for its child',
    to: forkNode(child),
  }));
  return [...toOwners, ...toParents].filter(({ from, to }) => known.has(from) && known.has(to));
}

interface KnownFork {
  readonly edge: GraphEdge;
  /** The fork, where no worker has it: it is under way, or was lost. */
  readonly node?: GraphNode;
}

/** What an owner believes: the forks on its list. */
function forksKnownTo(worker: WorkerContext, known: ReadonlySet<string>): readonly KnownFork[] {
  return [...entriesOf(worker.rrefs.forks)].flatMap(([rref, forks]) =>
    keysOf(forks)
      .filter((fork) => fork !== rref)
      .map((fork): KnownFork => {
        const edge = {
          from: ownerNode(worker.id, rref),
          kind: 'lists',
          label: 'lists',
          to: forkNode(fork),
        };
        if (known.has(edge.to)) return { edge };
        const notes = ['no worker holds it now'];
        return { edge, node: { id: edge.to, kind: 'fork-absent', label: `fork ${fork}`, notes } };
      })
      .filter(({ edge }) => known.has(edge.from)),
  );
}

function ownerNode(worker: number, rref: string): string {
  return `owner:${worker}:${rref}`;
}

function forkNode(fork: string): string {
  return `fork:${fork}`;
}
