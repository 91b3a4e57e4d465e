/** What must hold of backward passes and of the messages that carry gradients. */
import { keyOf, makerOf } from '../../machines/autograd/ids.ts';
import type { Request } from '../../machines/rpc/agent/messages.ts';
import type { WorkerContext } from '../../machines/rpc/context.ts';
import { always, getIn, hasIn, valuesOf } from '../../src/index.ts';
import type { View } from '../../src/index.ts';
import { happenedIn } from './happened.ts';
import type { Invariant } from './invariant.ts';
import { passesIn } from './watched-passes.ts';
import { addressOfRank, everyWorker, workerAt } from './workers.ts';

/** S16, S19, S20 and S21. */
export const passes: readonly Invariant[] = [
  {
    name: 'S16',
    about:
      'whoever received tensors of a context is known to the worker that sent them, unless that has ' +
      'cleaned its context up, or crashed',
    of: ({ addresses }) =>
      always(
        'S16',
        everyWorker(addresses, (worker, view) =>
          valuesOf(worker.autograd.contexts).every(({ contextId, recvFunctions }) =>
            valuesOf(recvFunctions).every(({ autogradMessageId }) => {
              const maker = makerOf(autogradMessageId);
              const context = contextOf(view, addressOfRank(worker, maker), contextId);
              // One that was made anew by a late message has sent nothing.
              if (context === undefined) return true;
              if (!hasIn(context.sendFunctions, keyOf(autogradMessageId))) return true;
              return maker === worker.id || context.knownWorkerIds.includes(worker.id);
            }),
          ),
        ),
      ),
  },
  {
    name: 'S19',
    about: 'no node of a graph runs twice in one pass',
    of: () => always('S19', (view) => passesIn(view).repeatedNode === ''),
  },
  {
    name: 'S20',
    about: 'no send function is given gradients twice in one pass',
    of: () => always('S20', (view) => passesIn(view).repeatedFeed === ''),
  },
  {
    name: 'S21',
    about:
      'gradients go to the worker that recorded sending the tensors, from the one that recorded receiving ' +
      'them, unless that has cleaned its context up, or crashed',
    of: ({ addresses }) =>
      always(
        'S21',
        everyWorker(addresses, (worker, view) =>
          valuesOf(worker.threads).every(
            ({ request }) =>
              request?.type !== 'BACKWARD_AUTOGRAD_REQ' || isOnItsWayBack(worker, request, view),
          ),
        ),
      ),
  },
];

function isOnItsWayBack(
  worker: WorkerContext,
  {
    autogradMessageId,
    contextId,
    from,
  }: Extract<Request, { readonly type: 'BACKWARD_AUTOGRAD_REQ' }>,
  view: View,
): boolean {
  if (makerOf(autogradMessageId) !== worker.id) return false;
  const context = contextOf(view, addressOfRank(worker, from), contextId);
  return context === undefined || hasIn(context.recvFunctions, keyOf(autogradMessageId));
}

/** A context on a worker that never crashed. */
function contextOf(view: View, address: string | undefined, contextId: string) {
  if (address === undefined || happenedIn(view).crashed.includes(address)) return undefined;
  const worker = workerAt(view, address);
  return worker && getIn(worker.autograd.contexts, keyOf(contextId));
}
