/** The end of a group while something is still under way. */
import { cluster, rpc } from '../../actors/index.ts';
import type { ClusterSetting } from '../../actors/index.ts';
import { defineFunctions } from '../../src/index.ts';
import type { Program, SystemDefinition } from '../../src/index.ts';

/** Worker 0 creates a value on worker 1 and shuts down at once, as all others do. */
export function shutdownInFlight(setting: ClusterSetting = {}): SystemDefinition {
  const { workers = 2 } = setting;
  const main = ({ id }: { readonly id: number }) =>
    functions.toCall(id === 0 ? 'createAndShutDown' : 'shutDown', []);
  return {
    ...cluster({ ...setting, functions, main, start: 'joined', workers }),
    name: 'shutdown-in-flight',
  };
}

/** All workers meet once. */
export function meeting(setting: ClusterSetting = {}): SystemDefinition {
  const main = functions.toCall('meet', []);
  return {
    ...cluster({ workers: 2, ...setting, functions, main: () => main, start: 'joined' }),
    name: 'meeting',
  };
}

/** Worker 0 lets go of its references for good, while it does not know whether one of them was created. */
export function unconfirmedAtEnd(setting: ClusterSetting = {}): SystemDefinition {
  const main = { worker0: functions.toCall('createAndLetGo', []) };
  return { ...cluster({ workers: 2, ...setting, functions, main }), name: 'unconfirmed-at-end' };
}

/** Worker 1 lets go of its references for good, while worker 0 still reads a value there. */
export function readAtEnd(setting: ClusterSetting = {}): SystemDefinition {
  const main = { worker0: functions.toCall('readWhileOwnerLeaves', []) };
  return { ...cluster({ workers: 2, ...setting, functions, main }), name: 'read-at-end' };
}

/** Worker 0 has let go of a value of worker 1 when all shut down. */
export function droppedBeforeEnd(setting: ClusterSetting = {}): SystemDefinition {
  const { workers = 2 } = setting;
  const main = ({ id }: { readonly id: number }) =>
    functions.toCall(id === 0 ? 'dropAndShutDown' : 'shutDown', []);
  return {
    ...cluster({ ...setting, functions, main, start: 'joined', workers }),
    name: 'dropped-before-end',
  };
}

/** While all shut down, a function on worker 1 calls worker 2 after a second, and that worker 0. */
export function callsAtEnd(setting: ClusterSetting = {}): SystemDefinition {
  const { workers = 3 } = setting;
  const main = ({ id }: { readonly id: number }) =>
    functions.toCall(id === 0 ? 'passOnAndShutDown' : 'shutDown', []);
  return {
    ...cluster({ ...setting, functions, main, start: 'joined', workers }),
    name: 'calls-at-end',
  };
}

/**
 * While all shut down, a function on worker 1 creates a value on worker 0 after a second, when the references are
 * swept away already, and lets go of it at its end.
 */
export function createdAtEnd(setting: ClusterSetting = {}): SystemDefinition {
  const main = ({ id }: { readonly id: number }) =>
    functions.toCall(id === 0 ? 'haveCreatedAndShutDown' : 'shutDown', []);
  return {
    ...cluster({ workers: 2, ...setting, functions, main, start: 'joined' }),
    name: 'created-at-end',
  };
}

/** While all shut down, a function on worker 1 whose caller has given it up creates a value on worker 0. */
export function givenUpAtEnd(setting: ClusterSetting = {}): SystemDefinition {
  const main = ({ id }: { readonly id: number }) =>
    functions.toCall(id === 0 ? 'giveUpAndShutDown' : 'shutDown', []);
  return {
    ...cluster({ workers: 2, ...setting, functions, main, start: 'joined' }),
    name: 'given-up-at-end',
  };
}

/** Worker 1 leaves without a word to anybody, and worker 0 calls it. */
export function calledAtEnd(setting: ClusterSetting = {}): SystemDefinition {
  const main = ({ id }: { readonly id: number }) =>
    functions.toCall(id === 0 ? 'callLeaving' : 'leaveAtOnce', []);
  return {
    ...cluster({ workers: 2, ...setting, functions, main, start: 'joined' }),
    name: 'called-at-end',
  };
}

const functions = defineFunctions({
  callLeaving,
  createAndLetGo,
  createAndShutDown,
  createThere,
  haveCreatedAndShutDown,
  dropAndShutDown,
  giveUpAndShutDown,
  leaveAtOnce,
  createLate,
  letGo,
  makeValue,
  meet,
  passOn,
  passOnAndShutDown,
  readWhileOwnerLeaves,
  shutDown,
});

function* meet() {
  yield* rpc.allGather(null);
}

/** What a shutdown does about references. */
function* letGo() {
  yield* rpc.deleteAllUsersAndUnforkedOwners();
  yield* rpc.destroyRRefContext();
}

function* createAndLetGo() {
  yield* rpc.remote('worker1', makeValue, []);
  yield* letGo();
}

function* readWhileOwnerLeaves() {
  const rref = yield* rpc.remote('worker1', makeValue, []);
  yield* rref.toHere();
  const left = yield* rpc.async('worker1', letGo, []);
  yield* rref.toHere();
  yield* rref.drop();
  yield* left.wait();
}

function* callLeaving() {
  const future = yield* rpc.async('worker1', makeValue, []);
  try {
    yield* future.wait();
  } catch {
    yield* rpc.shutdown({ graceful: false });
  }
}

function* leaveAtOnce() {
  yield* rpc.shutdown({ graceful: false });
}

function makeValue(): number {
  return 42;
}

function* shutDown() {
  yield* rpc.shutdown();
}

function* createAndShutDown() {
  yield* rpc.remote('worker1', makeValue, []);
  yield* rpc.shutdown();
}

function* dropAndShutDown() {
  const rref = yield* rpc.remote('worker1', makeValue, []);
  yield* rref.toHere();
  yield* rref.drop();
  yield* rpc.shutdown();
}

function* createThere() {
  yield* rpc.sleep(1);
  yield* rpc.remote('worker0', makeValue, []);
}

function* haveCreatedAndShutDown() {
  yield* rpc.async('worker1', createThere, []);
  yield* rpc.shutdown();
}

function* createLate() {
  yield* rpc.sleep(0.55);
  yield* rpc.remote('worker0', makeValue, []);
}

function* giveUpAndShutDown() {
  yield* rpc.async('worker1', createLate, [], { timeout: 0.5 });
  yield* rpc.shutdown();
}

/** A worker, and how long a function takes there before it calls the next one. */
type Stop = readonly [to: string, seconds: number];

function* passOn([[, seconds], ...rest]: readonly [Stop, ...Stop[]]): Program<void> {
  if (seconds > 0) yield* rpc.sleep(seconds);
  const [next, ...others] = rest;
  if (next !== undefined) yield* rpc.async(next[0], passOn, [[next, ...others]]);
}

function* passOnAndShutDown() {
  const way: readonly [Stop, ...Stop[]] = [
    ['worker1', 1],
    ['worker2', 0],
    ['worker0', 1],
  ];
  yield* rpc.async('worker1', passOn, [way]);
  yield* rpc.shutdown();
}
