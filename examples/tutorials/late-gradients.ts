/** Programs of distributed autograd in which something comes after the end of what it belongs to. */
import { cluster, distAutograd, rpc, torch } from '../../actors/index.ts';
import type { ClusterSetting, Operand } from '../../actors/index.ts';
import { agree, defineFunctions } from '../../src/index.ts';
import type { SystemDefinition } from '../../src/index.ts';

/** A context ends although nobody has waited for its call. */
export function leftBehind(setting: ClusterSetting = {}): SystemDefinition {
  return running('leaveBehind', setting);
}

/** A context ends, and after it a call of it is waited for that calls on. */
export function waitedForLater(setting: ClusterSetting = {}): SystemDefinition {
  return running('waitLater', setting);
}

/** The same; all orders are to end alike. */
export function waitedForLaterAlike(setting: ClusterSetting = {}): SystemDefinition {
  const definition = waitedForLater(setting);
  const end = agree('one end', (view) => {
    const { main } = view.actor('worker0')?.context ?? {};
    // cast -- a worker keeps there how its main function ended
    return (main as { readonly type: string } | undefined)?.type ?? 'crashed';
  });
  return { ...definition, properties: [end, ...(definition.properties ?? [])] };
}

/** Two calls in a context, and backward through the first. */
export function oneOfTwoCalls(setting: ClusterSetting = {}): SystemDefinition {
  return running('useOne', setting);
}

/** A pass that goes from the CPU to a device and back. */
export function thereAndBack(setting: ClusterSetting = {}): SystemDefinition {
  return running('passDevice', { devices: { count: 1 }, ...setting, workers: 1 });
}

/** A call in a context, which may fail; that ends then. */
export function givenUp(setting: ClusterSetting = {}): SystemDefinition {
  return running('giveUp', setting);
}

/** A pass whose gradients go to a peer in two messages. */
export function twoGradients(setting: ClusterSetting = {}): SystemDefinition {
  return running('sendTwo', setting);
}

/** A call that calls back, and backward through both. */
export function backAndForth(setting: ClusterSetting = {}): SystemDefinition {
  return running('callAndBack', setting);
}

/** A function whose result comes later, and backward through it. */
export function laterResult(setting: ClusterSetting = {}): SystemDefinition {
  return running('callLater', setting);
}

const addLater = rpc.asyncExecution(function* (left: Operand, right: Operand) {
  return yield* rpc.async('worker1', add, [left, right]);
});

const mains = {
  callAndBack,
  callLater,
  giveUp,
  leaveBehind,
  passDevice,
  sendTwo,
  useOne,
  waitLater,
};
const names = {
  callAndBack: 'back-and-forth',
  callLater: 'later-result',
  giveUp: 'given-up-call',
  leaveBehind: 'left-behind',
  passDevice: 'there-and-back',
  sendTwo: 'two-gradients',
  useOne: 'one-of-two-calls',
  waitLater: 'waited-for-later',
} as const satisfies Readonly<Record<keyof typeof mains, string>>;
const functions = defineFunctions({ ...mains, add, addHere, addLater });

function running(main: keyof typeof mains, setting: ClusterSetting): SystemDefinition {
  const calls = { worker0: functions.toCall(main, []) };
  return { ...cluster({ workers: 2, ...setting, functions, main: calls }), name: names[main] };
}

function* add(left: Operand, right: Operand) {
  return yield* torch.add(left, right);
}

function* addHere(left: Operand, right: Operand) {
  return yield* rpc.sync('worker0', add, [left, right]);
}

function* variable() {
  return yield* torch.tensor([1], { requiresGrad: true });
}

function* leaveBehind() {
  yield* distAutograd.context(function* () {
    yield* rpc.async('worker1', add, [yield* variable(), 1]);
  });
}

function* waitLater() {
  const future = yield* distAutograd.context(function* () {
    return yield* rpc.async('worker1', addHere, [yield* variable(), 1]);
  });
  return (yield* future.wait()).data;
}

function* giveUp() {
  yield* distAutograd.context(function* () {
    yield* rpc.sync('worker1', add, [yield* variable(), 1]);
  });
}

function* sendTwo() {
  return yield* distAutograd.context(function* (context) {
    const left = yield* rpc.sync('worker1', add, [yield* variable(), 1]);
    const right = yield* rpc.sync('worker1', add, [yield* variable(), 1]);
    yield* distAutograd.backward(context, [yield* torch.sum(yield* torch.add(left, right))]);
  });
}

function* passDevice() {
  return yield* distAutograd.context(function* (context) {
    const leaf = yield* variable();
    const there = yield* torch.mul(yield* torch.to(leaf, 0), 2);
    yield* distAutograd.backward(context, [yield* torch.sum(yield* torch.to(there, 'cpu'))]);
    const gradients = yield* distAutograd.getGradients(context);
    return distAutograd.gradientOf(gradients, leaf)?.data;
  });
}

function* useOne() {
  yield* distAutograd.context(function* (context) {
    const sum = yield* rpc.sync('worker1', add, [yield* variable(), 1]);
    yield* rpc.sync('worker1', add, [yield* variable(), 1]);
    yield* distAutograd.backward(context, [yield* torch.sum(sum)]);
  });
}

function* callAndBack() {
  return yield* distAutograd.context(function* (context) {
    const leaf = yield* variable();
    const sum = yield* rpc.sync('worker1', addHere, [leaf, 1]);
    yield* distAutograd.backward(context, [yield* torch.sum(sum)]);
    const gradients = yield* distAutograd.getGradients(context);
    return distAutograd.gradientOf(gradients, leaf)?.data;
  });
}

function* callLater() {
  return yield* distAutograd.context(function* (context) {
    const leaf = yield* variable();
    const sum = yield* rpc.sync('worker1', addLater, [leaf, 1]);
    const isTracked = sum.requiresGrad;
    if (!isTracked) return undefined;
    yield* distAutograd.backward(context, [yield* torch.sum(sum)]);
    const gradients = yield* distAutograd.getGradients(context);
    return distAutograd.gradientOf(gradients, leaf)?.data;
  });
}
