/** The smallest programs that go through one part of the protocol of references each. */
import { cluster, pickle, rpc } from '../../actors/index.ts';
import type { ClusterSetting, RRef } from '../../actors/index.ts';
import { defineFunctions } from '../../src/index.ts';
import type { Program, SystemDefinition } from '../../src/index.ts';
import { allButWorker1 } from './mains.ts';

/** Worker 0 creates a value on worker 1 and lets go of it; where there are three workers, so does worker 2. */
export function creation(setting: ClusterSetting = {}): SystemDefinition {
  const main = allButWorker1(functions.toCall('create', []));
  return { ...cluster({ workers: 2, ...setting, functions, main }), name: 'creation' };
}

/** Worker 0 creates a value on itself and reads it; where there are three workers, so does worker 2. */
export function remoteToSelf(setting: ClusterSetting = {}): SystemDefinition {
  const main = allButWorker1(functions.toCall('createHere', []));
  return { ...cluster({ workers: 2, ...setting, functions, main }), name: 'remote-to-self' };
}

/** Worker 0 reads a value of worker 1; if that takes too long, it has let go before its fetch is served. */
export function fetchAgainstDelete(setting: ClusterSetting = {}): SystemDefinition {
  const main = allButWorker1(functions.toCall('createAndFetch', []));
  return { ...cluster({ workers: 2, ...setting, functions, main }), name: 'fetch-against-delete' };
}

/** Worker 0 calls the next worker, that one the next, and the last one calls worker 0 back. */
export function nestedCalls(setting: ClusterSetting = {}): SystemDefinition {
  const { workers = 2 } = setting;
  const others = Array.from({ length: workers - 1 }, (_, index) => `worker${index + 1}`);
  const main = { worker0: functions.toCall('callOn', [[...others, 'worker0']]) };
  return { ...cluster({ ...setting, functions, main, workers }), name: 'nested-calls' };
}

/** Worker 0 gets a reference to what worker 1 owns, as the result of a call. */
export function returnedReference(setting: ClusterSetting = {}): SystemDefinition {
  const main = { worker0: functions.toCall('askForReference', []) };
  return { ...cluster({ workers: 2, ...setting, functions, main }), name: 'returned-reference' };
}

/** Worker 0 tries to write down its reference to what worker 1 owns. */
export function writtenReference(setting: ClusterSetting = {}): SystemDefinition {
  const main = { worker0: functions.toCall('writeDown', []) };
  return { ...cluster({ workers: 2, ...setting, functions, main }), name: 'written-reference' };
}

/** Worker 0 passes its reference to what worker 1 owns on to worker 2, which does not read it. */
export function unreadReference(setting: ClusterSetting = {}): SystemDefinition {
  const main = { worker0: functions.toCall('createAndPassOn', []) };
  return { ...cluster({ workers: 3, ...setting, functions, main }), name: 'unread-reference' };
}

/** Each worker shuts down; worker 0, and all others but worker 1, while their calls to worker 1 are under way. */
export function shutdownWithWork(setting: ClusterSetting = {}): SystemDefinition {
  const main = ({ id }: { readonly id: number }) =>
    functions.toCall(id === 1 ? 'shutDown' : 'createAndShutDown', []);
  return {
    ...cluster({ workers: 2, ...setting, functions, main, start: 'joined' }),
    name: 'shutdown-with-work',
  };
}

const functions = defineFunctions({
  askForReference,
  callOn,
  create,
  createAndFetch,
  createAndShutDown,
  createAndPassOn,
  createHere,
  giveReference,
  ignore,
  makeValue,
  shutDown,
  writeDown,
});

function* askForReference() {
  yield* rpc.sync('worker1', giveReference, []);
}

function* giveReference() {
  return yield* rpc.rref(42);
}

function* writeDown() {
  const rref = yield* rpc.remote('worker1', makeValue, []);
  try {
    yield* pickle.dumps(rref);
  } catch {
    yield* rref.toHere();
  }
}

function* createAndPassOn() {
  const rref = yield* rpc.remote('worker1', makeValue, []);
  yield* rpc.sync('worker2', ignore, [rref]);
}

function ignore(_rref: RRef<number>): undefined {
  return undefined;
}

// In seconds: less than a minute, after which calls time out.
const shutdownTimeout = 30;

function* createAndShutDown() {
  yield* rpc.remote('worker1', makeValue, []);
  yield* rpc.shutdown({ timeout: shutdownTimeout });
}

function* shutDown() {
  yield* rpc.shutdown({ timeout: shutdownTimeout });
}

function makeValue(): number {
  return 42;
}

/** The last handle goes when this ends, whatever has become of the call until then. */
function* create() {
  yield* rpc.remote('worker1', makeValue, []);
}

function* createAndFetch() {
  const rref = yield* rpc.remote('worker1', makeValue, []);
  return yield* rref.toHere();
}

function* createHere() {
  const me = yield* rpc.getWorkerInfo();
  const rref = yield* rpc.remote(me, makeValue, []);
  return yield* rref.toHere();
}

function* callOn(path: readonly string[]): Program<number> {
  const [next, ...rest] = path;
  if (next === undefined) return makeValue();
  return yield* rpc.sync(next, callOn, [rest]);
}
