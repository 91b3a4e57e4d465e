/** Programs in which something follows a call, or the call cannot be made. */
import { cluster, rpc, torch } from '../../actors/index.ts';
import type { ClusterSetting, Future } from '../../actors/index.ts';
import { defineFunctions } from '../../src/index.ts';
import type { SystemDefinition } from '../../src/index.ts';

/** Worker 0 chains a function to a call that may be over by then, and waits for what that gives. */
export function chainedCall(setting: ClusterSetting = {}): SystemDefinition {
  const main = { worker0: functions.toCall('chain', []) };
  return { ...cluster({ workers: 2, ...setting, functions, main }), name: 'chained-call' };
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

const functions = defineFunctions({ addOne, chain, makeValue, passUnmapped });

function makeValue(): number {
  return 42;
}

function* addOne(future: Future<number>) {
  return (yield* future.wait()) + 1;
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
