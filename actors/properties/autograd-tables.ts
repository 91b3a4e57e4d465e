/** What must hold of the contexts of distributed autograd, and of the passes on them. */
import type { AutogradContext } from '../../machines/autograd/container.ts';
import { keyOf, makerOf } from '../../machines/autograd/ids.ts';
import type { GraphTaskContext } from '../../machines/engine/graph-task-context.ts';
import type { WorkerContext } from '../../machines/rpc/context.ts';
import { always, getIn, hasIn, valuesOf } from '../../src/index.ts';
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
      'there is one pass at most on a context of a worker, and while it runs the context is marked',
    of: ({ addresses }) =>
      always(
        'S17',
        everyWorker(addresses, ({ autograd }) =>
          valuesOf(autograd.contexts).every(
            ({ contextId, graphTask }) =>
              graphTask === undefined || hasIn(autograd.initializedContextIds, keyOf(contextId)),
          ),
        ),
      ),
  },
  {
    name: 'S18',
    about: 'the count of what a pass has left to do is never negative',
    of: ({ addresses }) =>
      always(
        'S18',
        everyWorker(addresses, ({ name, passes }, view) =>
          valuesOf(passes).every(({ pass }) => outstanding(view, `${name}/${pass.graphTask}`) >= 0),
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

/** What the pass has left to do; none once its actor is gone. */
function outstanding(view: View, address: string): number {
  const actor = view.actor(address);
  if (actor === undefined) return 0;
  // cast -- what lives at the address of a pass
  return (actor.context as unknown as GraphTaskContext).task.outstandingTasks;
}
