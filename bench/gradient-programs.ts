/**
 * Small programs whose gradients must not depend on the order in which anything happens. All numbers are small
 * and whole, so that sums of them are exact in float32 and equal means equal.
 */
import { cluster, distAutograd, rpc, torch } from '../actors/index.ts';
import type { ClusterSetting, ContextId, RRef } from '../actors/index.ts';
import type { Tensor } from '../machines/engine/graph.ts';
import { defineFunctions } from '../src/index.ts';
import type { Program, SystemDefinition } from '../src/index.ts';

/** What worker 0 runs, by name, and on how many workers. */
export const gradientPrograms = Object.freeze({
  'one call': { forward: 'oneCall', passes: 1, workers: 2 },
  'a call to itself': { forward: 'callToItself', passes: 1, workers: 2 },
  'a call that comes back': { forward: 'callBack', passes: 1, workers: 2 },
  'two calls in a row': { forward: 'twoCalls', passes: 1, workers: 2 },
  'a result used twice': { forward: 'usedTwice', passes: 1, workers: 2 },
  'two roots': { forward: 'twoRoots', passes: 1, workers: 2 },
  'two passes': { forward: 'oneCall', passes: 2, workers: 2 },
  'a reference read twice': { forward: 'readTwice', passes: 1, workers: 2 },
  'a leaf elsewhere': { forward: 'leafElsewhere', passes: 1, workers: 2 },
  'calls at once': { forward: 'atOnce', passes: 1, workers: 2 },
  'a call passed on': { forward: 'passedOn', passes: 1, workers: 3 },
  'a diamond over workers': { forward: 'diamond', passes: 1, workers: 3 },
  'two roots on two workers': { forward: 'twoWorkers', passes: 1, workers: 3 },
} as const satisfies Readonly<Record<string, GradientProgram>>);

/** A program. */
export interface GradientProgram {
  readonly forward: string;
  readonly passes: number;
  readonly workers: number;
}

/** A cluster whose worker 0 runs the program, and ends with the gradients of its leaf, and of one elsewhere. */
export function gradientCluster(
  { forward, passes, workers }: GradientProgram,
  setting: ClusterSetting = {},
): SystemDefinition {
  const main = { worker0: { args: [forward, passes], fn: 'train' } };
  return { ...cluster({ ...setting, functions, main, workers }), name: 'gradients' };
}

function* train(name: string, passes: number): Program<readonly unknown[]> {
  const forward = forwards[name] ?? oneCall;
  return yield* distAutograd.context(function* inside(id) {
    const leaf = yield* torch.tensor([3], { requiresGrad: true });
    const { elsewhere, roots } = yield* forward(leaf);
    for (let pass = 0; pass < passes; pass += 1) {
      yield* distAutograd.backward(id, roots, { retainGraph: passes > 1 });
    }
    const own = yield* gradientIn(id, leaf);
    return elsewhere === undefined
      ? [own]
      : [own, yield* rpc.sync('worker1', gradientOfOwned, [id, elsewhere])];
  });
}

interface Forward {
  readonly elsewhere?: RRef<Tensor>;
  readonly roots: readonly Tensor[];
}

function* gradientIn(id: ContextId, leaf: Tensor): Program<readonly number[] | undefined> {
  return distAutograd.gradientOf(yield* distAutograd.getGradients(id), leaf)?.data;
}

function* gradientOfOwned(
  id: ContextId,
  rref: RRef<Tensor>,
): Program<readonly number[] | undefined> {
  return yield* gradientIn(id, yield* rref.localValue());
}

function* square(a: Tensor): Program<Tensor> {
  return yield* torch.mul(a, a);
}

function* passOn(to: string, a: Tensor): Program<Tensor> {
  return yield* rpc.sync(to, square, [yield* torch.add(a, a)]);
}

function* makeLeaf(): Program<Tensor> {
  return yield* torch.tensor([2], { requiresGrad: true });
}

function* product(rref: RRef<Tensor>, other: Tensor): Program<Tensor> {
  return yield* torch.mul(yield* rref.localValue(), other);
}

function* oneCall(leaf: Tensor): Program<Forward> {
  return { roots: [yield* torch.sum(yield* rpc.sync('worker1', square, [leaf]))] };
}

function* callToItself(leaf: Tensor): Program<Forward> {
  return { roots: [yield* torch.sum(yield* rpc.sync('worker0', square, [leaf]))] };
}

function* callBack(leaf: Tensor): Program<Forward> {
  return { roots: [yield* torch.sum(yield* rpc.sync('worker1', passOn, ['worker0', leaf]))] };
}

function* twoCalls(leaf: Tensor): Program<Forward> {
  const first = yield* rpc.sync('worker1', square, [leaf]);
  return { roots: [yield* torch.sum(yield* rpc.sync('worker1', square, [first]))] };
}

function* usedTwice(leaf: Tensor): Program<Forward> {
  const there = yield* rpc.sync('worker1', square, [leaf]);
  return { roots: [yield* torch.sum(yield* torch.mul(there, yield* torch.add(there, leaf)))] };
}

function* twoRoots(leaf: Tensor): Program<Forward> {
  const there = yield* rpc.sync('worker1', square, [leaf]);
  return { roots: [yield* torch.sum(there), yield* torch.sum(yield* square(leaf))] };
}

function* readTwice(leaf: Tensor): Program<Forward> {
  const rref = yield* rpc.remote('worker1', square, [leaf]);
  const [first, second] = [yield* rref.toHere(), yield* rref.toHere()];
  return { roots: [yield* torch.sum(yield* torch.mul(first, second))] };
}

function* leafElsewhere(leaf: Tensor): Program<Forward> {
  const elsewhere = yield* rpc.remote('worker1', makeLeaf, []);
  const there = yield* rpc.sync('worker1', product, [elsewhere, leaf]);
  return { elsewhere, roots: [yield* torch.sum(there)] };
}

function* atOnce(leaf: Tensor): Program<Forward> {
  const calls = [
    yield* rpc.async('worker1', square, [leaf]),
    yield* rpc.async('worker1', square, [leaf]),
  ];
  return { roots: [yield* sumOfAll(yield* rpc.waitAll(calls))] };
}

function* passedOn(leaf: Tensor): Program<Forward> {
  return { roots: [yield* torch.sum(yield* rpc.sync('worker1', passOn, ['worker2', leaf]))] };
}

function* diamond(leaf: Tensor): Program<Forward> {
  const first = yield* rpc.sync('worker1', square, [leaf]);
  const second = yield* rpc.sync('worker2', square, [leaf]);
  return { roots: [yield* torch.sum(yield* torch.mul(first, second))] };
}

function* twoWorkers(leaf: Tensor): Program<Forward> {
  const first = yield* rpc.sync('worker1', square, [leaf]);
  const second = yield* rpc.sync('worker2', square, [first]);
  return { roots: [yield* torch.sum(first), yield* torch.sum(second)] };
}

function* sumOfAll(tensors: readonly Tensor[]): Program<Tensor> {
  const [first, second] = tensors;
  if (first === undefined || second === undefined) throw new Error('two calls give two results');
  return yield* torch.sum(yield* torch.mul(first, second));
}

const forwards: Readonly<Record<string, (leaf: Tensor) => Program<Forward>>> = {
  atOnce,
  callBack,
  callToItself,
  diamond,
  leafElsewhere,
  oneCall,
  passedOn,
  readTwice,
  twoCalls,
  twoRoots,
  twoWorkers,
  usedTwice,
};

const functions = defineFunctions({
  gradientOfOwned,
  makeLeaf,
  passOn,
  product,
  square,
  train,
});
