import { always, getIn, hasIn } from '../../src/index.ts';
import { happenedIn } from './happened.ts';
import type { Invariant } from './invariant.ts';
import { liveCopies } from './live-copies.ts';

/** P2. */
export const noPrematureDelete: Invariant = {
  name: 'P2',
  about:
    'no owner has let go of a reference while a confirmed copy of it is alive, unless the owner crashed ' +
    'or the creation failed',
  of: (watched) =>
    always('P2', (view) => {
      const { dropped } = happenedIn(view);
      return liveCopies(view, watched).every(
        ({ owner, user: { rrefId } }) => !dropped.includes(rrefId) || hasIn(owner.owners, rrefId),
      );
    }),
};

/** S5. */
export const ownersKnowCopies: Invariant = {
  name: 'S5',
  about:
    'an owner lists each confirmed copy that is alive and not deleted, unless the owner crashed or the ' +
    'creation failed',
  of: (watched) =>
    always('S5', (view) =>
      liveCopies(view, watched).every(({ owner, user: { forkId, rrefId } }) => {
        const forks = getIn(owner.forks, rrefId);
        return forks !== undefined && hasIn(forks, forkId);
      }),
    ),
};
