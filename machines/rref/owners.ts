import { invariant } from '../../src/core/errors.ts';
import { deleteIn, getIn, hasIn, setIn, valuesOf } from '../../src/core/persistent-map.ts';
import { torchCheck } from '../engine/torch-error.ts';
import type { RRefEffect, Waiter } from './effects.ts';
import { letGo } from './handles.ts';
import type { OwnerKey, RRefId, RRefKey } from './ids.ts';
import { formatId, ownerKey, pyObject, rrefId as nameRRef } from './ids.ts';
import type { Done, OwnerRRef, RRefTables } from './tables.ts';

/** An OwnerRRef and its name. */
export interface MadeOwner extends Done {
  readonly owner: OwnerKey;
  readonly rrefId: RRefId;
}

/**
 * A new OwnerRRef that no peer can reach yet: a local `RRef(value)`, or `remote` to oneself. Its caller
 * holds one handle.
 */
export function createOwnerRRef(tables: RRefTables, typeName = pyObject): MadeOwner {
  const { nextLocalId, workerId } = tables;
  const rrefId = nameRRef(workerId, nextLocalId);
  return addOwner({ ...tables, nextLocalId: nextLocalId + 1 }, { rrefId, typeName });
}

/**
 * The OwnerRRef that peers reach under this name, made empty if there is none; its caller holds one
 * handle. Whoever waited for it goes on.
 *
 * @throws {TorchError} if it is there with another type.
 */
export function getOrCreateOwnerRRef(
  tables: RRefTables,
  rrefId: RRefId,
  typeName = pyObject,
): MadeOwner {
  const owner = getIn(tables.owners, rrefId);
  if (owner !== undefined) {
    const { typeName: known } = ownerRRef(tables, owner);
    torchCheck(known === typeName, `OwnerRRef type is ${known}, expected type is ${typeName}`);
    const handles = setIn(tables.handles, owner, (getIn(tables.handles, owner) ?? 0) + 1);
    return { effects: [], owner, rrefId, tables: { ...tables, handles } };
  }
  const made = addOwner(tables, { rrefId, typeName });
  const waiters = getIn(tables.pendingOwners, rrefId);
  const effects: readonly RRefEffect[] =
    waiters === undefined ? [] : [{ owner: made.owner, rrefId, type: 'owner.available', waiters }];
  return {
    ...made,
    effects,
    tables: {
      ...made.tables,
      owners: setIn(tables.owners, rrefId, made.owner),
      pendingOwners: deleteIn(tables.pendingOwners, rrefId),
    },
  };
}

/**
 * The OwnerRRef that a call to oneself was announced with.
 *
 * @throws {TorchError} if it is gone, as after a time-out.
 */
export function getForceCreatedOwner(tables: RRefTables, rrefId: RRefId): OwnerKey {
  const owner = getIn(tables.owners, rrefId);
  torchCheck(owner !== undefined, `Expected OwnerRRef with id ${formatId(rrefId)} to be created.`);
  return owner;
}

/** Lets `waiter` know once peers can reach the OwnerRRef; at once if they can. */
export function awaitOwner(
  tables: RRefTables,
  { rrefId, waiter }: { readonly rrefId: RRefId; readonly waiter: Waiter },
): Done {
  const owner = getIn(tables.owners, rrefId);
  if (owner !== undefined) {
    return { effects: [{ owner, rrefId, type: 'owner.available', waiters: [waiter] }], tables };
  }
  const waiters = [...(getIn(tables.pendingOwners, rrefId) ?? []), waiter];
  const pendingOwners = setIn(tables.pendingOwners, rrefId, waiters);
  return { effects: [], tables: { ...tables, pendingOwners } };
}

/** A waiter that does not wait any more. */
export interface StoppedWait {
  readonly tables: RRefTables;
  readonly wasWaiting: boolean;
}

