/** What must hold of calls and of those who serve them. */
import { always, valuesOf } from '../../src/index.ts';
import type { Invariant } from './invariant.ts';
import { everyWorker } from './workers.ts';

/** S8, S9 and S13. */
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
    about: 'a request is served at most once at a time, also where it came twice',
    of: ({ addresses }) =>
      always(
        'S9',
        everyWorker(addresses, ({ threads }) => {
          const served = valuesOf(threads).flatMap(({ request }) =>
            request === undefined ? [] : [`${request.from}/${request.id}`],
          );
          return new Set(served).size === served.length;
        }),
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
