import type { StartedPass } from '../../../machines/autograd/backward.ts';
import { receiveGradients } from '../../../machines/autograd/backward.ts';
import { cleanupBackwardPass, clearOutstandingRpcs } from '../../../machines/autograd/cleanup.ts';
import type { AutogradContainer, Done } from '../../../machines/autograd/container.ts';
import type { AutogradEffect } from '../../../machines/autograd/effects.ts';
import {
  accumulateGrad,
  addReleasedNodes,
  errorOnNode,
} from '../../../machines/autograd/gradients.ts';
import { peerId } from '../../../machines/autograd/ids.ts';
import { releaseContextIfPresent } from '../../../machines/autograd/lifetime.ts';
import {
  addOutstandingRpc,
  awaitOutstandingRpcs,
  outstandingRpcCompleted,
  outstandingRpcFailed,
} from '../../../machines/autograd/outstanding-rpcs.ts';
import type { Pass } from '../../../machines/autograd/pass.ts';
import type { GraphTaskContext, LoopStart } from '../../../machines/engine/graph-task-context.ts';
import { newContext, startLoop, turnLoop } from '../../../machines/engine/graph-task-context.ts';
import type { GraphTaskReport } from '../../../machines/engine/graph-task-messages.ts';
import { failed } from '../../../machines/engine/graph-task-state.ts';

/** Says that something is over; with the text of an error, if it failed. */
export type Answer = (message?: string) => void;

/** Everything that changes while passes run. */
export interface Stage {
  /** What could go on. */
  readonly open: (() => void)[];
  readonly run: <D extends Done>(worker: number, operation: (before: AutogradContainer) => D) => D;
  /** The messages between workers, in the order of sending. */
  readonly sent: string[];
  readonly tasks: Map<string, Task>;
  readonly waiters: Map<string, Answer>;
}

/** The child of a worker that a pass is. */
interface Task {
  readonly answer: Answer;
  context: GraphTaskContext;
  isRunning: boolean;
}

/** A pass and its worker. */
interface Place {
  readonly pass: Pass;
  readonly worker: number;
}

/** Does what a table asks of its worker. */
export function perform(stage: Stage, worker: number, effect: AutogradEffect): void {
  const { open, run, sent, tasks, waiters } = stage;
  if (effect.type === 'cleanup.sent') {
    const { message, to } = effect;
    sent.push(`${worker} -> ${to} ${message.type}`);
    open.push(() => {
      run(to, (before) => releaseContextIfPresent(before, message.contextId));
    });
  } else if (effect.type === 'outstanding-rpcs.settled') {
    waiters.get(effect.waiter)?.(effect.message);
  } else if (effect.type === 'graph-task.poisoned') {
    const { graphTask, message } = effect;
    const task = tasks.get(`${worker}/${graphTask}`);
    if (task?.isRunning !== true) return;
    const { contextId, task: state } = task.context;
    const after = failed(state, { message, type: 'RuntimeError' });
    task.context = { ...task.context, task: after };
    end(stage, { pass: { contextId, graphTask }, worker });
  } else if (effect.type === 'graph-task.dropped') tasks.delete(`${worker}/${effect.graphTask}`);
}

/** A pass begins on a worker; `answer` hears of its end. */
export function begin(stage: Stage, worker: number, begun: StartedPass & { answer: Answer }): void {
  const { answer, input, pass, start } = begun;
  stage.run(worker, (before) => clearOutstandingRpcs(before, pass));
  const context = newContext(input);
  stage.tasks.set(`${worker}/${pass.graphTask}`, { answer, context, isRunning: true });
  loop(stage, { pass, worker }, start);
}

/** Lets what could go on go on, until nothing can. */
export function settle({ open }: Stage, pick: (count: number) => number): void {
  while (open.length > 0) open.splice(pick(open.length), 1)[0]?.();
}

function loop(stage: Stage, place: Place, start: LoopStart): void {
  const task = taskOf(stage, place);
  if (task === undefined) return;
  const started = startLoop(task.context, start);
  task.context = started.context;
  const turn = () => {
    const turned = turnLoop(task.context, started.loop);
    task.context = turned.context;
    for (const each of turned.reports) report(stage, place, each);
    if (turned.isOver) end(stage, place);
    else stage.open.push(turn);
  };
  stage.open.push(turn);
}

function end(stage: Stage, place: Place): void {
  const task = taskOf(stage, place);
  if (task?.isRunning !== true) return;
  const { pass, worker } = place;
  const { failure, outstandingTasks } = task.context.task;
  const finish: Answer = (message) => {
    stage.run(worker, (before) => cleanupBackwardPass(before, pass));
    task.answer(message);
  };
  task.isRunning = failure === undefined && outstandingTasks > 0;
  if (failure !== undefined) finish(errorOnNode(worker, failure.message));
  else if (outstandingTasks === 0) {
    const waiter = `pass-${worker}-${pass.graphTask}`;
    stage.waiters.set(waiter, finish);
    stage.run(worker, (before) => awaitOutstandingRpcs(before, { pass, waiter }));
  }
}

function taskOf({ tasks }: Stage, { pass, worker }: Place): Task | undefined {
  return tasks.get(`${worker}/${pass.graphTask}`);
}

function report(stage: Stage, place: Place, said: GraphTaskReport): void {
  const { pass, worker } = place;
  if (said.type === 'gradient.captured') {
    stage.run(worker, (before) => accumulateGrad(before, { ...said, pass }));
  } else if (said.type === 'nodes.released') {
    stage.run(worker, (before) => addReleasedNodes(before, { nodes: said.nodes, pass }));
  } else if (said.type === 'gradient.sent') sendGradients(stage, place, said);
}

type SentGradient = GraphTaskReport & { readonly type: 'gradient.sent' };

function sendGradients(stage: Stage, { pass, worker }: Place, said: SentGradient): void {
  const { open, run, sent } = stage;
  const to = peerId(said.toWorker);
  const rpc = `rpc-${sent.length}`;
  sent.push(`${worker} -> ${to} BACKWARD_AUTOGRAD_REQ ${said.autogradMessageId}`);
  run(worker, (before) => addOutstandingRpc(before, { pass, rpc }));
  const answer: Answer = (message) => {
    sent.push(`${to} -> ${worker} ${message ?? 'BACKWARD_AUTOGRAD_RESP'}`);
    open.push(() => {
      const done = { pass, rpc };
      if (message === undefined) run(worker, (before) => outstandingRpcCompleted(before, done));
      else run(worker, (before) => outstandingRpcFailed(before, { ...done, message }));
    });
  };
  const { contextId } = pass;
  open.push(() => {
    const arrived = run(to, (before) => receiveGradients(before, { ...said, contextId }));
    if (arrived.type === 'first') begin(stage, to, { ...arrived, answer });
    else {
      loop(stage, { pass: arrived.pass, worker: to }, arrived.start);
      answer();
    }
  });
}
