/** What one node does to its pass. */
import { deleteIn, getIn, hasIn, setIn } from '../../src/core/persistent-map.ts';
import { savesTensors } from './call-function.ts';
import type { Capture, ExecInfo } from './dependencies.ts';
import type { Frame } from './frame.ts';
import type { EngineFact, Failure, GraphTask } from './graph-task-state.ts';
import { shouldExecute } from './graph-task-state.ts';
import type { AutogradNode, Edge, Gradient } from './graph.ts';
import type { ReadyTask } from './ready-queue.ts';
import { addRecorded } from './recording-pass.ts';
import { sumOf } from './sparse.ts';
import { toDevice, undefinedTensor } from './tensor.ts';
import type { TorchError } from './torch-error.ts';
import { torchCheck } from './torch-error.ts';

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

/** What a node gave. */
export interface Given {
  readonly node: AutogradNode;
  readonly outputs: readonly Gradient[];
}

/** Hands what a node gave on to the nodes after it. */
export function handOnAll(begun: Evaluation, { node, outputs }: Given): Evaluation {
  let now = begun;
  if (now.task.anomalyMode) refuseNaN(outputs, node);
  for (const [index, edge] of node.nextEdges.entries()) {
    now = handOn(now, { edge, grad: outputs[index] ?? undefinedTensor });
  }
  return now;
}

/** Where no entry says otherwise. */
export const everythingRuns: ExecInfo = { captures: [], needed: true };

/** Gradients that arrived at a node, and what is to be done with them. */
export interface Arrival {
  readonly info: ExecInfo;
  readonly inputs: readonly Gradient[];
}

/** Takes the gradients that are asked for. */
export function capture(now: Evaluation, { info, inputs }: Arrival): Evaluation {
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

/** Frees what a node saved. Only said, not noted: no node runs twice in one pass. */
export function release(now: Evaluation, node: AutogradNode): Evaluation {
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
  const { buffer, recording } = added(before ?? emptyBuffer(node), { grad, inputNr }, task);
  const summed = recording === undefined ? counted : { ...counted, recording };
  if (!isReady) {
    const notReady = setIn(task.notReady, node.id, buffer);
    return { ...now, task: { ...summed, notReady } };
  }
  const notReady = hasIn(task.notReady, node.id) ? deleteIn(task.notReady, node.id) : task.notReady;
  const outstandingTasks = task.outstandingTasks + 1;
  return {
    ...now,
    ready: [...now.ready, { inputs: buffer, node }],
    task: { ...summed, notReady, outstandingTasks },
  };
}

function emptyBuffer(node: AutogradNode): readonly Gradient[] {
  return node.inputMetadata.map(() => undefinedTensor);
}

interface Buffered {
  readonly buffer: readonly Gradient[];
  readonly recording?: Frame;
}

/** The first gradient is stored, later ones are added, in the order in which they come. */
function added(
  buffer: readonly Gradient[],
  { grad, inputNr }: { readonly grad: Gradient; readonly inputNr: number },
  { recording }: GraphTask,
): Buffered {
  const before = buffer[inputNr];
  if (grad.type === 'undefined-tensor' || before === undefined) return { buffer };
  if (before.type === 'undefined-tensor') return { buffer: buffer.with(inputNr, grad) };
  if (recording === undefined) return { buffer: buffer.with(inputNr, addGradients(before, grad)) };
  const sum = addRecorded(recording, before, grad);
  return { buffer: buffer.with(inputNr, sum.gradient), recording: sum.frame };
}

/** The sum of two gradients of one leaf or input, as a context accumulates them. */
export function addGradients(first: Gradient, second: Gradient): Gradient {
  if (first.type === 'undefined-tensor') return second;
  if (second.type === 'undefined-tensor') return first;
  return toDevice(sumOf(first, second), first.device);
}

/** The failure of a pass at a node. */
export function failureOf({ message, type }: TorchError, { name }: AutogradNode): Failure {
  return { message, node: name, type };
}
