/** What must hold of the tables of references at any moment. */
import { allOf, always, getIn, hasIn, keysOf, sizeOf, valuesOf } from '../../src/index.ts';
import type { Predicate } from '../../src/index.ts';
import type { Invariant } from './invariant.ts';
import { everyWorker, workerAt, workersIn } from './workers.ts';

/** S2, S3, S4, S6 and S7. */
export const referenceTables: readonly Invariant[] = [
  {
    name: 'S2',
    about: 'no worker is a user of what it owns',
    of: ({ addresses }) =>
      always(
        'S2',
        everyWorker(addresses, ({ id, rrefs: { owners, users } }) =>
          valuesOf(users).every(({ ownerId, rrefId }) => ownerId !== id && !hasIn(owners, rrefId)),
        ),
      ),
  },
  {
    name: 'S3',
    about: 'one worker at most has a certain copy, and there it is pending or confirmed, not both',
    of: ({ addresses }) => always('S3', eachCopyOnce(addresses)),
  },
  {
    name: 'S4',
    about: 'an owner lists at least one copy of each reference of which it lists any',
    of: ({ addresses }) =>
      always(
        'S4',
        everyWorker(addresses, ({ rrefs: { forks } }) =>
          valuesOf(forks).every((known) => sizeOf(known) > 0),
        ),
      ),
  },
  {
    name: 'S6',
    about: 'no owner is told of the end of a copy of which a child is not yet accepted',
    of: ({ addresses }) =>
      always(
        'S6',
        everyWorker(addresses, ({ rrefs: { pendingChildren, users } }) =>
          valuesOf(pendingChildren).every(
            (parent) => getIn(users, parent)?.deletedOnOwner !== true,
          ),
        ),
      ),
  },
  {
    name: 'S7',
    about: 'the parent of a child that is not yet accepted is alive',
    of: ({ addresses }) =>
      always(
        'S7',
        everyWorker(addresses, ({ rrefs: { pendingChildren, users } }) =>
          valuesOf(pendingChildren).every((parent) => hasIn(users, parent)),
        ),
      ),
  },
];

// Of more workers there are too many pairs to remember each for itself.
const workersOfPairsMax = 8;

function eachCopyOnce(addresses: readonly string[]): Predicate {
  const pairs = addresses.flatMap((one, id) =>
    addresses.slice(id + 1).map((other) => areDisjoint(one, other)),
  );
  const allAreDisjoint: Predicate = (view) => {
    const copies = workersIn(view, addresses).flatMap(({ rrefs: { users } }) => keysOf(users));
    return new Set(copies).size === copies.length;
  };
  return allOf([
    everyWorker(addresses, ({ rrefs: { confirmedUsers, pendingUsers, users } }) =>
      keysOf(pendingUsers).every(
        (forkId) => !(hasIn(confirmedUsers, forkId) && hasIn(users, forkId)),
      ),
    ),
    ...(addresses.length > workersOfPairsMax ? [allAreDisjoint] : pairs),
  ]);
}

function areDisjoint(one: string, other: string): Predicate {
  return (view) => {
    const [first, second] = [one, other].map((address) => workerAt(view, address)?.rrefs.users);
    if (first === undefined || second === undefined) return true;
    return keysOf(first).every((forkId) => !hasIn(second, forkId));
  };
}
