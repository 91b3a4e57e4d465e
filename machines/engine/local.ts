/**
 * Backward in one process, as plain functions: `torch.autograd.backward` and `torch.autograd.grad`. It is
 * what users call outside of distributed autograd, and the truth that distributed passes are held against.
 *
 * @see PyTorch, `torch/csrc/autograd/engine.cpp`, `Engine::execute`.
 */
import type { PersistentMap } from '../../src/core/persistent-map.ts';
import { emptyMap, getIn, mapOf, setIn } from '../../src/core/persistent-map.ts';
import type { Capture, ExecInfo } from './dependencies.ts';
import { countDependencies, initToExecute } from './dependencies.ts';
import { addGradients, evaluateFunction } from './evaluate.ts';
import { newFrame } from './frame.ts';
import type { EngineFact, GraphTask } from './graph-task-state.ts';
import { newGraphTask } from './graph-task-state.ts';
import type { AutogradNode, Edge, Gradient, Tensor } from './graph.ts';
import type { AutogradNodeId, TensorId } from './ids.ts';
import { threadId } from './ids.ts';
import { gradientEdge, graphRoot } from './node.ts';
import type { ReadyTask } from './ready-queue.ts';
import { emptyQueue, pop, push } from './ready-queue.ts';
import type { Roots } from './roots.ts';
import { validateLocalRoots } from './roots.ts';
import { undefinedTensor } from './tensor.ts';
import { TorchError, torchCheck } from './torch-error.ts';

/** What both kinds of local backward take. */
export interface LocalOptions {
  readonly anomalyMode?: boolean;
  /** Whether the graph may be gone through again (`retain_graph`). */
  readonly keepGraph?: boolean;
  /** The nodes whose saved tensors are gone already. */
  readonly released?: PersistentMap<true>;
}

/** What `backwardLocally` takes beside the roots. */
export interface BackwardOptions extends LocalOptions {
  /** The gradients of the roots; ones for scalars unless given. */
  readonly gradients?: readonly Gradient[];
}

/** What a local backward gives. */
export interface LocalGradients {
  /** By the name of the leaf. */
  readonly gradients: PersistentMap<Gradient>;
  readonly released: PersistentMap<true>;
}

/**
 * The gradients of `roots` by every leaf behind them.
 *
 * @throws {TorchError} what PyTorch raises.
 */
export function backwardLocally(
  roots: readonly Tensor[],
  options: BackwardOptions = {},
): LocalGradients {
  const run = execute({
    execInfo: () => emptyMap(),
    options,
    roots: validateLocalRoots(roots, options.gradients),
  });
  let gradients = emptyMap<Gradient>();
  for (const fact of run.facts) {
    if (fact.type === 'gradient.captured') gradients = accumulate(gradients, fact);
  }
  return { gradients, released: releasedAfter(run) };
}

/** What `gradLocally` takes. */
export interface GradOptions extends BackwardOptions {
  /** Whether an input may lie behind no output; its gradient is then undefined. */
  readonly allowUnused?: boolean;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
}

/** What `gradLocally` gives. */
export interface LocalGrads {
  /** One for each input. */
  readonly grads: readonly Gradient[];
  readonly released: PersistentMap<true>;
}

/**
 * The gradients of `outputs` by `inputs`, which need not be leaves.
 *
 * @throws {TorchError} what PyTorch raises.
 */
export function gradLocally(options: GradOptions): LocalGrads {
  const { allowUnused = false, gradients, inputs, outputs } = options;
  torchCheck(inputs.length > 0, 'grad requires non-empty inputs.');
  const roots = validateLocalRoots(outputs, gradients);
  const targets = targetsOf(inputs);
  const run = execute({
    // The node from which the pass starts has an entry even where nothing is wanted behind it.
    execInfo: (start) => initToExecute([start], new Map([[start.id, unneeded], ...targets])),
    options,
    roots,
  });
  const grads = inputs.map(
    (_, index) => getIn(run.task.captured, String(index)) ?? undefinedTensor,
  );
  torchCheck(
    allowUnused || grads.every(({ type }) => type === 'tensor'),
    'One of the differentiated Tensors appears to not have been used in the graph. ' +
      'Set allow_unused=True if this is the desired behavior.',
  );
  return { grads, released: releasedAfter(run) };
}

/**
 * `gradients` with one more, summed with what was there.
 *
 * @see PyTorch, `torch/csrc/distributed/autograd/context/context.cpp`, `accumulateGrad`.
 */
export function accumulate(
  gradients: PersistentMap<Gradient>,
  { grad, variable }: { readonly grad: Gradient; readonly variable: TensorId },
): PersistentMap<Gradient> {
  return setIn(
    gradients,
    variable,
    addGradients(getIn(gradients, variable) ?? undefinedTensor, grad),
  );
}

const unneeded: ExecInfo = { captures: [], needed: false };

interface Execution {
  readonly execInfo: (start: AutogradNode) => PersistentMap<ExecInfo>;
  readonly options: LocalOptions;
  readonly roots: Roots;
}

interface Run {
  readonly facts: readonly EngineFact[];
  readonly task: GraphTask;
}

function releasedAfter({ facts, task }: Run): PersistentMap<true> {
  return facts.reduce(
    (nodes, fact) => (fact.type === 'node.released' ? setIn(nodes, fact.node, true) : nodes),
    task.released,
  );
}

function execute({ execInfo, options, roots }: Execution): Run {
  const start = startOf(roots);
  let task = newGraphTask({
    ...options,
    dependencies: mapOf(countDependencies([start.node]).counts),
    execInfo: execInfo(start.node),
    keepGraph: options.keepGraph ?? false,
    outstandingTasks: 1,
  });
  let queue = push(emptyQueue, start);
  const facts: EngineFact[] = [];
  for (let next = pop(queue); next !== undefined; next = pop(queue)) {
    const evaluation = evaluateFunction(task, next.task);
    ({ task } = evaluation);
    if (task.failure !== undefined) throw new TorchError(task.failure.type, task.failure.message);
    facts.push(...evaluation.facts);
    refuseRecvFunctions(evaluation.facts);
    queue = evaluation.ready.reduce(push, next.queue);
  }
  return { facts, task };
}

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

function targetsOf(inputs: readonly Tensor[]): ReadonlyMap<AutogradNodeId, ExecInfo> {
  const targets = new Map<AutogradNodeId, ExecInfo>();
  for (const [outputNr, input] of inputs.entries()) {
    torchCheck(input.requiresGrad, 'One of the differentiated Tensors does not require grad');
    const edge: Edge = gradientEdge(input);
    if (edge.type === 'edge') {
      const keep: Capture = { type: 'keep', inputNr: edge.inputNr, outputNr };
      const before = targets.get(edge.node.id)?.captures ?? [];
      targets.set(edge.node.id, { captures: [...before, keep], needed: false });
    }
  }
  return targets;
}

/** Distributed autograd cannot be entered from plain `backward()`: the context has no graph task then. */
function refuseRecvFunctions(facts: readonly EngineFact[]): void {
  torchCheck(
    facts.every(({ type }) => type !== 'gradient.sent'),
    'graphTask_ INTERNAL ASSERT FAILED at "../torch/csrc/distributed/autograd/context/context.cpp":123, ' +
      'please report a bug to PyTorch. ',
  );
}
