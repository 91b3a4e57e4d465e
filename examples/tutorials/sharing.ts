/**
 * The three ways in which a remote reference is shared, and how the owner gets to know of each copy before
 * it could forget the value.
 *
 * @see PyTorch, "Remote Reference Protocol", "Protocol scenarios".
 */
import { cluster, rpc } from '../../actors/index.ts';
import type { ClusterSetting, Future, RRef } from '../../actors/index.ts';
import { defineFunctions } from '../../src/index.ts';
import type { SystemDefinition } from '../../src/index.ts';
import { allButWorker1 } from './mains.ts';

/**
 * A user, worker 0, passes its reference back to the owner, worker 1; where there are more workers, each
 * of them has a reference of its own there and does the same.
 */
export function sharingWithOwner(setting: ClusterSetting = {}): SystemDefinition {
  const main = functions.toCall('shareWith', ['worker1', 'readLocal']);
  return {
    ...cluster({ workers: 2, ...setting, functions, main: allButWorker1(main) }),
    name: 'sharing-with-owner',
  };
}

/** The owner, worker 0, gives a reference to a user, worker 1, and at once to all other workers there are. */
export function sharingByOwner(setting: ClusterSetting = {}): SystemDefinition {
  const { workers = 2 } = setting;
  const others = Array.from({ length: workers - 2 }, (_, index) => `worker${index + 2}`);
  return {
    ...cluster({
      ...setting,
      functions,
      main: { worker0: functions.toCall('shareOwn', ['worker1', others]) },
      workers,
    }),
    name: 'sharing-by-owner',
  };
}

/** A user, worker 0, passes its reference to another user, worker 2; the owner is worker 1. */
export function sharingAmongUsers(setting: ClusterSetting = {}): SystemDefinition {
  return {
    ...cluster({
      workers: 3,
      ...setting,
      functions,
      main: { worker0: functions.toCall('shareWith', ['worker2', 'readRemote']) },
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

function* shareOwn(user: string, others: readonly string[]) {
  const rref = yield* rpc.rref(42);
  const futures: Future<number>[] = [];
  for (const other of others) futures.push(yield* rpc.async(other, readRemote, [rref]));
  const value = yield* rpc.sync(user, readRemote, [rref]);
  for (const future of futures) yield* future.wait();
  return value;
}
