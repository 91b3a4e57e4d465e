import { expect, test } from 'vitest';

import { controlSettled, sendControl } from '../../../machines/rref/control.ts';
import { debugInfo, isQuiet } from '../../../machines/rref/debug-info.ts';
import {
  confirmedForks,
  dropUnforkedOwners,
  eraseUser,
  tryDel,
} from '../../../machines/rref/deletion.ts';
import { addForkOfOwner } from '../../../machines/rref/forks.ts';
import { dropHandle } from '../../../machines/rref/handles.ts';
import { createdOn, forkId, formatId, rrefId } from '../../../machines/rref/ids.ts';
import { getOrCreateOwnerRRef } from '../../../machines/rref/owners.ts';
import {
  addPendingChild,
  delPendingChild,
  prepareChildFork,
} from '../../../machines/rref/pickling.ts';
import type { RRefTables } from '../../../machines/rref/tables.ts';
import { newRRefTables } from '../../../machines/rref/tables.ts';
import { printRRef } from '../../../machines/rref/texts.ts';
import { finishForkRequest } from '../../../machines/rref/unpickling.ts';
import {
  addPendingUser,
  awaitConfirmation,
  confirmPendingUser,
  createUserRRef,
  delPendingUser,
} from '../../../machines/rref/users.ts';
import { getIn, hasIn } from '../../../src/core/persistent-map.ts';

const r10 = rrefId(1, 0);
const f11 = forkId(1, 1);

/** Worker 1 is creating an RRef on worker 0. */
function creating(): RRefTables {
  const { tables } = createUserRRef(newRRefTables(1), { ownerId: 0 });
  return addPendingUser(tables, f11).tables;
}

/** Worker 1 has an RRef that its owner, worker 0, knows. */
function confirmed(): RRefTables {
  return delPendingUser(creating(), f11).tables;
}

test('a name says who made it, and prints as in PyTorch', () => {
  expect(formatId(forkId(3, 12))).toBe('GloballyUniqueId(created_on=3, local_id=12)');
  expect(createdOn(forkId(3, 12))).toBe(3);
  expect(printRRef(r10, f11)).toBe(
    'UserRRef(RRefId = GloballyUniqueId(created_on=1, local_id=0), ' +
      'ForkId = GloballyUniqueId(created_on=1, local_id=1))',
  );
  expect(printRRef(r10)).toBe('OwnerRRef(GloballyUniqueId(created_on=1, local_id=0))');
});

test('the reference takes the first number and the fork the next', () => {
  const made = createUserRRef(newRRefTables(1), { ownerId: 0 });
  expect([made.rrefId, made.forkId, made.tables.nextLocalId]).toEqual([r10, f11, 2]);
});

test('a worker is no user of its own reference', () => {
  expect(() => createUserRRef(newRRefTables(1), { ownerId: 1 })).toThrow(
    'Cannot create UserRRef on owner.',
  );
});

test('a user that nobody waits to be confirmed goes with its handle', () => {
  const { tables } = createUserRRef(newRRefTables(1), { ownerId: 0 });
  expect(dropHandle(tables, f11).effects).toEqual([{ forkId: f11, type: 'user.unreferenced' }]);
});

test('a pending user outlives its handles, until it is confirmed', () => {
  const dropped = dropHandle(creating(), f11);
  expect(dropped.effects).toEqual([]);
  expect(delPendingUser(dropped.tables, f11).effects).toEqual([
    { forkId: f11, type: 'user.confirmed', waiters: [] },
    { forkId: f11, type: 'user.unreferenced' },
  ]);
});

test('who waits for a confirmation is told with it, and at once afterwards', () => {
  const { effects, tables } = awaitConfirmation(creating(), { forkId: f11, waiter: 'call-1' });
  expect(effects).toEqual([]);
  const done = delPendingUser(tables, f11);
  expect(done.effects).toEqual([{ forkId: f11, type: 'user.confirmed', waiters: ['call-1'] }]);
  expect(getIn(done.tables.users, f11)).toMatchObject({ confirmedByOwner: true });
  const late = awaitConfirmation(done.tables, { forkId: f11, waiter: 'call-2' });
  expect(late.effects).toEqual([{ forkId: f11, type: 'user.confirmed', waiters: ['call-2'] }]);
});

test('a user is pending once and confirmed once', () => {
  expect(() => addPendingUser(creating(), f11)).toThrow(
    'Inconsistent states: attempt to add the same UserRRef twice.',
  );
  expect(() => delPendingUser(confirmed(), f11)).toThrow(
    'Inconsistent states: attempt to delete a non-exist UserRRef.',
  );
  expect(() => addPendingUser(newRRefTables(0), f11)).toThrow(
    'Attempt to add an OwnerRRef as a pending User.',
  );
});

test('a time-out confirms a user and flags it, so that it can be shared no more', () => {
  const outcome = { cause: 'TIMEOUT', message: 'late', type: 'failed' } as const;
  const { tables } = confirmPendingUser(creating(), { forkId: f11, outcome });
  expect(getIn(tables.users, f11)).toMatchObject({ confirmedByOwner: true, timedOut: true });
  expect(() => prepareChildFork(tables, f11)).toThrow(
    'RRef creation via rpc.remote() timed out, and it is possible that the RRef on the owner node ' +
      'does not exist.',
  );
});

