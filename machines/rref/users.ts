import { deleteIn, getIn, hasIn, setIn } from '../../src/core/persistent-map.ts';
import { torchCheck } from '../engine/torch-error.ts';
import { isOn } from '../switches/switches.ts';
import type { Waiter } from './effects.ts';
import { flagTimedOut } from './failures.ts';
import { letGo } from './handles.ts';
import type { ForkId, RRefId } from './ids.ts';
import { forkId as nameFork, formatId, pyObject, rrefId as nameRRef } from './ids.ts';
import type { Done, RRefTables } from './tables.ts';

/** A UserRRef that `remote` made. */
export interface MadeUser extends Done {
  readonly forkId: ForkId;
  readonly rrefId: RRefId;
}

/**
 * The creator's UserRRef of a reference that `remote` is about to create; its caller holds one handle.
 *
 * @throws {TorchError} if this worker is to own it.
 * @see PyTorch, `rref_context.cpp`, `createUserRRef(ownerId, type)`: the reference takes the first number.
 */
export function createUserRRef(
  tables: RRefTables,
  { ownerId, typeName = pyObject }: { readonly ownerId: number; readonly typeName?: string },
): MadeUser {
  const { nextLocalId, workerId } = tables;
  torchCheck(ownerId !== workerId, 'Cannot create UserRRef on owner.');
  const rrefId = nameRRef(workerId, nextLocalId);
  const forkId = nameFork(workerId, nextLocalId + 1);
  const numbered = { ...tables, nextLocalId: nextLocalId + 2 };
  return { ...addUser(numbered, { forkId, ownerId, rrefId, typeName }), forkId, rrefId };
}

/** The names of a UserRRef and its owner. */
export interface NewUser {
  readonly forkId: ForkId;
  readonly ownerId: number;
  readonly rrefId: RRefId;
  readonly typeName?: string;
}

/**
 * A UserRRef with these names; its caller holds one handle. Where a message came twice, PyTorch makes a
 * second object of the same fork; here both are one, which differs in the number of deletes.
 *
 * @throws {TorchError} if this worker owns it.
 */
export function addUser(
  tables: RRefTables,
  { forkId, ownerId, rrefId, typeName = pyObject }: NewUser,
): Done {
  torchCheck(ownerId !== tables.workerId, 'RRef owner cannot create user RRef.');
  const user = {
    confirmedByOwner: false,
    deletedOnOwner: false,
    forkId,
    ownerId,
    rrefId,
    timedOut: false,
    typeName,
  };
  const users = hasIn(tables.users, forkId) ? tables.users : setIn(tables.users, forkId, user);
  const handles = setIn(tables.handles, forkId, (getIn(tables.handles, forkId) ?? 0) + 1);
  return { effects: [], tables: { ...tables, handles, users } };
}

/**
 * Keeps the UserRRef alive until its owner knows it.
 *
 * @throws {TorchError} if it is kept so already, or is none.
 */
export function addPendingUser(tables: RRefTables, forkId: ForkId): Done {
  torchCheck(hasIn(tables.users, forkId), 'Attempt to add an OwnerRRef as a pending User.');
  torchCheck(
    !hasIn(tables.pendingUsers, forkId),
    'Inconsistent states: attempt to add the same UserRRef twice.',
  );
  return {
    effects: [],
    tables: { ...tables, pendingUsers: setIn(tables.pendingUsers, forkId, []) },
  };
}

/**
 * The owner knows the fork: who waited for that goes on, and only then is the UserRRef let go.
 *
 * @throws {TorchError} if it was not pending.
 */
export function delPendingUser(tables: RRefTables, forkId: ForkId): Done {
  const waiters = getIn(tables.pendingUsers, forkId);
  torchCheck(waiters !== undefined, 'Inconsistent states: attempt to delete a non-exist UserRRef.');
  const pendingUsers = deleteIn(tables.pendingUsers, forkId);
  const confirmed = addConfirmedUser({ ...tables, pendingUsers }, forkId);
  const after = letGo(confirmed.tables, forkId);
  return {
    effects: [{ forkId, type: 'user.confirmed', waiters }, ...after.effects],
    tables: after.tables,
  };
}

