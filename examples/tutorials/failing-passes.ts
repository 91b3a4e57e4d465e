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

/** Both gradients of a pass fail on worker 1; the next pass on the context is of this worker alone. */
export function passAfterFailure(setting: ClusterSetting = {}): SystemDefinition {
  const main = { worker0: functions.toCall('runAfterFailure', []) };
  return { ...cluster({ workers: 2, ...setting, functions, main }), name: 'pass-after-failure' };
}

const bad = autogradFunction('Bad', {
  backward: raise,
  *forward(_: FunctionContext, x: Tensor) {
    return yield* torch.mul(x, 2);
  },
});

const functions = defineFunctions({ applyBad, double, makeBad, raise, runAfterFailure, runTwice });

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
    // What is under way comes to its end.
    yield* rpc.sleep(1);
    yield* fail(context, root);
  });
}

/** Its leaf is there too, so that no gradient comes back. */
function* makeBad() {
  return yield* bad.apply(yield* torch.tensor([1], { requiresGrad: true }));
}

/** Whether the second pass ran. */
function* runAfterFailure() {
  return yield* distAutograd.context(function* (context) {
    const first = yield* rpc.sync('worker1', makeBad, []);
    const second = yield* rpc.sync('worker1', makeBad, []);
    yield* fail(context, yield* torch.sum(yield* torch.add(first, second)));
    const here = yield* torch.tensor([1], { requiresGrad: true });
    try {
      yield* distAutograd.backward(context, [yield* torch.sum(yield* torch.mul(here, 2))]);
      return true;
    } catch {
      return false;
    }
  });
}

/** As user code tries a step of training again. */
function* fail(context: ContextId, root: Tensor): Program<void> {
  try {
    yield* distAutograd.backward(context, [root], { retainGraph: true });
  } catch {
    // What it says is of no interest here.
  }
}