test('any other error leaves a user pending', () => {
  const outcome = { cause: 'UNKNOWN', message: 'Error on Node 0: boom', type: 'failed' } as const;
  const before = creating();
  expect(() => confirmPendingUser(before, { forkId: f11, outcome })).toThrow(
    'Error on Node 0: boom',
  );
  expect(() => confirmPendingUser(confirmed(), { forkId: f11, outcome })).toThrow(
    `Pending user with forkId ${formatId(f11)} not found`,
  );
});

test('a parent outlives its handles, until its child is accepted', () => {
  const { fork, tables } = prepareChildFork(confirmed(), f11);
  expect(fork).toEqual({ forkId: 'w1.2', ownerId: 0, parentId: 1, rrefId: r10 });
  const dropped = dropHandle(tables, f11);
  expect(dropped.effects).toEqual([]);
  const accepted = delPendingChild(dropped.tables, fork.forkId);
  expect(accepted.effects).toEqual([{ forkId: f11, type: 'user.unreferenced' }]);
  expect(delPendingChild(accepted.tables, fork.forkId)).toEqual({
    effects: [],
    tables: accepted.tables,
  });
});

test('a child has one parent, which is a user', () => {
  const { fork, tables } = prepareChildFork(confirmed(), f11);
  expect(() => addPendingChild(tables, { forkId: fork.forkId, parent: f11 })).toThrow(
    'Inconsistent states: attempt to add the same child fork twice.',
  );
  expect(() => addPendingChild(tables, { forkId: fork.forkId, parent: forkId(0, 9) })).toThrow(
    'OwnerRRef should not have a pending child.',
  );
});

test('a fork that its owner knows lets its waiters run before its parent is told', () => {
  const parked = awaitConfirmation(creating(), { forkId: f11, waiter: 'call-1' }).tables;
  const { effects } = finishForkRequest(parked, { forkId: f11, parentId: 2 });
  expect(effects).toEqual([
    { forkId: f11, type: 'user.confirmed', waiters: ['call-1'] },
    {
      message: { forkId: f11, type: 'RREF_CHILD_ACCEPT' },
      to: 2,
      type: 'control.sent',
    },
  ]);
});

test('an owner is told once that a user is gone, and the user cannot be shared after', () => {
  const told = tryDel(confirmed(), f11);
  expect(told.effects).toEqual([
    {
      message: { forkId: f11, rrefId: r10, type: 'RREF_USER_DELETE' },
      to: 0,
      type: 'control.sent',
    },
  ]);
  expect(tryDel(told.tables, f11).effects).toEqual([]);
  expect(() => prepareChildFork(told.tables, f11)).toThrow(
    `UserRRef(rref_id=${formatId(r10)}, fork_id=${formatId(f11)}) has been deleted. ` +
      'Cannot call fork an UserRRef after deletion.',
  );
});

test('a deleted user is forgotten by the table, but lives while a handle is left', () => {
  const erased = eraseUser(tryDel(confirmed(), f11).tables, f11).tables;
  expect([hasIn(erased.confirmedUsers, f11), hasIn(erased.users, f11)]).toEqual([false, true]);
  const { effects, tables } = dropHandle(erased, f11);
  expect(effects).toEqual([{ forkId: f11, type: 'user.unreferenced' }]);
  const gone = eraseUser(tryDel(tables, f11).tables, f11).tables;
  expect([hasIn(gone.users, f11), gone.numPendingFutures]).toEqual([false, 1]);
});

test('nobody is told any more once the tables are destroyed', () => {
  expect(tryDel({ ...confirmed(), destroyed: true }, f11).effects).toEqual([]);
});

test('a control message counts until it is settled', () => {
  const message = { forkId: f11, type: 'RREF_CHILD_ACCEPT' } as const;
  const { tables } = sendControl(newRRefTables(1), { message, to: 2 });
  expect([debugInfo(tables).num_pending_futures, isQuiet(tables)]).toEqual(['1', false]);
  expect(isQuiet(controlSettled(tables).tables)).toBe(true);
  expect(() => controlSettled(newRRefTables(1))).toThrow('none is under way');
});

test('the sweep finds the users that live and are confirmed, and the owners without forks', () => {
  expect(confirmedForks(creating())).toEqual([]);
  expect(confirmedForks(confirmed())).toEqual([f11]);
  const phantom = getOrCreateOwnerRRef(newRRefTables(0), r10);
  const free = dropHandle(phantom.tables, phantom.owner).tables;
  const swept = dropUnforkedOwners(free);
  expect(swept.effects).toEqual([{ owner: phantom.owner, rrefId: r10, type: 'owner.dropped' }]);
  const known = addForkOfOwner(free, { forkId: f11, rrefId: r10 }).tables;
  expect(dropUnforkedOwners(known)).toEqual({ effects: [], tables: known });
});
