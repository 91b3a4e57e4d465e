/**
 * The autograd graph of a cluster as data for drawing: the nodes behind what contexts and passes hold, the
 * pairs of send and recv functions across workers, and how far each pass is.
 */
import { keyOf } from '../../machines/autograd/ids.ts';
import type { GraphTaskContext } from '../../machines/engine/graph-task-context.ts';
import type { AutogradNode } from '../../machines/engine/graph.ts';
import type { WorkerContext } from '../../machines/rpc/context.ts';
import type { World } from '../../src/index.ts';
import { entriesOf, getIn, hasIn, keysOf, sizeOf, valuesOf } from '../../src/index.ts';
import { workersOf } from '../view.ts';
import type { Graph, GraphEdge, GraphNode } from './graph.ts';

/** The graph, and the passes that run on it. */
export interface AutogradView extends Graph {
  readonly passes: readonly PassView[];
}

/** A backward pass on one worker. */
export interface PassView {
  readonly worker: string;
  readonly id: string;
  readonly state: string;
  /** What each of its loops has ready, in the order in which it will run. */
  readonly ready: readonly (readonly string[])[];
  /** How many gradients each node still waits for. */
  readonly waitsFor: readonly { readonly node: string; readonly count: number }[];
  /** Leaves and their gradients so far. */
  readonly accumulated: readonly string[];
}

/** More nodes than these cannot be read. */
const nodesMax = 300;

/** What backward works on at one moment. */
export function autogradGraph(world: World): AutogradView {
  const tasks = tasksOf(world);
  const workers = workersOf(world);
  const sheet = createSheet(tasks);
  for (const worker of workers) {
    for (const context of valuesOf(worker.autograd.contexts)) {
      for (const node of valuesOf(context.sendFunctions)) sheet.add(node, worker.name);
      for (const node of valuesOf(context.recvFunctions)) sheet.add(node, worker.name);
    }
  }
  for (const { context, worker } of tasks) {
    for (const { waiting } of valuesOf(context.loops)) {
      for (const { node } of valuesOf(waiting)) sheet.add(node, worker);
    }
  }
  return { ...sheet.drawn(), passes: tasks.map((task) => passOf(task, workers)) };
}

interface Task {
  readonly context: GraphTaskContext;
  readonly state: string;
  readonly worker: string;
}

function tasksOf({ actors }: World): readonly Task[] {
  return [...entriesOf(actors)].flatMap(([at, { local, logic }]) => {
    if (!logic.endsWith('graph-task') && !logic.endsWith('graphTask')) return [];
    // casts -- the local state of this logic is a snapshot of the machine of a graph task
    const context = local['context'] as GraphTaskContext;
    return [{ context, state: String(local['value']), worker: at.split('/')[0] ?? at }];
  });
}

interface Sheet {
  readonly add: (node: AutogradNode, worker: string) => void;
  readonly drawn: () => Graph;
}

function createSheet(tasks: readonly Task[]): Sheet {
  const nodes = new Map<string, GraphNode>();
  const edges: GraphEdge[] = [];
  /** By message, the nodes of the send function and the recv function. */
  const pairs = new Map<string, { recv?: string; send?: string }>();
  const add = (first: AutogradNode, worker: string): void => {
    const waiting = [first];
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      const id = idOf(node, worker);
      if (nodes.has(id) || nodes.size >= nodesMax) continue;
      nodes.set(id, nodeOf(node, worker, tasks));
      if (node.type === 'send-rpc-backward' || node.type === 'recv-rpc-backward') {
        const end = node.type === 'send-rpc-backward' ? { send: id } : { recv: id };
        pairs.set(node.autogradMessageId, { ...pairs.get(node.autogradMessageId), ...end });
      }
      for (const edge of node.nextEdges) {
        if (edge.type === 'no-edge') continue;
        edges.push({ from: id, kind: 'edge', label: '', to: idOf(edge.node, worker) });
        waiting.push(edge.node);
      }
    }
  };
  const drawn = (): Graph => {
    const messages = [...pairs].flatMap(([message, { recv, send }]) =>
      recv === undefined || send === undefined
        ? []
        : [{ from: recv, kind: 'message', label: `message ${shortId(message)}`, to: send }],
    );
    const all = [...edges, ...messages].filter(({ from, to }) => nodes.has(from) && nodes.has(to));
    return { edges: all, nodes: [...nodes.values()] };
  };
  return { add, drawn };
}

function idOf(node: AutogradNode, worker: string): string {
  return `${worker}:${node.id}`;
}

function nodeOf(node: AutogradNode, worker: string, tasks: readonly Task[]): GraphNode {
  const here = tasks.filter((task) => task.worker === worker);
  const isReady = here.some(({ context }) =>
    valuesOf(context.loops).some(({ waiting }) =>
      valuesOf(waiting).some((task) => task.node.id === node.id),
    ),
  );
  const waits = here.map(({ context }) => getIn(context.task.dependencies, node.id) ?? 0);
  const count = waits.reduce((sum, each) => sum + each, 0);
  const isWaiting = here.some(({ context }) => hasIn(context.task.notReady, node.id));
  return {
    group: worker,
    id: idOf(node, worker),
    kind: isReady ? 'ready' : isWaiting ? 'waiting' : node.type,
    label: node.name,
    notes: [
      ...(node.type === 'accumulate-grad' ? [`of ${node.variable}`] : []),
      ...(isReady ? ['in the ready queue'] : []),
      ...(count > 0 ? [`waits for ${count} more`] : []),
    ],
  };
}

function passOf({ context, state, worker }: Task, workers: readonly WorkerContext[]): PassView {
  const { id, loops, task } = context;
  const autograd = workers
    .flatMap(({ autograd: { contexts }, name }) => (name === worker ? valuesOf(contexts) : []))
    .find(({ contextId }) => keyOf(contextId) === keyOf(context.contextId));
  return {
    accumulated: autograd === undefined ? [] : keysOf(autograd.accumulatedGrads),
    id,
    ready: valuesOf(loops).map(({ waiting }) => valuesOf(waiting).map(({ node }) => node.name)),
    state: `${state}${sizeOf(task.awaited) > 0 ? `, ${sizeOf(task.awaited)} send functions not fed` : ''}`,
    waitsFor: [...entriesOf(task.dependencies)].map(([node, count]) => ({ count, node })),
    worker,
  };
}

/** Ids of messages are long numbers whose last digits tell them apart. */
function shortId(id: string): string {
  return id.length > 6 ? `…${id.slice(-4)}` : id;
}
