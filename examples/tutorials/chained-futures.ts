/** Programs in which something follows a call, or the call cannot be made. */
import { cluster, rpc, runtimeError, torch } from '../../actors/index.ts';
import type { ClusterSetting, Future } from '../../actors/index.ts';
import { defineFunctions } from '../../src/index.ts';
import type { SystemDefinition } from '../../src/index.ts';

/** Worker 0 chains a function to a call that may be over by then, and waits for what that gives. */
export function chainedCall(setting: ClusterSetting = {}): SystemDefinition {
  const main = { worker0: functions.toCall('chain', []) };
  return { ...cluster({ workers: 2, ...setting, functions, main }), name: 'chained-call' };
}

/** Worker 0 waits for a future that a callback is to complete, and the callback raises. */
export function brokenCallback(setting: ClusterSetting = {}): SystemDefinition {
  const main = { worker0: functions.toCall('awaitCallback', []) };
  return { ...cluster({ workers: 2, ...setting, functions, main }), name: 'broken-callback' };
}

/** Worker 0 makes two calls at once, and waits for both. */
export function twoCalls(setting: ClusterSetting = {}): SystemDefinition {
  const main = { worker0: functions.toCall('callTwice', []) };
  return { ...cluster({ workers: 2, ...setting, functions, main }), name: 'two-calls' };
}

/** Worker 0 calls worker 2 for the first time, while its call of worker 1 is under way. */
export function callsOfTwo(setting: ClusterSetting = {}): SystemDefinition {
  const main = { worker0: functions.toCall('callBoth', []) };
  return { ...cluster({ workers: 3, ...setting, functions, main }), name: 'calls-of-two' };
}

/** Worker 0 passes a tensor of a device for which it has no map, so the call is not made. */
export function unmappedTensor(setting: ClusterSetting = {}): SystemDefinition {
  const devices = { count: 1 };
  const main = { worker0: functions.toCall('passUnmapped', []) };
  return {
    ...cluster({ devices, workers: 2, ...setting, functions, main }),
    name: 'unmapped-tensor',
  };
}

const functions = defineFunctions({
  addOne,
  awaitCallback,
  callBoth,
  callTwice,
  chain,
  makeValue,
  passOn,
  passUnmapped,
  refuse,
});

function makeValue(): number {
  return 42;
}

function* addOne(future: Future<number>) {
  return (yield* future.wait()) + 1;
}

function refuse(): never {
  throw runtimeError('not this one');
}

function* passOn(from: Future<unknown>, to: Future<unknown>) {
  yield* to.setResult(yield* from.wait());
}

function* awaitCallback() {
  const result = yield* rpc.future<unknown>();
  const call = yield* rpc.async('worker1', refuse, []);
  yield* call.addDoneCallback(passOn, result);
  yield* result.wait();
}

function* callBoth() {
  const first = yield* rpc.async('worker1', makeValue, []);
  const second = yield* rpc.async('worker2', makeValue, []);
  yield* rpc.waitAll([first, second]);
}

function* callTwice() {
  const first = yield* rpc.async('worker1', makeValue, []);
  const second = yield* rpc.async('worker1', makeValue, []);
  yield* rpc.waitAll([first, second]);
}

function* chain() {
  const future = yield* rpc.async('worker1', makeValue, []);
  const chained = yield* future.then(addOne);
  return yield* chained.wait();
}

function* passUnmapped() {
  const made = yield* torch.ones([1], { device: 0 });
  return yield* rpc.sync('worker1', torch.neg, [made]);
}
