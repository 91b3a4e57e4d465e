/**
 * The texts of PyTorch's errors, to the letter: what is to be raised, and what raises it.
 *
 * @see PyTorch, `torch/csrc/distributed/rpc`, `torch/distributed/rpc`; the texts are searched for by users.
 */
import { describe, expect, test } from 'vitest';

import { rpc, torch, undecodable, unpicklable, valueError } from '../../actors/index.ts';
import type { ClusterOptions } from '../../actors/index.ts';
import { faultyTensorPipe } from '../../machines/rpc/backend.ts';
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
import { seconds } from '../../src/index.ts';
import type { Program } from '../../src/index.ts';
import { play, systemWith } from '../actors/play.ts';

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

const seven = (): number => 7;
function* slow(): Program<number> {
  yield* rpc.sleep(2);
  return 1;
}
function fail(): never {
  throw valueError('Expected error');
}
const failScript = rpc.script(fail);
const notAsync = rpc.asyncExecution(seven);
const notAsyncScript = rpc.script(rpc.asyncExecution(seven));
// What only a type that was cast away can lead to.
const notAFunction = 7 as unknown as () => number;

interface Row {
  readonly go: () => Program<unknown>;
  readonly options?: Partial<ClusterOptions>;
  readonly text: string;
}

/** What user code sees, `Class: text`. */
const ofUserCode: readonly Row[] = [
  {
    text: 'RuntimeError: name:worker0,rank:0 could not find destination name nobody',
    go: () => rpc.sync('nobody', seven, []),
  },
  {
    text: 'RuntimeError: name:worker0,rank:0 could not find destination id -1',
    go: () => rpc.sync(-1, seven, []),
  },
  {
    text: 'TypeError: function should be callable.',
    go: () => rpc.sync('worker1', notAFunction, []),
  },
  {
    text:
      'RuntimeError: RPCErr:1:RPC ran for more than set timeout (500 ms) and will now be marked with ' +
      'an error',
    go: () => rpc.sync('worker1', slow, [], { timeout: 0.5 }),
  },
  {
    text:
      'RuntimeError: RPCErr:2:Send attempt failed intentionally for {"type":"PYTHON_CALL",' +
      '"isAsyncExecution":false,"pickle":{"args":[],"fn":"seven"}}',
    go: () => rpc.sync('worker1', seven, []),
    options: { backend: { messagesToFail: ['PYTHON_CALL'], numFailSends: 1 } },
  },
  {
    text: 'RuntimeError: Overloaded torch operator invoked from Python failed to match any schema',
    go: () => rpc.sync('worker1', torch.neg, ['no tensor' as never]),
  },
  {
    text: 'RuntimeError: Error on Node 1: ValueError: rotten',
    go: () => rpc.sync('worker1', echo, [undecodable(valueError('rotten'))]),
  },
  {
    text: 'ValueError: no',
    go: () => rpc.sync('worker1', echo, [unpicklable(valueError('no'))]),
  },
  {
    text:
      "ValueError: On WorkerInfo(id=1, name=worker1):\nValueError('Expected error')\n" +
      'Traceback (most recent call last):\nValueError: Expected error\n',
    go: () => rpc.sync('worker1', fail, []),
  },
  {
    text:
      'RuntimeError: The following operation failed in the TorchScript interpreter.\n' +
      'Traceback of TorchScript (most recent call last):\nValueError: Expected error\n',
    go: () => rpc.sync('worker1', failScript, []),
  },
  {
    text:
      'RuntimeError: Unable to cast Python instance to C++ type (compile in debug mode for details). ' +
      'Functions decorated with @rpc.async_function must return a torch.futures.Future object, but ' +
      'got builtins.int',
    go: () => rpc.sync('worker1', notAsync, []),
  },
  {
    text: 'RuntimeError: Async functions must return an IValue of Future type, but got int',
    go: () => rpc.sync('worker1', notAsyncScript, []),
  },
  {
    text: 'RuntimeError: attempted to get undefined function failScript',
    go: () => rpc.sync('worker1', failScript, []),
    options: { missing: { worker1: ['failScript'] } },
  },
  {
    text:
      'RuntimeError: AttributeError: On WorkerInfo(id=1, name=worker1):\nAttributeError("Can\'t get ' +
      "attribute 'seven' on <module '__main__'>. Default RPC pickler does not serialize function " +
      'code. Ensure that UDFs are defined on both caller and callee modules.")\nTraceback (most recent ' +
      "call last):\nAttributeError: Can't get attribute 'seven' on <module '__main__'>. Default RPC " +
      'pickler does not serialize function code. Ensure that UDFs are defined on both caller and ' +
      'callee modules.\n',
    go: () => rpc.sync('worker1', seven, []),
    options: { missing: { worker1: ['seven'] } },
  },
  {
    text: 'RuntimeError: Can not pickle torch.futures.Future',
    go: function* go() {
      const future = yield* rpc.future<number>();
      return yield* rpc.sync('worker1', echo, [future]);
    },
  },
  {
    text:
      'RuntimeError: Attempting to mark a completed Future as complete again. Note that a Future can ' +
      'only be marked completed once.',
    go: function* go() {
      const future = yield* rpc.future<number>();
      yield* future.setResult(1);
      yield* future.setResult(2);
    },
  },
  {
    text: 'RuntimeError: Got the following error when running the callback: ValueError: Expected error\n\nAt:\n',
    go: function* go() {
      const future = yield* rpc.async('worker1', seven, []);
      return yield* (yield* future.then(fail)).wait();
    },
  },
  {
    text:
      'RuntimeError: For UserRRef(rref_id=GloballyUniqueId(created_on=0, local_id=0), fork_id=' +
      "GloballyUniqueId(created_on=0, local_id=1)), can't call localValue() on user WorkerInfo(id=0, " +
      'name=worker0). Call it on owner WorkerInfo(id=1, name=worker1)',
    go: function* go() {
      return yield* (yield* rpc.remote('worker1', seven, [])).localValue();
    },
  },
  {
    text:
      'RuntimeError: RRef creation via rpc.remote() timed out, and it is possible that the RRef on the ' +
      'owner node does not exist.',
    go: function* go() {
      const rref = yield* rpc.remote('worker1', slow, [], { timeout: 0.1 });
      yield* rpc.sleep(1);
      return yield* rref.toHere();
    },
  },
];

function echo(value: unknown): unknown {
  return value;
}

describe('user code sees', () => {
  test.each(ofUserCode)('$text', ({ go, options, text }) => {
    function* main(): Program<string> {
      try {
        yield* go();
      } catch (error) {
        return String(error);
      }
      return 'no error';
    }
    const functions = { echo, fail, failScript, main, notAsync, notAsyncScript, seven, slow };
    const { outcome } = play(systemWith(functions, { rpcTimeout: seconds(60), ...options }));
    expect(outcome).toEqual({ type: 'returned', value: text });
  });
});