/** Whoever waits for the OwnerRRef of this name, or for its value, waits no more. */
export function stopWaiting(
  tables: RRefTables,
  { rrefId, waiter }: { readonly rrefId: RRefId; readonly waiter: Waiter },
): StoppedWait {
  const others = (waiters: readonly Waiter[]) => waiters.filter((each) => each !== waiter);
  const waiters = getIn(tables.pendingOwners, rrefId) ?? [];
  if (waiters.includes(waiter)) {
    const left = others(waiters);
    const pendingOwners =
      left.length === 0
        ? deleteIn(tables.pendingOwners, rrefId)
        : setIn(tables.pendingOwners, rrefId, left);
    return { tables: { ...tables, pendingOwners }, wasWaiting: true };
  }
  const object = valuesOf(tables.ownerRRefs).find(
    (each) => each.rrefId === rrefId && each.waiters.includes(waiter),
  );
  return object === undefined
    ? { tables, wasWaiting: false }
    : { tables: put(tables, { ...object, waiters: others(object.waiters) }), wasWaiting: true };
}

/** Lets `waiter` know once the OwnerRRef has a value or an error; at once if it has. */
export function awaitValue(
  tables: RRefTables,
  { owner, waiter }: { readonly owner: OwnerKey; readonly waiter: Waiter },
): Done {
  const object = ownerRRef(tables, owner);
  const { rrefId, state, waiters } = object;
  if (state.type !== 'no-value') {
    return { effects: [{ owner, rrefId, type: 'value.available', waiters: [waiter] }], tables };
  }
  return { effects: [], tables: put(tables, { ...object, waiters: [...waiters, waiter] }) };
}

/** Gives the OwnerRRef its value. */
export function setValue(
  tables: RRefTables,
  { owner, value }: { readonly owner: OwnerKey; readonly value: unknown },
): Done {
  return settle(tables, { ...ownerRRef(tables, owner), state: { type: 'value', value } });
}

/** Gives the OwnerRRef the error with which its creation ended. */
export function setError(
  tables: RRefTables,
  { message, owner }: { readonly message: string; readonly owner: OwnerKey },
): Done {
  return settle(tables, { ...ownerRRef(tables, owner), state: { message, type: 'error' } });
}

/** Makes the OwnerRRef reachable under its name; what was reachable there before is let go. */
export function keepOwner(tables: RRefTables, owner: OwnerKey): Done {
  const { rrefId } = ownerRRef(tables, owner);
  const before = getIn(tables.owners, rrefId);
  const kept = { ...tables, owners: setIn(tables.owners, rrefId, owner) };
  return before === undefined || before === owner
    ? { effects: [], tables: kept }
    : letGo(kept, before);
}

/**
 * A living OwnerRRef.
 *
 * @throws {SimulationError} `rref/no-owner` if it is none: whoever asks holds it.
 */
export function ownerRRef(tables: RRefTables, owner: RRefKey): OwnerRRef {
  const found = getIn(tables.ownerRRefs, owner);
  invariant(
    found !== undefined,
    'rref/no-owner',
    `There is no OwnerRRef ${owner} on worker ${tables.workerId}. Hold a handle while it is in use.`,
  );
  return found;
}

function addOwner(
  tables: RRefTables,
  { rrefId, typeName }: Pick<OwnerRRef, 'rrefId' | 'typeName'>,
): MadeOwner {
  let copy = 0;
  while (hasIn(tables.ownerRRefs, ownerKey(rrefId, copy))) copy += 1;
  const key = ownerKey(rrefId, copy);
  const object: OwnerRRef = {
    key,
    rrefId,
    state: { type: 'no-value' },
    timedOut: false,
    typeName,
    waiters: [],
  };
  const handles = setIn(tables.handles, key, 1);
  return { effects: [], owner: key, rrefId, tables: put({ ...tables, handles }, object) };
}

function settle(tables: RRefTables, object: OwnerRRef): Done {
  const { key, rrefId, waiters } = object;
  return {
    effects: [{ owner: key, rrefId, type: 'value.available', waiters }],
    tables: put(tables, { ...object, waiters: [] }),
  };
}

function put(tables: RRefTables, object: OwnerRRef): RRefTables {
  return { ...tables, ownerRRefs: setIn(tables.ownerRRefs, object.key, object) };
}
