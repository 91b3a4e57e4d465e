/**
 * A backward pass in one process, turn by turn: one node each, and user code is called between turns by the
 * thread that asked for the pass.
 *
 * @see PyTorch, `torch/csrc/autograd/engine.cpp`, `Engine::execute`, `thread_main`.
 */
import type { PersistentMap } from '../../src/core/persistent-map.ts';
import { emptyMap, getIn, mapOf, setIn } from '../../src/core/persistent-map.ts';
import type { Capture, ExecInfo } from './dependencies.ts';
import { countDependencies, initToExecute } from './dependencies.ts';
import type { ChangingDepths } from './depths.ts';
import { tooShallow } from './depths.ts';
import type { Progress, RunningNode } from './evaluate.ts';
import { resumeNode, startNode } from './evaluate.ts';
import { everythingRuns } from './evaluation.ts';
import type { Frame } from './frame.ts';
import { newFrame } from './frame.ts';
import type { EngineFact, GraphTask } from './graph-task-state.ts';
import { newGraphTask } from './graph-task-state.ts';
import type { AutogradNode, Gradient, Tensor } from './graph.ts';
import type { Hooks, UserCall } from './hooks.ts';
import type { AutogradNodeId } from './ids.ts';
import { threadId } from './ids.ts';
import { gradientEdge, graphRoot } from './node.ts';
import type { ReadyQueue, ReadyTask } from './ready-queue.ts';
import { emptyQueue, pop, push } from './ready-queue.ts';
import type { Roots } from './roots.ts';
import { validateLocalRoots } from './roots.ts';
import { undefinedTensor } from './tensor.ts';
import { TorchError, torchCheck } from './torch-error.ts';
import type { Versions } from './versions.ts';

/** What a local pass is asked for. */
export interface LocalRequest {
  /** Whether what comes for `inputs` is added to their `.grad`; else it is what the pass gives. */
  readonly accumulates?: boolean;
  /** Whether an input may lie behind no output; its gradient is then undefined. */
  readonly allowUnused?: boolean;
  /** Whether the gradients are to have gradients (`create_graph`). */
  readonly createGraph?: boolean;
  /** The gradients of the roots; ones for scalars unless given. */
  readonly gradients?: readonly Gradient[];
  /** The tensors by which gradients are wanted; by all leaves, for accumulation, unless given. */
  readonly inputs?: readonly Tensor[];
  /** Whether the graph may be gone through again; as `createGraph` unless told. */
  readonly keepGraph?: boolean;
  readonly roots: readonly Tensor[];
}

/** What the process knows beside the graph; it may change from turn to turn. */
export interface Surroundings {
  readonly anomalyMode?: boolean;
  readonly changingDepths?: ChangingDepths;
  /** The thread that asked, for passes that record. */
  readonly frame?: Frame;
  readonly hooks?: Hooks;
  /** The nodes whose saved tensors are gone. */
  readonly released?: PersistentMap<true>;
  readonly versions?: Versions;
}

/** A pass that runs. */
export interface LocalPass {
  readonly allowUnused: boolean;
  /** How many gradients are wanted; none where leaves accumulate. */
  readonly inputs: number;
  readonly queue: ReadyQueue;
  /** A node that waits for user code. */
  readonly running?: RunningNode;
  readonly task: GraphTask;
}

/**
 * A pass in which no node ran.
 *
 * @throws {TorchError} what PyTorch raises before it starts.
 */
export function beginPass(request: LocalRequest, around: Surroundings): LocalPass {
  const { accumulates = false, createGraph = false, gradients, inputs, roots } = request;
  const { allowUnused = accumulates } = request;
  if (inputs?.length === 0) throw noInputs(accumulates);
  const start = startOf(validateLocalRoots(roots, gradients));
  const { node } = start;
  const targets = inputs === undefined ? undefined : targetsOf(inputs, accumulates);
  const skipped = skippedBy(around, { start: node, targets });
  const execInfo =
    targets === undefined
      ? emptyMap<ExecInfo>()
      : // The node from which the pass starts has an entry even where nothing is wanted behind it.
        initToExecute([node], new Map([[node.id, unneeded], ...targets]), skipped);
  const frame = around.frame ?? newFrame(threadId('local'));
  const task = newGraphTask({
    awaited: emptyMap(),
    dependencies: mapOf(countDependencies([node], skipped).counts),
    execInfo,
    keepGraph: request.keepGraph ?? createGraph,
    outstandingTasks: 1,
    ...(createGraph ? { recording: { ...frame, gradMode: true } } : {}),
  });
  return {
    allowUnused,
    inputs: accumulates ? 0 : (inputs?.length ?? 0),
    queue: push(emptyQueue, start),
    task,
  };
}

/** What a turn came to. */
export type LocalTurn = {
  readonly facts: readonly EngineFact[];
  readonly pass: LocalPass;
} & (
  | { readonly type: 'asks'; readonly call: UserCall }
  | { readonly type: 'evaluated'; readonly node: AutogradNode }
  | { readonly type: 'ended'; readonly grads: readonly Gradient[] }
  /** A node raised: the pass is over, and what it accumulated so far stays. */
  | { readonly type: 'failed'; readonly error: TorchError }
);

