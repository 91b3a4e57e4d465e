/** What must hold of calls and of those who serve them. */
import type { Call } from '../../machines/rpc/agent/call.ts';
import type { Request } from '../../machines/rpc/agent/messages.ts';
import type { WorkerContext } from '../../machines/rpc/context.ts';
import { always, valuesOf } from '../../src/index.ts';
import type { View } from '../../src/index.ts';
import { happenedIn } from './happened.ts';
import type { Invariant } from './invariant.ts';
import { addressOfRank, everyWorker, workerAt } from './workers.ts';

/** S8, S9, S12 and S13. */
export const callsAndThreads: readonly Invariant[] = [
  {
    name: 'S8',
    about: 'no function runs before the owners know the references in its arguments',
    of: ({ addresses }) =>
      always(
        'S8',
        everyWorker(addresses, ({ name, threads }, view) =>
          valuesOf(threads).every(
            (thread) =>
              thread.unconfirmed === 0 || view.actor(`${name}/${thread.name}`) === undefined,
          ),
        ),
      ),
  },
  {
    name: 'S9',
    about: 'a request is served at most once, also where it came twice',
    of: ({ addresses }) =>
      always(
        'S9',
        everyWorker(addresses, ({ served, threads }) => {
          const serving = valuesOf(threads).flatMap(({ request }) =>
            request === undefined ? [] : [identityOf(request)],
          );
          return (
            new Set(serving).size === serving.length &&
            valuesOf(served).every((times) => times === 1)
          );
        }),
      ),
  },
  {
    name: 'S12',
    about:
      'what ended a call is the answer to it, from the worker that was asked, and what is served was sent; ' +
      'what workers sent before they crashed is not looked at',
    of: ({ addresses }) =>
      always(
        'S12',
        everyWorker(
          addresses,
          (worker, view) =>
            valuesOf(worker.agent.calls).every(isOwnAnswer) &&
            valuesOf(worker.threads).every(
              ({ request }) => request === undefined || wasSent(request, { view, worker }),
            ),
        ),
      ),
  },
  {
    name: 'S13',
    about: 'no message is sent again more often than it may be',
    of: ({ addresses }) =>
      always(
        'S13',
        everyWorker(addresses, ({ agent }) =>
          valuesOf(agent.calls).every(
            ({ continuation }) =>
              continuation.type !== 'retry-settled' ||
              continuation.retry.retryCount <= continuation.retry.maxRetries,
          ),
        ),
      ),
  },
];

function isOwnAnswer({ id, result, to }: Call): boolean {
  if (result?.type !== 'response') return true;
  return result.message.id === id && result.message.from === to;
}

/** Who sent a request, by which start of its process, and how it counted it. */
function identityOf({ from, fromLife = 1, id, replyTo = '' }: Request): string {
  return `${from}/${fromLife}/${replyTo}/${id}`;
}

interface Where {
  readonly view: View;
  readonly worker: WorkerContext;
}

/** In a group that was joined two processes may have one rank. */
function wasSent({ from, id, replyTo }: Request, { view, worker }: Where): boolean {
  const address = replyTo ?? addressOfRank(worker, from);
  if (address === undefined) return false;
  const caller = happenedIn(view).crashed.includes(address) ? undefined : workerAt(view, address);
  return caller === undefined || id < caller.agent.nextMessageId;
}
