import type { RRefTables, UserRRef } from '../../machines/rref/tables.ts';
import { valuesOf } from '../../src/index.ts';
import type { View } from '../../src/index.ts';
import { happenedIn } from './happened.ts';
import type { WatchedCluster } from './invariant.ts';
import { workerAt, workersIn } from './workers.ts';

/** A copy that its owner answers for, and what the owner knows. */
export interface LiveCopy {
  readonly owner: RRefTables;
  readonly user: UserRRef;
}

/**
 * The UserRRefs that are confirmed and not deleted, and whose creation did not fail; those of owners that
 * crashed are left out, also where the owner is up again.
 */
export function liveCopies(view: View, { addresses }: WatchedCluster): readonly LiveCopy[] {
  const { crashed } = happenedIn(view);
  return workersIn(view, addresses).flatMap(({ rrefs }) =>
    valuesOf(rrefs.users).flatMap((user) => {
      const { confirmedByOwner, deletedOnOwner, ownerId, timedOut } = user;
      const address = addresses[ownerId];
      if (!confirmedByOwner || deletedOnOwner || timedOut || address === undefined) return [];
      const owner = crashed.includes(address) ? undefined : workerAt(view, address)?.rrefs;
      return owner === undefined ? [] : [{ owner, user }];
    }),
  );
}
