import { expect, test } from 'vitest';

import { debugInfo, isQuiet } from '../../../machines/rref/debug-info.ts';
import {
  addForkOfOwner,
  addSelfAsFork,
  finishCreatingOwnerRRef,
} from '../../../machines/rref/forks.ts';
import { dropHandle, holdHandle } from '../../../machines/rref/handles.ts';
import type { ForkId } from '../../../machines/rref/ids.ts';
import { forkId, formatId, ownerKey, rrefId, selfFork } from '../../../machines/rref/ids.ts';
import {
  awaitOwner,
  awaitValue,
  createOwnerRRef,
  getOrCreateOwnerRRef,
  ownerRRef,
  setError,
  setValue,
} from '../../../machines/rref/owners.ts';
import { prepareChildFork } from '../../../machines/rref/pickling.ts';
import { newRRefTables } from '../../../machines/rref/tables.ts';

const r10 = rrefId(1, 0);
const f11 = forkId(1, 1);

test('the owner learns of a fork once', () => {
  const fork = { forkId: f11, rrefId: r10 };
  const { tables } = addForkOfOwner(newRRefTables(0), fork);
  expect(() => addForkOfOwner(tables, fork)).toThrow(
    `Got fork notification twice on the same RRef ${formatId(f11)}`,
  );
});

test('who waits for an owner goes on when it is made, and then for its value', () => {
  const parked = awaitOwner(newRRefTables(0), { rrefId: r10, waiter: 'fetch-1' });
  expect(debugInfo(parked.tables).pending_owners).toBe('1');
  const made = getOrCreateOwnerRRef(parked.tables, r10);
  const { owner } = made;
  expect(made.effects).toEqual([
    { owner, rrefId: r10, type: 'owner.available', waiters: ['fetch-1'] },
  ]);
  expect(debugInfo(made.tables).pending_owners).toBe('0');
  const waiting = awaitValue(made.tables, { owner, waiter: 'fetch-1' });
  expect(waiting.effects).toEqual([]);
  const set = setValue(waiting.tables, { owner, value: 7 });
  expect(set.effects).toEqual([
    { owner, rrefId: r10, type: 'value.available', waiters: ['fetch-1'] },
  ]);
  expect(ownerRRef(set.tables, owner).state).toEqual({ type: 'value', value: 7 });
  const late = awaitValue(set.tables, { owner, waiter: 'fetch-2' });
  expect(late.effects).toEqual([
    { owner, rrefId: r10, type: 'value.available', waiters: ['fetch-2'] },
  ]);
});

test('an error is a value to those who wait', () => {
  const { owner, tables } = getOrCreateOwnerRRef(newRRefTables(0), r10);
  const waiting = awaitValue(tables, { owner, waiter: 'fetch-1' });
  const failed = setError(waiting.tables, { message: 'boom', owner });
  expect(failed.effects).toMatchObject([{ type: 'value.available', waiters: ['fetch-1'] }]);
  expect(ownerRRef(failed.tables, owner).state).toEqual({ message: 'boom', type: 'error' });
});

test('a local reference can be reached by peers only once it was shared', () => {
  const { owner, tables } = createOwnerRRef(newRRefTables(0));
  expect(isQuiet(tables)).toBe(true);
  const done = dropHandle(setValue(tables, { owner, value: 'v' }).tables, owner);
  expect(done.effects).toEqual([
    { owner, rrefId: rrefId(0, 0), type: 'owner.dropped', value: 'v' },
  ]);
});

test('an object that local code still holds is not the one that peers get when its name comes again', () => {
  const made = createOwnerRRef(newRRefTables(0));
  const again = getOrCreateOwnerRRef(made.tables, made.rrefId);
  expect(again.owner).toBe(ownerKey(made.rrefId, 1));
  expect(ownerRRef(again.tables, again.owner).rrefId).toBe(made.rrefId);
});

test('a call to oneself holds its OwnerRRef by a fork of its own name', () => {
  const made = createOwnerRRef(newRRefTables(0));
  const { owner, rrefId: id } = made;
  const self = addSelfAsFork(made.tables, owner).tables;
  expect(debugInfo(self)).toMatchObject({ num_forks: '1', num_owner_rrefs: '1' });
  expect(() => addSelfAsFork(self, owner)).toThrow(
    `Attempt to add self as fork twice ${formatId(id)}`,
  );
  const outcome = { forkId: selfFork(id), type: 'created' } as const;
  expect(isQuiet(finishCreatingOwnerRRef(self, { outcome, rrefId: id }).tables)).toBe(true);
  const other = { forkId: f11, type: 'created' } as const;
  expect(() => finishCreatingOwnerRRef(self, { outcome: other, rrefId: id })).toThrow(
    'Expecting an OwnerRRef as RemoteRet but got a fork.',
  );
});

test('a call to oneself that times out flags its OwnerRRef, if that is still there', () => {
  const made = createOwnerRRef(newRRefTables(0));
  const { owner, rrefId: id } = made;
  const self = addSelfAsFork(made.tables, owner).tables;
  const outcome = { cause: 'TIMEOUT', message: 'late', type: 'failed' } as const;
  const { tables } = finishCreatingOwnerRRef(self, { outcome, rrefId: id });
  expect(ownerRRef(tables, owner).timedOut).toBe(true);
  expect(() => prepareChildFork(tables, owner)).toThrow('RRef creation via rpc.remote() timed out');
  expect(() => finishCreatingOwnerRRef(tables, { outcome, rrefId: id })).toThrow(
    `Expected OwnerRRef with id ${formatId(id)} to be created.`,
  );
});

test('a handle is neither taken nor dropped where there is nothing', () => {
  const nothing: ForkId = forkId(9, 9);
  expect(() => holdHandle(newRRefTables(0), nothing)).toThrow('nothing on worker 0 holds');
  expect(() => dropHandle(newRRefTables(0), nothing)).toThrow('there is none');
  expect(() => ownerRRef(newRRefTables(0), nothing)).toThrow('There is no OwnerRRef');
});
