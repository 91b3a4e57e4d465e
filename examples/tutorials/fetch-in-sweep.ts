/** A value is read while all references of its reader's process are deleted, as at shutdown. */
import { cluster, rpc } from '../../actors/index.ts';
import type { ClusterSetting } from '../../actors/index.ts';
import { defineFunctions } from '../../src/index.ts';
import type { SystemDefinition } from '../../src/index.ts';

/** Worker 0 reads a value of worker 1, which lets it sweep at the same time. */
export function fetchInSweep(setting: ClusterSetting = {}): SystemDefinition {
  const main = {
    worker0: functions.toCall('createAndRead', []),
    worker1: functions.toCall('sweepPeer', []),
  };
  return { ...cluster({ workers: 2, ...setting, functions, main }), name: 'fetch-in-sweep' };
}

const functions = defineFunctions({ createAndRead, makeValue, sweep, sweepPeer });

function makeValue(): number {
  return 42;
}

function* createAndRead() {
  const rref = yield* rpc.remote('worker1', makeValue, []);
  return yield* rref.toHere();
}

function* sweep() {
  yield* rpc.deleteAllUsersAndUnforkedOwners();
}

function* sweepPeer() {
  yield* rpc.sync('worker0', sweep, []);
}
