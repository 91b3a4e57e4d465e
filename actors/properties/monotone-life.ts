import { always, hasIn } from '../../src/index.ts';
import { happenedIn } from './happened.ts';
import type { Invariant } from './invariant.ts';
import { everyWorker } from './workers.ts';

/** P8. */
export const monotoneLife: Invariant = {
  name: 'P8',
  about:
    'a reference that its owner has let go of never comes back, neither itself nor a copy of it; what is ' +
    'left in the tables of an owner that has shut down is no copy',
  of: ({ addresses }) =>
    always(
      'P8',
      everyWorker(addresses, ({ rrefs }, view) => {
        const { dropped } = happenedIn(view);
        return dropped.every(
          (rrefId) =>
            !hasIn(rrefs.owners, rrefId) && (rrefs.destroyed || !hasIn(rrefs.forks, rrefId)),
        );
      }),
    ),
};
