import { deleteIn, getIn, hasIn, setIn } from '../../src/core/persistent-map.ts';
import { torchCheck } from '../engine/torch-error.ts';
import { addForkOfOwner } from './forks.ts';
import { letGo } from './handles.ts';
import type { ForkId, OwnerKey, RRefId, RRefKey } from './ids.ts';
import { forkId as nameFork, pyObject } from './ids.ts';
import { ownerRRef } from './owners.ts';
import type { Done, OwnerRRef, RRefTables, UserRRef } from './tables.ts';
import { timedOutText, userText } from './texts.ts';

/** An RRef as it travels. */
export interface ForkData {
  readonly forkId: ForkId;
  readonly ownerId: number;
  readonly parentId: number;
  readonly rrefId: RRefId;
  /** Only where it is no object of Python. */
  readonly typeName?: string;
}

/** A fork for a receiver. */
export interface PreparedFork extends Done {
  readonly fork: ForkData;
  /** On the owner, what `keepOwner` is to be called with next. */
  readonly owner?: OwnerKey;
}

/**
 * Makes a fork of the RRef for a receiver. The owner knows it at once; a user holds the parent until the
 * child is accepted. On the owner the OwnerRRef is made reachable by a second critical section, `keepOwner`.
 * There is no undo.
 *
 * @throws {TorchError} if the creation of the RRef timed out, or it was deleted.
 * @see PyTorch, `rref_context.cpp`, `prepareChildFork`.
 */
export function prepareChildFork(tables: RRefTables, key: RRefKey): PreparedFork {
  const user = getIn(tables.users, key);
  return user === undefined
    ? prepareForkOfOwner(tables, ownerRRef(tables, key))
    : prepareForkOfUser(tables, user);
}

function prepareForkOfOwner(tables: RRefTables, owner: OwnerRRef): PreparedFork {
  const { key, rrefId, timedOut, typeName } = owner;
  torchCheck(!timedOut, timedOutText);
  const { forkId, tables: numbered } = takeFork(tables);
  const fork = {
    forkId,
    ownerId: tables.workerId,
    parentId: tables.workerId,
    rrefId,
    ...typeOf(typeName),
  };
  return { ...addForkOfOwner(numbered, fork), fork, owner: key };
}

function prepareForkOfUser(tables: RRefTables, user: UserRRef): PreparedFork {
  torchCheck(!user.timedOut, timedOutText);
  torchCheck(
    !user.deletedOnOwner,
    `${userText(user)} has been deleted. Cannot call fork an UserRRef after deletion.`,
  );
  const { forkId, tables: numbered } = takeFork(tables);
  const { ownerId, rrefId, typeName } = user;
  const fork = { forkId, ownerId, parentId: tables.workerId, rrefId, ...typeOf(typeName) };
  return { ...addPendingChild(numbered, { forkId, parent: user.forkId }), fork };
}

function typeOf(typeName: string): Pick<ForkData, 'typeName'> {
  return typeName === pyObject ? {} : { typeName };
}

function takeFork(tables: RRefTables): { readonly forkId: ForkId; readonly tables: RRefTables } {
  const { nextLocalId, workerId } = tables;
  const forkId = nameFork(workerId, nextLocalId);
  return { forkId, tables: { ...tables, nextLocalId: nextLocalId + 1 } };
}

/**
 * Holds a UserRRef until its child is accepted.
 *
 * @throws {TorchError} if the child is there already.
 */
export function addPendingChild(
  tables: RRefTables,
  { forkId, parent }: { readonly forkId: ForkId; readonly parent: ForkId },
): Done {
  torchCheck(hasIn(tables.users, parent), 'OwnerRRef should not have a pending child.');
  torchCheck(
    !hasIn(tables.pendingChildren, forkId),
    'Inconsistent states: attempt to add the same child fork twice.',
  );
  const pendingChildren = setIn(tables.pendingChildren, forkId, parent);
  const parents = setIn(tables.parents, parent, (getIn(tables.parents, parent) ?? 0) + 1);
  return { effects: [], tables: { ...tables, parents, pendingChildren } };
}

/** The child is accepted: its parent is let go; a second time nothing happens. */
export function delPendingChild(tables: RRefTables, forkId: ForkId): Done {
  const parent = getIn(tables.pendingChildren, forkId);
  if (parent === undefined) return { effects: [], tables };
  const pendingChildren = deleteIn(tables.pendingChildren, forkId);
  const left = (getIn(tables.parents, parent) ?? 0) - 1;
  const parents = left > 0 ? setIn(tables.parents, parent, left) : deleteIn(tables.parents, parent);
  return letGo({ ...tables, parents, pendingChildren }, parent);
}
