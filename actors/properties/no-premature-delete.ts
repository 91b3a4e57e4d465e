import { always, getIn, hasIn } from '../../src/index.ts';
import { happenedIn } from './happened.ts';
import type { Invariant } from './invariant.ts';
import { everyLiveCopy } from './live-copies.ts';

/** P2. */
export const noPrematureDelete: Invariant = {
  name: 'P2',
  about:
    'no owner has let go of a reference while a confirmed copy of it is alive, unless the owner crashed, ' +
    'or has shut down without waiting for the end of its copies, or the creation failed',
  of: (watched) =>
    always(
      'P2',
      everyLiveCopy(
        watched,
        ({ owner, user: { rrefId } }, view) =>
          hasIn(owner.owners, rrefId) || !happenedIn(view).dropped.includes(rrefId),
      ),
    ),
};

/** S5. */
export const ownersKnowCopies: Invariant = {
  name: 'S5',
  about:
    'an owner lists each confirmed copy that is alive and not deleted, unless the owner crashed, or has ' +
    'shut down without waiting for the end of its copies, or the creation failed',
  of: (watched) =>
    always(
      'S5',
      everyLiveCopy(watched, ({ owner, user: { forkId, rrefId } }) => {
        const forks = getIn(owner.forks, rrefId);
        return forks !== undefined && hasIn(forks, forkId);
      }),
    ),
};
