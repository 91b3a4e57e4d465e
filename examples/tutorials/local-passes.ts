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

/** The gradients of a sum by its two terms, which lie on two devices. */
export function gradOfTwoDevices(setting: ClusterSetting = {}): SystemDefinition {
  return running('differentiate', { devices: { count: 2 }, ...setting });
}

/** Backward from the sum of a leaf on a device and one that lies on none. */
export function partlyOnDevice(setting: ClusterSetting = {}): SystemDefinition {
  return running('runMixed', { devices: { count: 1 }, ...setting });
}

/** Backward from a sum on a device. */
export function onDevice(setting: ClusterSetting = {}): SystemDefinition {
  return running('runThere', { devices: { count: 1 }, ...setting });
}

/** Two threads ask for gradients by a tensor behind which lies more that they share. */
export function gradsOfSharedGraph(setting: ClusterSetting = {}): SystemDefinition {
  return running('differentiateTwice', setting);
}

/** A hook of a pass runs a pass. */
export function passWithinPass(setting: ClusterSetting = {}): SystemDefinition {
  return running('runNested', setting);
}

const mains = {
  callAtEnd,
  differentiate,
  differentiateTwice,
  runMixed,
  runNested,
  runThere,
  sumOfTwo,
};
const names = {
  callAtEnd: 'final-callback',
  differentiate: 'grad-of-two-devices',
  differentiateTwice: 'grads-of-shared-graph',
  runMixed: 'partly-on-device',
  runThere: 'on-device',
  runNested: 'pass-within-pass',
  sumOfTwo: 'two-passes-of-one-leaf',
} as const satisfies Readonly<Record<keyof typeof mains, string>>;
const functions = defineFunctions({
  ...mains,
  addGradient,
  askForCallback,
  differentiateShared,
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

function* differentiate() {
  const first = yield* torch.ones([1], { device: 0, requiresGrad: true });
  const second = yield* torch.ones([1], { device: 1, requiresGrad: true });
  const sum = yield* torch.add(yield* torch.to(first, 'cpu'), yield* torch.to(second, 'cpu'));
  const [one, two] = yield* torch.autograd.grad([sum], [first, second], { allowUnused: true });
  return [one?.data, two?.data];
}

function* runMixed() {
  const there = yield* torch.ones([1], { device: 0, requiresGrad: true });
  const sum = yield* torch.add(yield* variable(), yield* torch.to(there, 'cpu'));
  yield* torch.backward([sum]);
}

function* runThere() {
  const there = yield* torch.ones([1], { device: 0, requiresGrad: true });
  yield* torch.backward([yield* torch.sum(there)]);
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

/** By `y`, of 5 y and what both threads share of it. */
function* differentiateShared() {
  const y = yield* globals.get<Tensor>('y');
  const shared = yield* globals.get<Tensor>('shared');
  if (shared === undefined || y === undefined) return undefined;
  const sum = yield* torch.add(yield* torch.mul(shared, 2), yield* torch.mul(y, 5));
  const [grad] = yield* torch.autograd.grad([sum], [y], { retainGraph: true });
  return grad?.data;
}

function* differentiateTwice() {
  const y = yield* torch.mul(yield* variable(), 3);
  yield* globals.set('y', y);
  yield* globals.set('shared', yield* torch.mul(y, 7));
  const first = yield* rpc.async('worker0', differentiateShared, []);
  const second = yield* rpc.async('worker0', differentiateShared, []);
  return yield* rpc.waitAll([first, second]);
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
