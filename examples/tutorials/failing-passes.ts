/** Two gradients go to a peer whose pass fails on one of them; the answer to the other comes after the end. */
import {
  autogradFunction,
  cluster,
  distAutograd,
  rpc,
  runtimeError,
  torch,
} from '../../actors/index.ts';
import type { ClusterSetting, ContextId, FunctionContext, Operand } from '../../actors/index.ts';
import { defineFunctions } from '../../src/index.ts';
import type { Program, SystemDefinition } from '../../src/index.ts';
import type { Tensor } from './learning.ts';

/** Backward is called twice on one context, and fails both times on worker 1. */
export function failingTwice(setting: ClusterSetting = {}): SystemDefinition {
  const main = { worker0: functions.toCall('runTwice', []) };
  return { ...cluster({ workers: 2, ...setting, functions, main }), name: 'failing-twice' };
}

const bad = autogradFunction('Bad', {
  backward: raise,
  *forward(_: FunctionContext, x: Tensor) {
    return yield* torch.mul(x, 2);
  },
});

const functions = defineFunctions({ applyBad, double, raise, runTwice });

function raise(): never {
  throw runtimeError('no gradient for this');
}

function* applyBad(x: Operand) {
  return yield* bad.apply(x);
}

function* double(x: Operand) {
  return yield* torch.mul(x, 2);
}

function* runTwice() {
  yield* distAutograd.context(function* (context) {
    const x = yield* torch.tensor([1], { requiresGrad: true });
    const good = yield* rpc.sync('worker1', double, [x]);
    const other = yield* rpc.sync('worker1', applyBad, [x]);
    const root = yield* torch.sum(yield* torch.add(good, other));
    yield* fail(context, root);
    yield* fail(context, root);
  });
}

/** As user code tries a step of training again. */
function* fail(context: ContextId, root: Tensor): Program<void> {
  try {
    yield* distAutograd.backward(context, [root], { retainGraph: true });
  } catch {
    yield* rpc.sleep(1);
  }
}
