/** What must hold of the contexts of distributed autograd, and of the passes on them. */
import type { AutogradContext } from '../../machines/autograd/container.ts';
import { keyOf, makerOf } from '../../machines/autograd/ids.ts';
import { passesOf } from '../../machines/autograd/smart-passes.ts';
import type { GraphTaskContext } from '../../machines/engine/graph-task-context.ts';
import { lengthOf } from '../../machines/engine/ready-queue.ts';
import type { WorkerContext } from '../../machines/rpc/context.ts';
import { always, getIn, hasIn, keysOf, sizeOf, valuesOf } from '../../src/index.ts';
import type { View } from '../../src/index.ts';
import { happenedIn } from './happened.ts';
import type { Invariant } from './invariant.ts';
import { addressOfRank, everyWorker, workerAt } from './workers.ts';

/** S14, S15, S17 and S18. */
export const autogradTables: readonly Invariant[] = [
  {
    name: 'S14',
    about:
      'a send function bears an id of its own worker, a recv function one of the worker it is from',
    of: ({ addresses }) =>
      always(
        'S14',
        everyWorker(addresses, (worker) =>
          valuesOf(worker.autograd.contexts).every((context) => bearRightIds(worker, context)),
        ),
      ),
  },
  {
    name: 'S15',
    about:
      'whoever received tensors got them from a worker that recorded sending them, unless that has ' +
      'cleaned its context up, or crashed',
    of: ({ addresses }) =>
      always(
        'S15',
        everyWorker(addresses, (worker, view) =>
          valuesOf(worker.autograd.contexts).every((context) => haveSenders(view, worker, context)),
        ),
      ),
  },
  {
    name: 'S17',
    about:
      'there is one pass at most on a context of a worker, the context is marked while it runs, and not ' +
      'marked without one, unless one is being cleaned up, or asks which messages it needs',
    of: ({ addresses }) => always('S17', everyWorker(addresses, marksPasses)),
  },
  {
    name: 'S18',
    about:
      'the count of what a pass has left to do is never negative: it is that of the nodes which are queued or run, ' +
      'and of the send functions that no gradient has come for, as long as the pass has not failed',
    of: ({ addresses }) =>
      always(
        'S18',
        everyWorker(addresses, ({ name, passes }, view) =>
          valuesOf(passes).every(({ pass }) => isCounted(view, `${name}/${pass.graphTask}`)),
        ),
      ),
  },
];

function bearRightIds({ id }: WorkerContext, context: AutogradContext): boolean {
  return (
    valuesOf(context.sendFunctions).every((node) => makerOf(node.autogradMessageId) === id) &&
    valuesOf(context.recvFunctions).every(
      (node) => String(makerOf(node.autogradMessageId)) === node.fromWorker,
    )
  );
}

function haveSenders(
  view: View,
  worker: WorkerContext,
  { contextId, recvFunctions }: AutogradContext,
): boolean {
  const { crashed } = happenedIn(view);
  return valuesOf(recvFunctions).every(({ autogradMessageId }) => {
    const address = addressOfRank(worker, makerOf(autogradMessageId));
    if (address === undefined) return true;
    const sender = crashed.includes(address) ? undefined : workerAt(view, address);
    const context = sender && getIn(sender.autograd.contexts, keyOf(contextId));
    return context === undefined || hasIn(context.sendFunctions, keyOf(autogradMessageId));
  });
}

/** A pass that is being cleaned up is one whose context has no graph task any more; it is forgotten at the end. */
function marksPasses({ autograd, passes }: WorkerContext): boolean {
  const { contexts, initializedContextIds } = autograd;
  const running: readonly string[] = valuesOf(passes).map(({ pass }) => keyOf(pass.contextId));
  return (
    new Set(running).size === running.length &&
    valuesOf(contexts).every(
      ({ contextId, graphTask }) =>
        graphTask === undefined || hasIn(initializedContextIds, keyOf(contextId)),
    ) &&
    keysOf(initializedContextIds).every(
      (key) => isMarkedRightly(getIn(contexts, key)) || running.includes(key),
    )
  );
}

/** A pass has begun, or it is about to, and asks which messages it needs. */
function isMarkedRightly(context: AutogradContext | undefined): boolean {
  if (context === undefined || context.graphTask !== undefined) return context !== undefined;
  return valuesOf(passesOf(context).discoveries).some(({ start }) => start !== undefined);
}

/** Nothing is to count once the actor of the pass is gone. */
function isCounted(view: View, address: string): boolean {
  const actor = view.actor(address);
  if (actor === undefined) return true;
  // cast -- what lives at the address of a pass
  const { asking, loops, task } = actor.context as unknown as GraphTaskContext;
  if (task.outstandingTasks < 0 || task.failure !== undefined) return task.outstandingTasks >= 0;
  const queued = valuesOf(loops).reduce((sum, queue) => sum + lengthOf(queue), 0);
  const running = asking === undefined ? 0 : sizeOf(asking);
  return task.outstandingTasks === sizeOf(task.awaited) + queued + running;
}
