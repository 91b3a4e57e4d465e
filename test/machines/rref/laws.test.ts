import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { isQuiet } from '../../../machines/rref/debug-info.ts';
import { addForkOfOwnerIfNotPresent, delForkOfOwner } from '../../../machines/rref/forks.ts';
import { dropHandle, holdHandle } from '../../../machines/rref/handles.ts';
import { forkId, rrefId } from '../../../machines/rref/ids.ts';
import { createOwnerRRef } from '../../../machines/rref/owners.ts';
import { prepareChildFork } from '../../../machines/rref/pickling.ts';
import { newRRefTables } from '../../../machines/rref/tables.ts';
import { createUserRRef } from '../../../machines/rref/users.ts';
import { digest } from '../../../src/core/digest.ts';
import {
  entriesOf,
  getIn,
  hasIn,
  keysOf,
  sizeOf,
  valuesOf,
} from '../../../src/core/persistent-map.ts';
import type { Router } from './router.ts';
import { createRouter } from './router.ts';

const workerIds = [0, 1, 2];
const numbers = fc.array(fc.nat({ max: 30 }), { maxLength: 60 });

/** Lets numbers decide who creates, shares, drops, and which mail comes first. */
function play(router: Router, moves: readonly number[]): void {
  for (const [at, move] of moves.entries()) {
    const worker = move % 3;
    const peer = (move + 1 + (at % 2)) % 3;
    const held = router.handlesOf(worker);
    const key = held[move % Math.max(held.length, 1)];
    const kind = move % 5;
    if (kind === 0) router.remote(worker, peer);
    else if (kind === 1 && key !== undefined) router.drop(worker, key);
    else if (kind === 2 && key !== undefined) router.share(worker, { key, to: (move + at) % 3 });
    else if (router.mail().length > 0) router.deliver(move % router.mail().length);
    checkTables(router);
  }
}

/** Every set of forks has a fork, and a confirmed user that was not deleted has its value. */
function checkTables(router: Router): void {
  const everywhere = workerIds.map((worker) => router.tables(worker));
  const sets = everywhere.flatMap(({ forks }) => valuesOf(forks));
  expect(sets.filter((forks) => sizeOf(forks) === 0)).toEqual([]);
  const inBoth = everywhere.flatMap(({ confirmedUsers, pendingUsers }) =>
    keysOf(pendingUsers).filter((fork) => hasIn(confirmedUsers, fork)),
  );
  expect(inBoth).toEqual([]);
  const robbed = everywhere
    .flatMap(({ users }) => valuesOf(users))
    .filter(({ confirmedByOwner, deletedOnOwner }) => confirmedByOwner && !deletedOnOwner)
    .filter(({ forkId: fork, ownerId, rrefId: id }) => {
      const { forks, owners } = router.tables(ownerId);
      // A user may be confirmed before the call that creates the value has arrived.
      const isCreated = !router
        .mail()
        .some((mail) => mail.type === 'remote-call' && mail.rrefId === id);
      return !hasIn(getIn(forks, id) ?? {}, fork) || (isCreated && !hasIn(owners, id));
    });
  expect(robbed).toEqual([]);
}

function dropAll(router: Router): void {
  for (const worker of workerIds) {
    for (const key of router.handlesOf(worker)) router.drop(worker, key);
  }
}

test('no value goes while a confirmed user lives, and everything goes once all let go', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(numbers, (moves) => {
      const router = createRouter(3);
      play(router, moves);
      for (let round = 0; round < 3; round += 1) {
        router.deliverAll();
        dropAll(router);
      }
      router.deliverAll();
      checkTables(router);
      for (const worker of workerIds) {
        const tables = router.tables(worker);
        expect(isQuiet(tables)).toBe(true);
        expect([...entriesOf(tables.users), ...entriesOf(tables.ownerRRefs)]).toEqual([]);
        expect(sizeOf(tables.handles)).toBe(0);
      }
      for (const effect of router.effects()) {
        seen.add(effect.type === 'control.sent' ? effect.message.type : effect.type);
      }
    }),
  );
  // The law spoke of all that can happen.
  expect([...seen].toSorted()).toEqual([
    'RREF_CHILD_ACCEPT',
    'RREF_FORK_REQUEST',
    'RREF_USER_DELETE',
    'owner.dropped',
    'user.confirmed',
    'user.unreferenced',
    'value.available',
  ]);
});

