import { expect, test } from 'vitest';

import { debugInfo, isQuiet } from '../../../machines/rref/debug-info.ts';
import { addForkOfOwner, delForkOfOwner } from '../../../machines/rref/forks.ts';
import { dropHandle } from '../../../machines/rref/handles.ts';
import type { RRefKey } from '../../../machines/rref/ids.ts';
import { createOwnerRRef, getOrCreateOwnerRRef, setValue } from '../../../machines/rref/owners.ts';
import { getIn, hasIn, keysOf } from '../../../src/core/persistent-map.ts';
import type { Router } from './router.ts';
import { createRouter, written } from './router.ts';

const everyone = [0, 1, 2];

function quiet(router: Router): readonly boolean[] {
  return everyone.map((worker) => isQuiet(router.tables(worker)));
}

function forksAt(router: Router, worker: number, id: string): readonly string[] {
  return keysOf(getIn(router.tables(worker).forks, id) ?? {});
}

/** Worker 0 owns an RRef with a value, and holds it itself. */
function ownerOf(router: Router, value: unknown): RRefKey {
  const { owner } = router.run(0, createOwnerRRef);
  router.run(0, (tables) => setValue(tables, { owner, value }));
  return owner;
}

test('a user that shares with the owner keeps its RRef until the owner has it', () => {
  const router = createRouter(3);
  const { forkId, rrefId } = router.remote(1, 0);
  router.deliverAll();
  const fork = router.share(1, { key: forkId, to: 0 });
  router.drop(1, forkId);
  // The child is under way, so the parent may not be deleted (G2).
  expect(written(router.mail())).toEqual(['1 -> 0 rref w1.2']);
  expect(getIn(router.tables(1).pendingChildren, fork.forkId)).toBe(forkId);
  router.deliver();
  expect(written(router.mail())).toEqual(['0 -> 1 RREF_CHILD_ACCEPT w1.2']);
  // The fork never enters the table of the owner: there is no such user.
  expect(forksAt(router, 0, rrefId)).toEqual([forkId]);
  router.deliver();
  expect(written(router.mail())).toEqual(['1 -> 0 RREF_USER_DELETE w1.1', '1 -> 0 RREF_ACK w1.2']);
  router.deliverAll();
  // Nobody reaches it, but user code at the owner still holds the object.
  expect(quiet(router)).toEqual([true, true, true]);
  expect(keysOf(router.tables(0).ownerRRefs)).toEqual([rrefId]);
  router.drop(0, router.handlesOf(0)[0] ?? forkId);
  expect(router.effects().at(-1)).toMatchObject({ type: 'owner.dropped', value: 42 });
});

test('an owner that shares with a user knows the fork before the message leaves', () => {
  const router = createRouter(3);
  const owner = ownerOf(router, 'v');
  const fork = router.share(0, { key: owner, to: 1 });
  expect(forksAt(router, 0, fork.rrefId)).toEqual([fork.forkId]);
  router.run(0, (tables) => dropHandle(tables, owner));
  router.deliver();
  expect(router.mail()).toEqual([]);
  expect(getIn(router.tables(1).users, fork.forkId)).toMatchObject({ confirmedByOwner: true });
  router.drop(1, fork.forkId);
  expect(written(router.mail())).toEqual([`1 -> 0 RREF_USER_DELETE ${fork.forkId}`]);
  router.deliverAll();
  expect(quiet(router)).toEqual([true, true, true]);
  expect(router.effects().some(({ type }) => type === 'owner.dropped')).toBe(true);
});

test('an owner that shares with itself takes the early registration back', () => {
  const router = createRouter(3);
  const owner = ownerOf(router, 'v');
  router.share(0, { key: owner, to: 0 });
  expect(debugInfo(router.tables(0)).num_forks).toBe('1');
  router.deliver();
  expect(router.mail()).toEqual([]);
  expect(isQuiet(router.tables(0))).toBe(true);
  expect(router.handlesOf(0)).toEqual([owner]);
});

