/**
 * The nodes of one loop that wait to run, as a map whose keys sort in the order in which they run: the
 * larger sequence number first, so AccumulateGrad before all, then what was made last; of equal ones,
 * which only different threads can make, that which was pushed first. PyTorch leaves those open.
 *
 * @see PyTorch, `torch/csrc/autograd/engine.h`, `CompareNodeTaskTime`.
 */
import type { PersistentMap } from '../../src/core/persistent-map.ts';
import { deleteIn, emptyMap, entriesOf, setIn, sizeOf } from '../../src/core/persistent-map.ts';
import type { AutogradNode, Gradient } from './graph.ts';
import { sequenceNrMax } from './node.ts';

/** A node and the gradients that arrived for it. */
export interface ReadyTask {
  readonly inputs: readonly Gradient[];
  readonly node: AutogradNode;
}

/** What waits; `pushed` counts what ever came. */
export interface ReadyQueue {
  readonly pushed: number;
  readonly waiting: PersistentMap<ReadyTask>;
}

/** The queue in which nothing waits. */
export const emptyQueue: ReadyQueue = Object.freeze({ pushed: 0, waiting: emptyMap<ReadyTask>() });

/** The queue with `task` in it. */
export function push({ pushed, waiting }: ReadyQueue, task: ReadyTask): ReadyQueue {
  const key = `${digits(sequenceNrMax - task.node.sequenceNr)}.${digits(pushed)}`;
  return { pushed: pushed + 1, waiting: setIn(waiting, key, task) };
}

/** The task to run next and the queue without it; nothing when the queue is empty. */
export function pop(
  queue: ReadyQueue,
): { readonly queue: ReadyQueue; readonly task: ReadyTask } | undefined {
  for (const [key, task] of entriesOf(queue.waiting)) {
    return { queue: { pushed: queue.pushed, waiting: deleteIn(queue.waiting, key) }, task };
  }
  return undefined;
}

/** The queue without the tasks that belong elsewhere, and those in their order. */
export function sortOut(
  queue: ReadyQueue,
  isElsewhere: (task: ReadyTask) => boolean,
): { readonly elsewhere: readonly ReadyTask[]; readonly queue: ReadyQueue } {
  const found = [...entriesOf(queue.waiting)].filter(([, task]) => isElsewhere(task));
  const waiting = found.reduce((left, [key]) => deleteIn(left, key), queue.waiting);
  return { elsewhere: found.map(([, task]) => task), queue: { ...queue, waiting } };
}

/** Where what lies on no device runs. */
export const noDevice = 'cpu';

/** Where a node runs. @see PyTorch, `torch/csrc/autograd/input_buffer.cpp`, `InputBuffer::device`. */
export function deviceOf({ node }: ReadyTask): string {
  return node.inputMetadata[0]?.device ?? noDevice;
}

/** How many wait. */
export function lengthOf({ waiting }: ReadyQueue): number {
  return sizeOf(waiting);
}

/** As many digits as the largest safe integer has, so that texts sort as numbers. */
function digits(count: number): string {
  return String(count).padStart(16, '0');
}