/** Runs the next node, or goes on with the one that waits for `answer`. */
export function turnPass(before: LocalPass, around: Surroundings, answer?: unknown): LocalTurn {
  const { running, ...pass } = before;
  const task = surrounded(pass.task, around);
  if (running !== undefined) return after(pass, resumeNode(task, { answer, running }));
  const next = pop(pass.queue);
  if (next === undefined) return end(pass);
  return after({ ...pass, queue: next.queue }, startNode(task, next.task));
}

/** Runs a node that was taken from the queue of another thread. */
export function runTask(pass: LocalPass, ready: ReadyTask, around: Surroundings): LocalTurn {
  return after(pass, startNode(surrounded(pass.task, around), ready));
}

function after(pass: LocalPass, progress: Progress): LocalTurn {
  if (progress.type === 'asks') {
    const { call, facts, running, task } = progress;
    return { type: 'asks', call, facts, pass: { ...pass, running, task } };
  }
  const { facts, ready, task } = progress.evaluation;
  const evaluated = { ...pass, queue: ready.reduce(push, pass.queue), task };
  const failure = task.failure ?? recvFailure(facts);
  if (failure !== undefined) {
    const error = new TorchError(failure.type, failure.message);
    return { type: 'failed', error, facts, pass: evaluated };
  }
  return { type: 'evaluated', facts, node: progress.node, pass: evaluated };
}

function end(pass: LocalPass): LocalTurn {
  const grads = Array.from(
    { length: pass.inputs },
    (_, index) => getIn(pass.task.captured, String(index)) ?? undefinedTensor,
  );
  if (pass.allowUnused || grads.every(({ type }) => type === 'tensor')) {
    return { type: 'ended', facts: [], grads, pass };
  }
  const error = new TorchError(
    'RuntimeError',
    'One of the differentiated Tensors appears to not have been used in the graph. ' +
      'Set allow_unused=True if this is the desired behavior.',
  );
  return { type: 'failed', error, facts: [], pass };
}

/** What changed in the process since the last turn; the frame, since user code may have recorded. */
function surrounded(task: GraphTask, around: Surroundings): GraphTask {
  const { anomalyMode = false, frame, hooks, released, versions } = around;
  return {
    ...task,
    anomalyMode,
    ...(hooks === undefined ? {} : { hooks }),
    ...(task.recording === undefined || frame === undefined
      ? {}
      : { recording: { ...frame, gradMode: true } }),
    ...(released === undefined ? {} : { released }),
    ...(versions === undefined ? {} : { versions }),
  };
}

/** What a pass leaves out makes no difference where depths are right, and is not looked for then. */
function skippedBy(
  { changingDepths }: Surroundings,
  { start, targets }: { readonly start: AutogradNode; readonly targets: Targets | undefined },
): ReadonlySet<AutogradNodeId> | undefined {
  return changingDepths === undefined || targets === undefined
    ? undefined
    : tooShallow({ changing: changingDepths, start, targets: targets.keys() });
}

const unneeded: ExecInfo = { captures: [], needed: false };

/** A single root needs no node to start from: its gradient is put into the buffer of its node. */
function startOf({ edges, grads }: Roots): ReadyTask {
  const [edge, ...others] = edges;
  const [grad = undefinedTensor] = grads;
  if (edge?.type === 'edge' && others.length === 0) {
    const { inputNr, node } = edge;
    return {
      inputs: node.inputMetadata.map((_, nr) => (nr === inputNr ? grad : undefinedTensor)),
      node,
    };
  }
  const { node } = graphRoot({ edges, frame: newFrame(threadId('local')), grads });
  return { inputs: [], node };
}

type Targets = ReadonlyMap<AutogradNodeId, ExecInfo>;

/** @see PyTorch, `torch/autograd/__init__.py`, `backward`, `grad`. */
function noInputs(accumulates: boolean): TorchError {
  return accumulates
    ? new TorchError('RuntimeError', "'inputs' argument to backward() cannot be empty.")
    : new TorchError('ValueError', 'grad requires non-empty inputs.');
}

/** Where gradients accumulate, the node that takes one runs; else it only hands it over. */
function targetsOf(inputs: readonly Tensor[], accumulates: boolean): Targets {
  const targets = new Map<AutogradNodeId, ExecInfo>();
  for (const [outputNr, input] of inputs.entries()) {
    torchCheck(input.requiresGrad, 'One of the differentiated Tensors does not require grad');
    const edge = gradientEdge(input);
    if (edge.type === 'edge' && accumulates) targets.set(edge.node.id, everythingRuns);
    else if (edge.type === 'edge') {
      const keep: Capture = { type: 'keep', inputNr: edge.inputNr, outputNr };
      const captures = targets.get(edge.node.id)?.captures ?? [];
      targets.set(edge.node.id, { captures: [...captures, keep], needed: false });
    }
  }
  return targets;
}

/** Distributed autograd cannot be entered from plain `backward()`: the context has no graph task then. */
function recvFailure(facts: readonly EngineFact[]) {
  return facts.some(({ type }) => type === 'gradient.sent')
    ? {
        message:
          'graphTask_ INTERNAL ASSERT FAILED at ' +
          '"../torch/csrc/distributed/autograd/context/context.cpp":123, please report a bug to PyTorch. ',
        type: 'RuntimeError',
      }
    : undefined;
}

/** The nodes that are gone after a turn, beside those that were. */
export function releasedAfter(
  released: PersistentMap<true>,
  facts: readonly EngineFact[],
): PersistentMap<true> {
  return facts.reduce(
    (nodes, fact) => (fact.type === 'node.released' ? setIn(nodes, fact.node, true) : nodes),
    released,
  );
}
