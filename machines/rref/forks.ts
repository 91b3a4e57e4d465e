import { deleteIn, emptyMap, getIn, hasIn, setIn, sizeOf } from '../../src/core/persistent-map.ts';
import { torchCheck } from '../engine/torch-error.ts';
import { isOn } from '../switches/switches.ts';
import { flagTimedOut } from './failures.ts';
import { letGo } from './handles.ts';
import type { ForkId, OwnerKey, RRefId } from './ids.ts';
import { formatId, selfFork } from './ids.ts';
import { getForceCreatedOwner, keepOwner, ownerRRef } from './owners.ts';
import type { Done, RRefTables } from './tables.ts';
import type { CreationOutcome } from './users.ts';
import { checkCause } from './users.ts';

/** A fork and the reference that it is of. */
export interface Fork {
  readonly forkId: ForkId;
  readonly rrefId: RRefId;
}

/**
 * The owner gets to know a fork.
 *
 * @throws {TorchError} if it knew it.
 */
export function addForkOfOwner(tables: RRefTables, fork: Fork): Done {
  torchCheck(
    !knowsFork(tables, fork),
    `Got fork notification twice on the same RRef ${formatId(fork.forkId)}`,
  );
  return addForkOfOwnerIfNotPresent(tables, fork);
}

/**
 * A user asked the owner to take note of a fork, once more where the answer before did not reach it.
 *
 * @throws {TorchError} where nothing may come twice, and this did.
 */
export function requestFork(tables: RRefTables, fork: Fork): Done {
  checkFirst(tables, {
    isFirst: !knowsFork(tables, fork) && !hasIn(tables.tombstones, fork.forkId),
    text: `Got fork notification twice on the same RRef ${formatId(fork.forkId)}`,
  });
  return addForkOfOwnerIfNotPresent(tables, fork);
}

/** The owner gets to know a fork, or is told again; one that was deleted before stays so. */
export function addForkOfOwnerIfNotPresent(tables: RRefTables, { forkId, rrefId }: Fork): Done {
  if (hasIn(tables.tombstones, forkId)) return { effects: [], tables };
  const known = getIn(tables.forks, rrefId) ?? emptyMap<true>();
  const forks = setIn(tables.forks, rrefId, setIn(known, forkId, true));
  return { effects: [], tables: { ...tables, forks } };
}

/**
 * A user told that it is gone: the owner forgets the fork, and remembers only that it was deleted, so that
 * neither its creation nor a copy of its request can come after its end.
 *
 * @throws {TorchError} where nothing may come twice, and the fork is unknown.
 */
export function deleteFork(tables: RRefTables, fork: Fork): Done {
  checkFirst(tables, {
    isFirst: knowsFork(tables, fork),
    text: `Inconsistent states: attempt to delete a non-exist fork ${formatId(fork.forkId)}`,
  });
  const done = delForkOfOwner(tables, fork);
  const { switches, tombstones } = tables;
  const isForgotten = knowsFork(tables, fork)
    ? isOn(switches, 'rref.noTombstones')
    : isOn(switches, 'rref.deleteUnknownForkIsNoop');
  if (isForgotten) return knowsFork(tables, fork) ? withForgotten(done, fork.forkId) : done;
  return { ...done, tables: { ...done.tables, tombstones: setIn(tombstones, fork.forkId, true) } };
}

/** What the protocol forgets, for whoever looks whether it comes back. */
function withForgotten({ effects, tables }: Done, forkId: ForkId): Done {
  const forgotten = setIn(tables.forgotten ?? emptyMap<true>(), forkId, true);
  return { effects, tables: { ...tables, forgotten } };
}

/** Early versions took each message of the protocol for the only one of its kind. */
function checkFirst(
  { switches }: RRefTables,
  { isFirst, text }: { readonly isFirst: boolean; readonly text: string },
): void {
  torchCheck(isFirst || !isOn(switches, 'rref.assertOnDuplicate'), text);
}

/** The owner forgets a fork, and with the last one lets go of the OwnerRRef; an unknown fork is ignored. */
export function delForkOfOwner(tables: RRefTables, { forkId, rrefId }: Fork): Done {
  const known = getIn(tables.forks, rrefId);
  if (known === undefined) return { effects: [], tables };
  const left = deleteIn(known, forkId);
  if (sizeOf(left) > 0) {
    return { effects: [], tables: { ...tables, forks: setIn(tables.forks, rrefId, left) } };
  }
  const unforked = { ...tables, forks: deleteIn(tables.forks, rrefId) };
  const owner = getIn(tables.owners, rrefId);
  const stays =
    owner === undefined ||
    (!isOn(tables.switches, 'rref.erasesUncreatedOwners') &&
      ownerRRef(tables, owner).state.type === 'no-value');
  return stays ? { effects: [], tables: unforked } : releaseUnforkedOwner(unforked, owner);
}

/** Lets go of an OwnerRRef that peers can reach, if it has no fork. */
export function releaseUnforkedOwner(tables: RRefTables, owner: OwnerKey): Done {
  const { rrefId } = ownerRRef(tables, owner);
  if (hasIn(tables.forks, rrefId) || getIn(tables.owners, rrefId) !== owner) {
    return { effects: [], tables };
  }
  return letGo({ ...tables, owners: deleteIn(tables.owners, rrefId) }, owner);
}

/** Whether the owner knows the fork. */
function knowsFork({ forks }: RRefTables, { forkId, rrefId }: Fork): boolean {
  const known = getIn(forks, rrefId);
  return known !== undefined && hasIn(known, forkId);
}

/**
 * Keeps the OwnerRRef of a `remote` to oneself alive until the call is over.
 *
 * @throws {TorchError} if that was done before.
 */
export function addSelfAsFork(tables: RRefTables, owner: OwnerKey): Done {
  const { rrefId } = ownerRRef(tables, owner);
  const fork = { forkId: selfFork(rrefId), rrefId };
  torchCheck(!knowsFork(tables, fork), `Attempt to add self as fork twice ${formatId(rrefId)}`);
  const kept = keepOwner(tables, owner);
  const added = addForkOfOwnerIfNotPresent(kept.tables, fork);
  return { effects: kept.effects, tables: added.tables };
}

/**
 * The callback of a `remote` to oneself: from now on only handles and forks keep the OwnerRRef.
 *
 * @throws {TorchError} if the call failed and the OwnerRRef is gone; on an error that is neither a time-out
 * nor injected, so the self fork stays for ever; on the return of a real fork.
 * @see PyTorch, `rref_context.cpp`, `finishCreatingOwnerRRef`.
 */
export function finishCreatingOwnerRRef(
  tables: RRefTables,
  { outcome, rrefId }: { readonly outcome: CreationOutcome; readonly rrefId: RRefId },
): Done {
  const fork = { forkId: selfFork(rrefId), rrefId };
  if (outcome.type === 'created') {
    torchCheck(
      outcome.forkId === fork.forkId,
      'Expecting an OwnerRRef as RemoteRet but got a fork.',
    );
    return delForkOfOwner(tables, fork);
  }
  const owner = getForceCreatedOwner(tables, rrefId);
  checkCause(tables, outcome);
  return delForkOfOwner(flagTimedOut(tables, owner), fork);
}
