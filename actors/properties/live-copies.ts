import type { RRefTables, UserRRef } from '../../machines/rref/tables.ts';
import { valuesOf } from '../../src/index.ts';
import type { Predicate, View } from '../../src/index.ts';
import { happenedIn } from './happened.ts';
import type { WatchedCluster } from './invariant.ts';
import { addressOfRank, everyWorker, workerAt } from './workers.ts';

/** A copy that its owner answers for, and what the owner knows. */
export interface LiveCopy {
  readonly owner: RRefTables;
  readonly user: UserRRef;
}

/**
 * Whether something holds of each UserRRef that is confirmed and not deleted, and whose creation did not
 * fail; those of owners that crashed are left out, also where the owner is up again, and those of owners
 * that ended their part of the protocol without waiting for the others, or not long enough.
 */
export function everyLiveCopy(
  { addresses }: WatchedCluster,
  holds: (copy: LiveCopy, view: View) => boolean,
): Predicate {
  return everyWorker(addresses, (worker, view) =>
    valuesOf(worker.rrefs.users).every((user) => {
      const { confirmedByOwner, deletedOnOwner, ownerId, timedOut } = user;
      const address = addressOfRank(worker, ownerId);
      if (!confirmedByOwner || deletedOnOwner || timedOut || address === undefined) return true;
      const isGone = happenedIn(view).crashed.includes(address);
      const owner = isGone ? undefined : workerAt(view, address)?.rrefs;
      return owner === undefined || hasGone(owner) || holds({ owner, user }, view);
    }),
  );
}

function hasGone({ destroyed, hasLeaked, sweptEarly }: RRefTables): boolean {
  return destroyed && !(hasLeaked ?? sweptEarly ?? false);
}