test('three workers share a reference as recorded on PyTorch', () => {
  const router = createRouter(3);
  const { forkId: f0, rrefId } = router.remote(1, 0);
  expect([rrefId, f0]).toEqual(['w1.0', 'w1.1']);
  expect(keysOf(router.tables(1).pendingUsers)).toEqual([f0]);
  const { forkId: f1 } = router.share(1, { key: f0, to: 2 });
  expect(f1).toBe('w1.2');
  expect(keysOf(router.tables(1).pendingChildren)).toEqual([f1]);
  expect(written(router.mail())).toEqual(['1 -> 0 remote w1.0 w1.1', '1 -> 2 rref w1.2']);

  router.deliver(1);
  expect(keysOf(router.tables(2).pendingUsers)).toEqual([f1]);
  expect(written(router.mail())).toEqual([
    '1 -> 0 remote w1.0 w1.1',
    '2 -> 0 RREF_FORK_REQUEST w1.2',
  ]);
  // The owner may get to know the fork before the reference.
  router.deliver(1);
  expect(forksAt(router, 0, rrefId)).toEqual([f1]);
  expect(hasIn(router.tables(0).owners, rrefId)).toBe(false);
  router.deliver(0);
  expect(forksAt(router, 0, rrefId)).toEqual([f0, f1]);
  expect(hasIn(router.tables(0).owners, rrefId)).toBe(true);
  expect(written(router.mail())).toEqual(['0 -> 2 RREF_ACK w1.2', '0 -> 1 REMOTE_RET w1.1']);

  router.deliver(1);
  expect(keysOf(router.tables(1).confirmedUsers)).toEqual([f0]);
  router.deliver(0);
  expect(keysOf(router.tables(2).confirmedUsers)).toEqual([f1]);
  expect(written(router.mail())).toEqual(['2 -> 1 RREF_CHILD_ACCEPT w1.2']);
  router.deliver();
  expect(keysOf(router.tables(1).pendingChildren)).toEqual([]);

  router.drop(2, f1);
  router.drop(1, f0);
  expect(written(router.mail())).toEqual([
    '1 -> 2 RREF_ACK w1.2',
    '2 -> 0 RREF_USER_DELETE w1.2',
    '1 -> 0 RREF_USER_DELETE w1.1',
  ]);
  router.deliverAll();
  expect(quiet(router)).toEqual([true, true, true]);
  expect(router.effects().filter(({ type }) => type === 'owner.dropped')).toHaveLength(1);
});

test('a user that shares within its own worker asks the owner all the same', () => {
  const router = createRouter(3);
  const { forkId } = router.remote(1, 0);
  router.deliverAll();
  router.share(1, { key: forkId, to: 1 });
  router.deliver();
  expect(written(router.mail())).toEqual(['1 -> 0 RREF_FORK_REQUEST w1.2']);
  router.deliverAll();
  for (const key of router.handlesOf(1)) router.drop(1, key);
  router.deliverAll();
  expect(quiet(router)).toEqual([true, true, true]);
});

// Worker 1 shares what it is creating with worker 2. The owner gets the delete of worker 2 between the
// two steps in which it makes the OwnerRRef and registers the fork of worker 1.
test('loses the OwnerRRef of a living user when the two steps of creation are torn apart', () => {
  const router = createRouter(3);
  const { forkId: f0, rrefId } = router.remote(1, 0);
  const { forkId: f1 } = router.share(1, { key: f0, to: 2 });
  router.deliver(1);
  router.deliver(1);
  const { owner } = router.run(0, (tables) => getOrCreateOwnerRRef(tables, rrefId));
  router.run(0, (tables) => delForkOfOwner(tables, { forkId: f1, rrefId }));
  router.run(0, (tables) => addForkOfOwner(tables, { forkId: f0, rrefId }));
  router.run(0, (tables) => dropHandle(tables, owner));
  expect(debugInfo(router.tables(0))).toMatchObject({ num_forks: '1', num_owner_rrefs: '0' });
});
