import { always, valuesOf } from '../../src/index.ts';
import type { Invariant } from './invariant.ts';
import { holdersIn } from './token-holders.ts';
import { everyWorker } from './workers.ts';

/** P15. */
export const releasedLocks: Invariant = {
  name: 'P15',
  about:
    'a pool has no more threads at work than it has, none idle while work waits, and none that a handler ' +
    'took along; nobody waits for a lock or a token of the group that is its own',
  of: ({ addresses }) =>
    always(
      'P15',
      everyWorker(
        addresses,
        ({ agent: { connecting }, name, pool: { queue, running, size }, threads }, view) => {
          if (connecting?.isStuck === true || holdersIn(view).deadlocked === name) return false;
          const onPool = valuesOf(threads).filter(({ isOnPool }) => isOnPool).length;
          return running <= size && onPool <= running && (queue.length === 0 || running === size);
        },
      ),
    ),
};
