import { atQuiescence } from '../../src/index.ts';
import { happenedIn } from './happened.ts';
import type { Invariant } from './invariant.ts';
import { everyWorker } from './workers.ts';

/** P11. */
export const noPoolSizeDependence: Invariant = {
  name: 'P11',
  about:
    'at rest, nothing waits for a thread of a pool: with more threads it would go on; where a worker ' +
    'crashed nothing is said',
  of: ({ addresses }) =>
    atQuiescence(
      'P11',
      everyWorker(
        addresses,
        ({ pool }, view) => pool.queue.length === 0 || happenedIn(view).crashed.length > 0,
      ),
    ),
};