/** A fork that its owner knows. */
export function addConfirmedUser(tables: RRefTables, forkId: ForkId): Done {
  const user = getIn(tables.users, forkId);
  const users =
    user === undefined
      ? tables.users
      : setIn(tables.users, forkId, { ...user, confirmedByOwner: true });
  const confirmedUsers = setIn(tables.confirmedUsers, forkId, true);
  return { effects: [], tables: { ...tables, confirmedUsers, users } };
}

/** Lets `waiter` know once the fork is confirmed; at once if it is not pending. */
export function awaitConfirmation(
  tables: RRefTables,
  { forkId, waiter }: { readonly forkId: ForkId; readonly waiter: Waiter },
): Done {
  const waiters = getIn(tables.pendingUsers, forkId);
  if (waiters === undefined) {
    return { effects: [{ forkId, type: 'user.confirmed', waiters: [waiter] }], tables };
  }
  const pendingUsers = setIn(tables.pendingUsers, forkId, [...waiters, waiter]);
  return { effects: [], tables: { ...tables, pendingUsers } };
}

/**
 * The owner could not be asked about the fork: who waited for its confirmation is told why, and the UserRRef,
 * which nobody confirmed, is of no more use.
 */
export function refusePendingUser(
  tables: RRefTables,
  { forkId, message }: { readonly forkId: ForkId; readonly message: string },
): Done {
  const waiters = getIn(tables.pendingUsers, forkId) ?? [];
  const pendingUsers = deleteIn(tables.pendingUsers, forkId);
  const after = letGo(flagTimedOut({ ...tables, pendingUsers }, forkId), forkId);
  return {
    effects: [{ forkId, message, type: 'user.refused', waiters }, ...after.effects],
    tables: after.tables,
  };
}

/** Whether a callback raises the error of its call, so that what should follow it is skipped. */
export function rethrows({ switches }: Pick<RRefTables, 'switches'>): boolean {
  return isOn(switches, 'rref.callbackRethrows');
}

/**
 * Only a creation that timed out, or was made to fail, is recorded on its reference.
 *
 * @throws {TorchError} the error of any other one, so what should follow is skipped.
 * @see PyTorch, `rref_impl.cpp`, `RRef::handleError`.
 */
export function checkCause(
  tables: RRefTables,
  { cause, message }: Extract<CreationOutcome, { readonly type: 'failed' }>,
): void {
  torchCheck(cause !== 'UNKNOWN' || !rethrows(tables), message);
}

/** How the call ended that creates an RRef; the classes are those of `getRPCErrorType`. */
export type CreationOutcome =
  | { readonly type: 'created'; readonly forkId: ForkId }
  | { readonly type: 'failed'; readonly cause: CreationFailure; readonly message: string };

/** The class of the error that ended a call. */
export type CreationFailure = 'TIMEOUT' | 'INTENTIONAL' | 'UNKNOWN';

/**
 * The callback of `remote`: the fork is confirmed, also by a time-out, which flags it.
 *
 * @throws {TorchError} on an error of any other class, so the fork stays pending for ever; on the return of
 * another fork.
 */
export function confirmPendingUser(
  tables: RRefTables,
  { forkId, outcome }: { readonly forkId: ForkId; readonly outcome: CreationOutcome },
): Done {
  if (outcome.type === 'created') {
    torchCheck(
      outcome.forkId === forkId,
      `Expected the return of fork ${formatId(forkId)}, but got ${formatId(outcome.forkId)}.`,
    );
    return delPendingUser(tables, forkId);
  }
  const user = getIn(tables.users, forkId);
  torchCheck(
    hasIn(tables.pendingUsers, forkId) && user !== undefined,
    `Pending user with forkId ${formatId(forkId)} not found`,
  );
  checkCause(tables, outcome);
  return delPendingUser(flagTimedOut(tables, forkId), forkId);
}
