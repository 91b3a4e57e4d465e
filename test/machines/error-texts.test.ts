/**
 * The texts of PyTorch's errors, to the letter: what is to be raised, and what raises it.
 *
 * @see PyTorch, `torch/csrc/distributed/rpc`, `torch/distributed/rpc`; the texts are searched for by users.
 */
import { expect, test } from 'vitest';

import { faultyTensorPipe } from '../../machines/rpc/agent/backend.ts';
import {
  addForkOfOwner,
  addSelfAsFork,
  finishCreatingOwnerRRef,
} from '../../machines/rref/forks.ts';
import { forkId, rrefId } from '../../machines/rref/ids.ts';
import {
  createOwnerRRef,
  getForceCreatedOwner,
  getOrCreateOwnerRRef,
} from '../../machines/rref/owners.ts';
import { addPendingChild, prepareChildFork } from '../../machines/rref/pickling.ts';
import type { RRefTables } from '../../machines/rref/tables.ts';
import { newRRefTables } from '../../machines/rref/tables.ts';
import {
  addPendingUser,
  addUser,
  confirmPendingUser,
  createUserRRef,
  delPendingUser,
} from '../../machines/rref/users.ts';

const empty = newRRefTables(1);
const made = createUserRRef(empty, { ownerId: 0 });
const pending = addPendingUser(made.tables, made.forkId).tables;
const owner = createOwnerRRef(empty);
const user =
  'UserRRef(rref_id=GloballyUniqueId(created_on=1, local_id=0), fork_id=GloballyUniqueId(created_on=1, local_id=1))';

function withUser(change: object): RRefTables {
  const changed = { ...made.tables.users.root?.value, ...change };
  // cast -- the only entry of the map, with other flags
  return {
    ...made.tables,
    users: { root: { ...made.tables.users.root, value: changed } },
  } as unknown as RRefTables;
}

/** What the operations on the tables of references raise. */
const ofTables: readonly (readonly [text: string, raise: () => unknown])[] = [
  ['Cannot create UserRRef on owner.', () => createUserRRef(empty, { ownerId: 1 })],
  [
    'RRef owner cannot create user RRef.',
    () => addUser(empty, { forkId: forkId(0, 1), ownerId: 1, rrefId: rrefId(0, 0) }),
  ],
  ['Attempt to add an OwnerRRef as a pending User.', () => addPendingUser(empty, made.forkId)],
  [
    'Inconsistent states: attempt to add the same UserRRef twice.',
    () => addPendingUser(pending, made.forkId),
  ],
  [
    'Inconsistent states: attempt to delete a non-exist UserRRef.',
    () => delPendingUser(empty, made.forkId),
  ],
  [
    'Pending user with forkId GloballyUniqueId(created_on=1, local_id=1) not found',
    () => {
      const outcome = { type: 'failed', cause: 'TIMEOUT', message: '' } as const;
      return confirmPendingUser(empty, { forkId: made.forkId, outcome });
    },
  ],
  [
    'OwnerRRef should not have a pending child.',
    () => addPendingChild(empty, { forkId: forkId(1, 7), parent: made.forkId }),
  ],
  [
    'Inconsistent states: attempt to add the same child fork twice.',
    () => {
      const child = { forkId: forkId(1, 7), parent: made.forkId };
      return addPendingChild(addPendingChild(made.tables, child).tables, child);
    },
  ],
  [
    'Got fork notification twice on the same RRef GloballyUniqueId(created_on=2, local_id=3)',
    () => {
      const fork = { forkId: forkId(2, 3), rrefId: rrefId(2, 2) };
      return addForkOfOwner(addForkOfOwner(empty, fork).tables, fork);
    },
  ],
  [
    'Attempt to add self as fork twice GloballyUniqueId(created_on=1, local_id=0)',
    () => addSelfAsFork(addSelfAsFork(owner.tables, owner.owner).tables, owner.owner),
  ],
  [
    'Expected OwnerRRef with id GloballyUniqueId(created_on=1, local_id=9) to be created.',
    () => getForceCreatedOwner(empty, rrefId(1, 9)),
  ],
  [
    'Expecting an OwnerRRef as RemoteRet but got a fork.',
    () => {
      const outcome = { type: 'created', forkId: forkId(1, 5) } as const;
      return finishCreatingOwnerRRef(owner.tables, { outcome, rrefId: owner.rrefId });
    },
  ],
  [
    'OwnerRRef type is Tensor, expected type is PyObject',
    () => {
      const { tables } = getOrCreateOwnerRRef(empty, rrefId(0, 0), 'Tensor');
      return getOrCreateOwnerRRef(tables, rrefId(0, 0));
    },
  ],
  [
    'RRef creation via rpc.remote() timed out, and it is possible that the RRef on the owner node ' +
      'does not exist.',
    () => prepareChildFork(withUser({ timedOut: true }), made.forkId),
  ],
  [
    `${user} has been deleted. Cannot call fork an UserRRef after deletion.`,
    () => prepareChildFork(withUser({ deletedOnOwner: true }), made.forkId),
  ],
  [
    'No mapping to rpc::MessageType exists for RREF_ACK',
    () => faultyTensorPipe({ messagesToFail: ['RREF_ACK'] }),
  ],
  [
    'Delays passed to FaultyTensorPipeAgent must be non-negative.',
    () => faultyTensorPipe({ messagesToDelay: { PYTHON_CALL: -0.1 } }),
  ],
];

test.each(ofTables)('the tables say: %s', (text, raise) => {
  const raised = ((): unknown => {
    try {
      return raise();
    } catch (error) {
      return error;
    }
  })();
  expect(raised).toMatchObject({ message: text, type: 'RuntimeError' });
});
