import type { PersistentMap } from '../../src/core/persistent-map.ts';
import {
  deleteIn,
  emptyMap,
  entriesOf,
  getIn,
  hasIn,
  keysOf,
  setIn,
  valuesOf,
} from '../../src/core/persistent-map.ts';
import { isOn } from '../switches/switches.ts';
import { sendControl } from './control.ts';
import { isHeld, letGo } from './handles.ts';
import type { ForkId, RRefId } from './ids.ts';
import { formatId } from './ids.ts';
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
  return dropOwners(
    tables,
    keysOf(tables.owners).filter((rrefId) => !hasIn(tables.forks, rrefId)),
  );
}

/**
 * Deletes all confirmed UserRRefs, also those that user code still holds: they are of no use afterwards.
 *
 * @see PyTorch, `rref_context.cpp`, `delAllUsersAndUnforkedOwners`.
 */
export function deleteConfirmedUsers(tables: RRefTables): Done {
  const taken = { ...tables, confirmedUsers: emptyMap<true>() };
  return tellOwners(taken, confirmedForks(tables));
}

/**
 * The confirmed UserRRefs of which no owner was told that they are no more, though the sweep is over: they came
 * later, or their destructors have yet to run. One with a child that nobody accepted stays.
 */
export function lateForks(tables: RRefTables): readonly ForkId[] {
  if (isOn(tables.switches, 'term.lateReferenceNotCounted')) return [];
  return confirmedForks(tables).filter(
    (forkId) =>
      getIn(tables.users, forkId)?.deletedOnOwner === false && !hasIn(tables.parents, forkId),
  );
}

/** Deletes what the sweep could not. */
export function deleteLateUsers(tables: RRefTables): Done {
  const forks = lateForks(tables);
  const confirmedUsers = forks.reduce(
    (all, forkId) => deleteIn(all, forkId),
    tables.confirmedUsers,
  );
  return tellOwners({ ...tables, confirmedUsers }, forks);
}

function tellOwners(tables: RRefTables, forks: readonly ForkId[]): Done {
  return forks.reduce<Done>(
    (done, forkId) => {
      const after = tryDel(done.tables, forkId);
      return { effects: [...done.effects, ...after.effects], tables: after.tables };
    },
    { effects: [], tables },
  );
}

/** A line for each fork that its owner still knows. @see PyTorch, `rref_context.cpp`, `checkRRefLeaks`. */
export function leaksIn({ forks }: RRefTables): string {
  return [...entriesOf(forks)]
    .flatMap(([rrefId, known]) =>
      // casts -- the keys of both tables are these names
      keysOf(known).map(
        (forkId) =>
          `Leaking RRef ${formatId(rrefId as RRefId)} with fork Id ${formatId(forkId as ForkId)}\n`,
      ),
    )
    .join('');
}

/** Whether references of a process go on as they were, though its agent has stopped. */
export function surviveShutdown({ switches }: RRefTables): boolean {
  return isOn(switches, 'rref.contextSurvivesShutdown');
}

/** Lets go of all OwnerRRefs. Whoever waits for one that does not exist yet waits for ever. */
export function clearOwners(tables: RRefTables): Done {
  const forks = surviveShutdown(tables) ? tables.forks : emptyMap<PersistentMap<true>>();
  return dropOwners({ ...tables, forks, pendingOwners: emptyMap() }, keysOf(tables.owners));
}

function dropOwners(tables: RRefTables, rrefIds: readonly string[]): Done {
  return rrefIds.reduce<Done>(
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
