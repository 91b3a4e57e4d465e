import type { RRefTables } from '../../machines/rref/tables.ts';
import { always, hasIn, keysOf, sizeOf, valuesOf } from '../../src/index.ts';
import { happenedIn } from './happened.ts';
import type { Invariant } from './invariant.ts';
import { everyWorker } from './workers.ts';

/** P8. */
export const monotoneLife: Invariant = {
  name: 'P8',
  about:
    'a reference that its owner has let go of never comes back, neither itself nor a copy of it, nor does a copy ' +
    'of whose end its owner was told; what is left in the tables of an owner that has shut down is no copy',
  of: ({ addresses }) =>
    always(
      'P8',
      everyWorker(addresses, ({ rrefs }, view) => {
        const { dropped } = happenedIn(view);
        return (
          dropped.every(
            (rrefId) =>
              !hasIn(rrefs.owners, rrefId) && (rrefs.destroyed || !hasIn(rrefs.forks, rrefId)),
          ) && listsNoneDeleted(rrefs)
        );
      }),
    ),
};

/** No copy is listed of whose end the owner was told, whether it remembers that or not. */
function listsNoneDeleted({ destroyed, forgotten, forks, tombstones }: RRefTables): boolean {
  if (destroyed || (forgotten === undefined && sizeOf(tombstones) === 0)) return true;
  const isDeleted = (forkId: string): boolean =>
    hasIn(tombstones, forkId) || (forgotten !== undefined && hasIn(forgotten, forkId));
  return valuesOf(forks).every((known) => !keysOf(known).some((forkId) => isDeleted(forkId)));
}
