import { deleteIn, getIn, hasIn, setIn, sizeOf } from '../../src/core/persistent-map.ts';
import { zipWith } from './broadcast.ts';
import { callFunction, savesTensors } from './call-function.ts';
import type { Capture, ExecInfo } from './dependencies.ts';
import type { EngineFact, Failure, GraphTask } from './graph-task-state.ts';
import { failed, shouldExecute } from './graph-task-state.ts';
import type { AutogradNode, Edge, Gradient } from './graph.ts';
import type { ReadyTask } from './ready-queue.ts';
import { toDevice, undefinedTensor } from './tensor.ts';
import { TorchError, torchCheck } from './torch-error.ts';

/** What one node did to its pass. */
export interface Evaluation {
  readonly facts: readonly EngineFact[];
  /** Whether its backward ran; not if only its gradient was taken. */
  readonly isExecuted: boolean;
  /** The nodes that now have all their gradients, in the order of the edges. */
  readonly ready: readonly ReadyTask[];
  /** The pass afterwards; with a failure if the node raised one. */
  readonly task: GraphTask;
}

/**
 * Evaluates one node that is ready: takes its gradient if that is asked for, runs its backward, and hands
 * the gradients on. What PyTorch raises becomes the failure of the pass.
 *
 * @see PyTorch, `torch/csrc/autograd/engine.cpp`, `Engine::evaluate_function`.
 */
export function evaluateFunction(task: GraphTask, ready: ReadyTask): Evaluation {
  const { inputs, node } = ready;
  let now: Evaluation = { facts: [], isExecuted: false, ready: [], task };
  try {
    const info = sizeOf(task.execInfo) === 0 ? everythingRuns : getIn(task.execInfo, node.id);
    // The text is that of `std::unordered_map::at` in libstdc++.
    torchCheck(info !== undefined, '_Map_base::at');
    now = capture(now, { info, inputs });
    if (!info.needed) return now;
    const { facts, outputs, task: after } = callFunction(now.task, ready);
    now = { facts: [...now.facts, ...facts], isExecuted: true, ready: [], task: after };
    now = release(now, node);
    if (task.anomalyMode) refuseNaN(outputs, node);
    for (const [index, edge] of node.nextEdges.entries()) {
      now = handOn(now, { edge, grad: outputs[index] ?? undefinedTensor });
    }
    return now;
  } catch (thrown) {
    if (!(thrown instanceof TorchError)) throw thrown;
    // What came before the error stays: `now` is as far as the node got.
    return { ...now, ready: [], task: failed(now.task, failureOf(thrown, node)) };
  }
}

const everythingRuns: ExecInfo = { captures: [], needed: true };

interface Arrival {
  readonly info: ExecInfo;
  readonly inputs: readonly Gradient[];
}

function capture(now: Evaluation, { info, inputs }: Arrival): Evaluation {
  let { captured } = now.task;
  const facts: EngineFact[] = [];
  for (const each of info.captures) {
    const grad = inputs[each.inputNr] ?? undefinedTensor;
    if (each.type === 'keep') captured = setIn(captured, String(each.outputNr), grad);
    else facts.push(...accumulated(each, grad));
  }
  return { ...now, facts, task: { ...now.task, captured } };
}

/** The hook of distributed autograd does nothing with an undefined gradient. */
function accumulated(each: Capture & { readonly type: 'accumulate' }, grad: Gradient) {
  const { variable } = each;
  return grad.type === 'tensor' ? [{ type: 'gradient.captured', grad, variable } as const] : [];
}

/** Only said, not noted: no node runs twice in one pass. */
function release(now: Evaluation, node: AutogradNode): Evaluation {
  if (now.task.keepGraph || !savesTensors(node)) return now;
  return { ...now, facts: [...now.facts, { type: 'node.released', node: node.id }] };
}

function refuseNaN(outputs: readonly Gradient[], { name }: AutogradNode): void {
  for (const [index, output] of outputs.entries()) {
    torchCheck(
      output.type === 'undefined-tensor' || !output.data.some((element) => Number.isNaN(element)),
      `Function '${name}' returned nan values in its ${index}th output.`,
    );
  }
}

interface Handover {
  readonly edge: Edge;
  readonly grad: Gradient;
}

/** Gives a gradient to the node that the edge leads to; it is ready once nothing more is missing. */
function handOn(now: Evaluation, { edge, grad }: Handover): Evaluation {
  if (edge.type === 'no-edge') return now;
  const { inputNr, node } = edge;
  const { task } = now;
  const missing = getIn(task.dependencies, node.id);
  torchCheck(missing !== undefined, `dependency not found for ${node.name}`);
  const isReady = missing === 1;
  const dependencies = isReady
    ? deleteIn(task.dependencies, node.id)
    : setIn(task.dependencies, node.id, missing - 1);
  const counted = { ...task, dependencies };
  const before = getIn(task.notReady, node.id);
  if (before === undefined && !shouldExecute(task, node.id)) return { ...now, task: counted };
  const buffer = added(before ?? emptyBuffer(node), { grad, inputNr });
  if (!isReady) {
    const notReady = setIn(task.notReady, node.id, buffer);
    return { ...now, task: { ...counted, notReady } };
  }
  const notReady = hasIn(task.notReady, node.id) ? deleteIn(task.notReady, node.id) : task.notReady;
  const outstandingTasks = task.outstandingTasks + 1;
  return {
    ...now,
    ready: [...now.ready, { inputs: buffer, node }],
    task: { ...counted, notReady, outstandingTasks },
  };
}

function emptyBuffer(node: AutogradNode): readonly Gradient[] {
  return node.inputMetadata.map(() => undefinedTensor);
}

/** The first gradient is stored, later ones are added, in the order in which they come. */
function added(
  buffer: readonly Gradient[],
  { grad, inputNr }: { readonly grad: Gradient; readonly inputNr: number },
): readonly Gradient[] {
  const before = buffer[inputNr];
  if (grad.type === 'undefined-tensor' || before === undefined) return buffer;
  const sum = before.type === 'tensor' ? addGradients(before, grad) : grad;
  return buffer.with(inputNr, sum);
}

/** The sum of two gradients of one leaf or input, as a context accumulates them. */
export function addGradients(first: Gradient, second: Gradient): Gradient {
  if (first.type === 'undefined-tensor') return second;
  if (second.type === 'undefined-tensor') return first;
  return toDevice(
    zipWith(first, second, (a, b) => a + b),
    first.device,
  );
}

function failureOf({ message, type }: TorchError, { name }: AutogradNode): Failure {
  return { message, node: name, type };
}