test('no name is given twice', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 2 }), { maxLength: 40 }), (kinds) => {
      let tables = createOwnerRRef(newRRefTables(1)).tables;
      const owner = createOwnerRRef(tables);
      ({ tables } = owner);
      const names = ['w1.0', owner.rrefId as string];
      for (const kind of kinds) {
        if (kind === 0) {
          const made = createUserRRef(tables, { ownerId: 0 });
          names.push(made.rrefId, made.forkId);
          ({ tables } = made);
        } else if (kind === 1) {
          const made = createOwnerRRef(tables);
          names.push(made.rrefId);
          ({ tables } = made);
        } else {
          const made = prepareChildFork(tables, owner.owner);
          names.push(made.fork.forkId);
          ({ tables } = made);
        }
      }
      expect(new Set(names).size).toBe(names.length);
    }),
  );
});

test('to delete a fork twice is to delete it once, and to request it twice is to request it once', () => {
  const forks = fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(forks, forks, (added, deleted) => {
      const id = rrefId(0, 0);
      const fork = (nr: number) => ({ forkId: forkId(1, nr), rrefId: id });
      const once = [...added.map(add), ...deleted.map(remove)];
      const twice = [...added.flatMap(repeated(add)), ...deleted.flatMap(repeated(remove))];
      expect(digest(after(twice))).toEqual(digest(after(once)));

      function add(nr: number): Step {
        return (tables) => addForkOfOwnerIfNotPresent(tables, fork(nr)).tables;
      }
      function remove(nr: number): Step {
        return (tables) => delForkOfOwner(tables, fork(nr)).tables;
      }
    }),
  );
});

test('requests and deletes of different forks commute', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([1, 2, 3, 4], { minLength: 4 }), (order) => {
      const id = rrefId(0, 0);
      const start = [7, 1, 2].map(
        (nr): Step =>
          (tables) =>
            addForkOfOwnerIfNotPresent(tables, { forkId: forkId(2, nr), rrefId: id }).tables,
      );
      // 1 and 2 go, 3 and 4 come.
      const steps = order.map((nr): Step => {
        const fork = { forkId: forkId(2, nr), rrefId: id };
        return (tables) =>
          (nr <= 2 ? delForkOfOwner(tables, fork) : addForkOfOwnerIfNotPresent(tables, fork))
            .tables;
      });
      const ordered = after([...start, ...steps]);
      expect([...entriesOf(getIn(ordered.forks, id) ?? {})].map(([key]) => key)).toEqual([
        'w2.3',
        'w2.4',
        'w2.7',
      ]);
    }),
  );
});

// A delete that comes first is ignored, so the request that comes second makes a fork that nobody deletes.
test('a request and the delete of the same fork do not commute', () => {
  const fork = { forkId: forkId(1, 1), rrefId: rrefId(0, 0) };
  const request: Step = (tables) => addForkOfOwnerIfNotPresent(tables, fork).tables;
  const remove: Step = (tables) => delForkOfOwner(tables, fork).tables;
  expect(isQuiet(after([request, remove]))).toBe(true);
  expect(isQuiet(after([remove, request]))).toBe(false);
});

test('an owner goes with its last handle, not before', () => {
  fc.assert(
    fc.property(fc.nat({ max: 6 }), (copies) => {
      const made = createOwnerRRef(newRRefTables(0));
      let { tables } = made;
      for (let copy = 0; copy < copies; copy += 1) {
        ({ tables } = holdHandle(tables, made.owner));
      }
      for (let copy = 0; copy < copies; copy += 1) {
        const done = dropHandle(tables, made.owner);
        expect(done.effects).toEqual([]);
        ({ tables } = done);
      }
      const last = dropHandle(tables, made.owner);
      expect(last.effects.map(({ type }) => type)).toEqual(['owner.dropped']);
    }),
  );
});

type Tables = ReturnType<typeof newRRefTables>;
type Step = (tables: Tables) => Tables;

function after(steps: readonly Step[]): Tables {
  return steps.reduce((tables, step) => step(tables), newRRefTables(0));
}

function repeated(make: (nr: number) => Step): (nr: number) => readonly Step[] {
  return (nr) => [make(nr), make(nr)];
}
