/**
 * The three ways in which a remote reference is shared, and how the owner gets to know of each copy before
 * it could forget the value.
 *
 * @see PyTorch, "Remote Reference Protocol", "Protocol scenarios".
 */
import { cluster, rpc } from '../../actors/index.ts';
import type { ClusterSetting, RRef } from '../../actors/index.ts';
import { defineFunctions } from '../../src/index.ts';
import type { SystemDefinition } from '../../src/index.ts';

/** A user, worker 0, passes its reference back to the owner, worker 1. */
export function sharingWithOwner(setting: ClusterSetting = {}): SystemDefinition {
  return {
    ...cluster({
      ...setting,
      functions,
      main: { worker0: functions.toCall('shareWith', ['worker1', 'readLocal']) },
      workers: 2,
    }),
    name: 'sharing-with-owner',
  };
}

/** The owner, worker 0, gives a reference to a user, worker 1. */
export function sharingByOwner(setting: ClusterSetting = {}): SystemDefinition {
  return {
    ...cluster({
      ...setting,
      functions,
      main: { worker0: functions.toCall('shareOwn', []) },
      workers: 2,
    }),
    name: 'sharing-by-owner',
  };
}

/** A user, worker 0, passes its reference to another user, worker 2; the owner is worker 1. */
export function sharingAmongUsers(setting: ClusterSetting = {}): SystemDefinition {
  return {
    ...cluster({
      ...setting,
      functions,
      main: { worker0: functions.toCall('shareWith', ['worker2', 'readRemote']) },
      workers: 3,
    }),
    name: 'sharing-among-users',
  };
}

const functions = defineFunctions({ makeValue, readLocal, readRemote, shareOwn, shareWith });

function makeValue(): number {
  return 42;
}

function* readLocal(rref: RRef<number>) {
  return yield* rref.localValue();
}

function* readRemote(rref: RRef<number>) {
  return yield* rref.toHere();
}

function* shareWith(to: string, how: 'readLocal' | 'readRemote') {
  const rref = yield* rpc.remote('worker1', makeValue, []);
  return yield* rpc.sync(to, how === 'readLocal' ? readLocal : readRemote, [rref]);
}

function* shareOwn() {
  const rref = yield* rpc.rref(42);
  return yield* rpc.sync('worker1', readRemote, [rref]);
}
