import type { Progress, RunningNode } from './evaluate.ts';
import { resumeNode, startNode } from './evaluate.ts';
import type { EngineFact, GraphTask } from './graph-task-state.ts';
import type { AutogradNode } from './graph.ts';
import type { UserCall } from './hooks.ts';
import type { ReadyQueue } from './ready-queue.ts';
import { emptyQueue, pop, push } from './ready-queue.ts';

/** A pass and the queue of one of its loops after a turn. */
export interface Turn {
  /** User code that is to be called, and the node that waits for it. */
  readonly asks?: { readonly call: UserCall; readonly running: RunningNode };
  /** The node that was evaluated; none if the pass had failed before. */
  readonly evaluated?: { readonly isExecuted: boolean; readonly node: AutogradNode };
  readonly facts: readonly EngineFact[];
  /** Empty when the loop is over, unless it waits for user code. */
  readonly queue: ReadyQueue;
  readonly task: GraphTask;
}

/**
 * One turn of a loop: it takes the first node of its own queue and evaluates it; what becomes ready goes to
 * the same queue. Once the pass has failed, all that waits is dropped at once, since none of it can be seen
 * any more; the loop in which the node failed breaks off without counting what it leaves.
 *
 * @see PyTorch, `dist_engine.cpp`, `DistEngine::execute_graph_task_until_ready_queue_empty`.
 */
export function turn(task: GraphTask, queue: ReadyQueue): Turn {
  if (task.failure !== undefined) return drain(task, queue);
  const next = pop(queue);
  if (next === undefined) return { facts: [], queue: emptyQueue, task };
  return after(next.queue, startNode(task, next.task));
}

/** A loop goes on with a node whose user code gave `answer`. */
export function resume(task: GraphTask, { answer, queue, running }: ResumedNode): Turn {
  if (task.failure !== undefined) return drain(task, queue);
  return after(queue, resumeNode(task, { answer, running }));
}

/** A node that waited, and the queue of its loop. */
export interface ResumedNode {
  readonly answer: unknown;
  readonly queue: ReadyQueue;
  readonly running: RunningNode;
}

function after(queue: ReadyQueue, progress: Progress): Turn {
  if (progress.type === 'asks') {
    const { call, facts, running, task } = progress;
    return { asks: { call, running }, facts, queue, task };
  }
  const { facts, isExecuted, ready, task } = progress.evaluation;
  const evaluated = { isExecuted, node: progress.node };
  if (task.failure !== undefined) return { evaluated, facts, queue: emptyQueue, task };
  const outstandingTasks = task.outstandingTasks - 1;
  return {
    evaluated,
    facts,
    queue: ready.reduce(push, queue),
    task: { ...task, outstandingTasks },
  };
}

function drain(task: GraphTask, queue: ReadyQueue): Turn {
  let { outstandingTasks } = task;
  for (let next = pop(queue); next !== undefined; next = pop(next.queue)) outstandingTasks -= 1;
  return { facts: [], queue: emptyQueue, task: { ...task, outstandingTasks } };
}
