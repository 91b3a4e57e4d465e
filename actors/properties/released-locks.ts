import { always, valuesOf } from '../../src/index.ts';
import type { Invariant } from './invariant.ts';
import { everyWorker } from './workers.ts';

/** P15. */
export const releasedLocks: Invariant = {
  name: 'P15',
  about:
    'a pool has no more threads at work than it has, none idle while work waits, and none that a handler ' +
    'took along; no thread of an agent waits for a lock that it holds itself',
  of: ({ addresses }) =>
    always(
      'P15',
      everyWorker(
        addresses,
        ({ agent: { connecting }, pool: { queue, running, size }, threads }) => {
          if (connecting?.isStuck === true) return false;
          const onPool = valuesOf(threads).filter(({ isOnPool }) => isOnPool).length;
          return running <= size && onPool <= running && (queue.length === 0 || running === size);
        },
      ),
    ),
};
