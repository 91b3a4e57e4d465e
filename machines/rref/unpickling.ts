import { isOn } from '../switches/switches.ts';
import { sendControl } from './control.ts';
import { delForkOfOwner } from './forks.ts';
import type { ForkId, RRefKey } from './ids.ts';
import { getOrCreateOwnerRRef } from './owners.ts';
import type { ForkData } from './pickling.ts';
import type { Done, RRefTables } from './tables.ts';
import { addConfirmedUser, addUser, delPendingUser } from './users.ts';

/** An RRef that arrived; its caller holds one handle. */
export interface ReceivedRRef extends Done {
  readonly key: RRefKey;
}

/**
 * The RRef of fork data that arrived. On the owner it may be new and empty.
 *
 * @see PyTorch, `rref_context.cpp`, `getOrCreateRRef`.
 */
export function getOrCreateRRef(tables: RRefTables, fork: ForkData): ReceivedRRef {
  if (fork.ownerId === tables.workerId) {
    const made = getOrCreateOwnerRRef(tables, fork.rrefId, fork.typeName);
    return { effects: made.effects, key: made.owner, tables: made.tables };
  }
  return { ...addUser(tables, fork), key: fork.forkId };
}

/**
 * Who is to be told of a fork that arrived:
 *
 * - from the owner to itself: nobody, the early registration is undone;
 * - from the owner: nobody, the owner knows;
 * - from a user to the owner: the parent, that its child is accepted;
 * - from a user to a user: the owner. `addPendingUser` follows as a critical section of its own.
 *
 * @see PyTorch, `rref_context.cpp`, `notifyOwnerAndParentOfFork`.
 */
export function notifyOwnerAndParentOfFork(tables: RRefTables, fork: ForkData): NotifiedFork {
  const { forkId, ownerId, parentId, rrefId } = fork;
  const { workerId } = tables;
  if (parentId === ownerId) {
    const done =
      ownerId === workerId ? delForkOfOwner(tables, fork) : addForkOfItsOwner(tables, forkId);
    return { ...done, isRequested: false };
  }
  if (ownerId === workerId) {
    return { ...acceptChild(tables, { forkId, parentId }), isRequested: false };
  }
  const message = { forkId, rrefId, type: 'RREF_FORK_REQUEST' } as const;
  return { ...sendControl(tables, { message, to: ownerId }), isRequested: true };
}

/** The owner knows the fork: it is confirmed from the start. */
function addForkOfItsOwner(tables: RRefTables, forkId: ForkId): Done {
  const confirmed = addConfirmedUser(tables, forkId);
  if (!isOn(tables.switches, 'rref.ownerForkUntracked')) return confirmed;
  const { confirmedUsers } = tables;
  return { ...confirmed, tables: { ...confirmed.tables, confirmedUsers } };
}

/** Who was told of a fork. */
export interface NotifiedFork extends Done {
  /** Whether the owner was asked: `addPendingUser` is next, and a request that runs user code waits. */
  readonly isRequested: boolean;
}

/** A fork and the worker of its parent. */
export interface ChildFork {
  readonly forkId: ForkId;
  readonly parentId: number;
}

/** Tells the parent that the owner knows its child. */
export function acceptChild(tables: RRefTables, { forkId, parentId }: ChildFork): Done {
  const message = { forkId, type: 'RREF_CHILD_ACCEPT' } as const;
  return sendControl(tables, { message, to: parentId });
}

/**
 * The owner acknowledged a fork: who waited runs, in the middle of this, and then the parent is told. The
 * two halves are critical sections of their own, `delPendingUser` and `acceptChild`; `controlSettled`
 * follows.
 *
 * @throws {TorchError} if the fork was not pending.
 * @see PyTorch, `rref_context.cpp`, `finishForkRequest`.
 */
export function finishForkRequest(tables: RRefTables, { forkId, parentId }: ChildFork): Done {
  const confirmed = delPendingUser(tables, forkId);
  const accepted = acceptChild(confirmed.tables, { forkId, parentId });
  return {
    effects: [...confirmed.effects, ...accepted.effects],
    tables: accepted.tables,
  };
}
