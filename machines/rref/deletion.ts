import { deleteIn, getIn, hasIn, keysOf, setIn, valuesOf } from '../../src/core/persistent-map.ts';
import { sendControl } from './control.ts';
import { isHeld, letGo } from './handles.ts';
import type { ForkId } from './ids.ts';
import type { Done, RRefTables } from './tables.ts';

/**
 * Tells the owner once that a UserRRef is no more; nobody is told after `destroyRRefContext`. `eraseUser`
 * follows as a critical section of its own.
 *
 * @see PyTorch, `user_rref.cpp`, `tryDel`; `rref_context.cpp`, `delUser`.
 */
export function tryDel(tables: RRefTables, forkId: ForkId): Done {
  const user = getIn(tables.users, forkId);
  if (user === undefined || user.deletedOnOwner) return { effects: [], tables };
  const users = setIn(tables.users, forkId, { ...user, deletedOnOwner: true });
  if (tables.destroyed) return { effects: [], tables: { ...tables, users } };
  const message = { forkId, rrefId: user.rrefId, type: 'RREF_USER_DELETE' } as const;
  return sendControl({ ...tables, users }, { message, to: user.ownerId });
}

/** Forgets a UserRRef that was deleted, and frees it unless a handle to it is left. */
export function eraseUser(tables: RRefTables, forkId: ForkId): Done {
  const confirmedUsers = deleteIn(tables.confirmedUsers, forkId);
  const users = isHeld(tables, forkId) ? tables.users : deleteIn(tables.users, forkId);
  return { effects: [], tables: { ...tables, confirmedUsers, users } };
}

/** The confirmed UserRRefs that are alive: what the sweep at shutdown deletes. */
export function confirmedForks({ confirmedUsers, users }: RRefTables): readonly ForkId[] {
  return valuesOf(users).flatMap(({ forkId }) => (hasIn(confirmedUsers, forkId) ? [forkId] : []));
}

/** Lets go of each OwnerRRef that has no fork, as the sweep at shutdown does. */
export function dropUnforkedOwners(tables: RRefTables): Done {
  return keysOf(tables.owners)
    .filter((rrefId) => !hasIn(tables.forks, rrefId))
    .reduce<Done>(
      (done, rrefId) => {
        const owner = getIn(done.tables.owners, rrefId);
        if (owner === undefined) return done;
        const owners = deleteIn(done.tables.owners, rrefId);
        const after = letGo({ ...done.tables, owners }, owner);
        return { effects: [...done.effects, ...after.effects], tables: after.tables };
      },
      { effects: [], tables },
    );
}
