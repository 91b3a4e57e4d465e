/** Backward in one process, in which two threads, or a pass within a pass, share what an engine has. */
import { cluster, globals, rpc, torch } from '../../actors/index.ts';
import type { ClusterSetting } from '../../actors/index.ts';
import { defineFunctions } from '../../src/index.ts';
import type { Program, SystemDefinition } from '../../src/index.ts';
import type { Tensor } from './learning.ts';

/** Two threads run backward to one leaf at once. */
export function twoPassesOfOneLeaf(setting: ClusterSetting = {}): SystemDefinition {
  return running('sumOfTwo', setting);
}

/** A pass has a function to call at its end, while another thread runs a pass too. */
export function finalCallback(setting: ClusterSetting = {}): SystemDefinition {
  return running('callAtEnd', setting);
}

/** A hook of a pass runs a pass. */
export function passWithinPass(setting: ClusterSetting = {}): SystemDefinition {
  return running('runNested', setting);
}

const mains = { callAtEnd, runNested, sumOfTwo };
const names = {
  callAtEnd: 'final-callback',
  runNested: 'pass-within-pass',
  sumOfTwo: 'two-passes-of-one-leaf',
} as const satisfies Readonly<Record<keyof typeof mains, string>>;
const functions = defineFunctions({
  ...mains,
  addGradient,
  askForCallback,
  note,
  runPass,
  runWithin,
});

function running(main: keyof typeof mains, setting: ClusterSetting): SystemDefinition {
  const calls = { worker0: functions.toCall(main, []) };
  return { ...cluster({ workers: 1, ...setting, functions, main: calls }), name: names[main] };
}

function* variable() {
  return yield* torch.tensor([1], { requiresGrad: true });
}

function* addGradient() {
  const x = yield* globals.get<Tensor>('x');
  if (x !== undefined) yield* torch.backward([yield* torch.mul(x, 1)]);
}

function* sumOfTwo() {
  const x = yield* variable();
  yield* globals.set('x', x);
  const first = yield* rpc.async('worker0', addGradient, []);
  const second = yield* rpc.async('worker0', addGradient, []);
  yield* rpc.waitAll([first, second]);
  return (yield* torch.grad(x))?.data;
}

function* note(x: Tensor): Program<void> {
  yield* globals.set('seen', (yield* torch.grad(x))?.data ?? 'no gradient');
}

function* askForCallback(_: Tensor, x: Tensor): Program<void> {
  yield* torch.autograd.queueCallback(note, x);
}

function* runPass() {
  yield* torch.backward([yield* torch.mul(yield* variable(), 2)]);
}

/** What the function at the end of the pass sees of the gradient. */
function* callAtEnd() {
  const x = yield* variable();
  const y = yield* torch.mul(x, 3);
  yield* torch.autograd.registerHook(y, askForCallback, x);
  const other = yield* rpc.async('worker0', runPass, []);
  yield* torch.backward([y]);
  yield* other.wait();
  return yield* globals.get('seen');
}

function* runWithin(): Program<void> {
  yield* torch.enableGrad(runPass);
}

function* runNested() {
  const y = yield* torch.mul(yield* variable(), 3);
  yield* torch.autograd.registerHook(y, runWithin);
  yield* torch.backward([y]);
}
