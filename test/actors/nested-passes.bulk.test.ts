/** Passes within passes, and several of one context on several workers: as one process alone would have it. */
import { describe, expect, test } from 'vitest';

import { distAutograd, globals, rpc, torch } from '../../actors/index.ts';
import type { ContextId } from '../../actors/index.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import { randomWalk } from '../../src/index.ts';
import type { Program } from '../../src/index.ts';
import { leaf } from './autograd-programs.ts';
import { expectQuiet, play, systemWith } from './play.ts';

function* add(first: Tensor, second: Tensor): Program<Tensor> {
  return yield* torch.add(first, second);
}

function* mul(first: Tensor, second: Tensor): Program<Tensor> {
  return yield* torch.mul(first, second);
}

function* gradOf(id: ContextId, x: Tensor): Program<readonly number[] | undefined> {
  return distAutograd.gradientOf(yield* distAutograd.getGradients(id), x)?.data;
}

/** Twice `x` and what comes back from the next hop, at each hop; each has its result used up by nobody too. */
function* hop(left: readonly number[], x: Tensor): Program<Tensor> {
  const [next, ...rest] = left;
  const double = yield* torch.add(x, x);
  const { id } = yield* rpc.getWorkerInfo();
  yield* rpc.sync((id + 1) % 4, add, [x, double]);
  if (next === undefined) return double;
  return yield* torch.add(yield* rpc.sync(next, hop, [rest, double]), x);
}

/** The derivative of `hop`. */
function slopeOf(hops: number): number {
  return hops === 0 ? 2 : 2 * slopeOf(hops - 1) + 1;
}

/** A hook: six times the gradient, by a pass of its own in this process. */
function* locally(grad: Tensor): Program<Tensor> {
  return yield* torch.enableGrad(function* pass() {
    const x = yield* leaf([3]);
    yield* torch.backward([yield* torch.mul(x, x)]);
    return yield* torch.mul(grad, (yield* torch.grad(x)) ?? 0);
  });
}

/** The same by a pass in a context of its own. */
function* distributedly(grad: Tensor): Program<Tensor> {
  return yield* torch.enableGrad(() =>
    distAutograd.context(function* inside(id) {
      const x = yield* leaf([3]);
      const square = yield* rpc.sync('worker3', mul, [x, x]);
      yield* distAutograd.backward(id, [yield* torch.sum(square)]);
      const slope = distAutograd.gradientOf(yield* distAutograd.getGradients(id), x);
      return yield* torch.mul(grad, slope ?? 0);
    }),
  );
}

function* hooked(x: Tensor, isLocal: boolean): Program<Tensor> {
  const double = yield* torch.mul(x, 2);
  yield* torch.autograd.registerHook(double, isLocal ? locally : distributedly);
  return yield* torch.mul(double, 3);
}

/** Seven times `x`, and a root here that is five times it. */
function* keepRoot(x: Tensor): Program<Tensor> {
  yield* globals.set('root', yield* torch.sum(yield* torch.mul(x, 5)));
  return yield* torch.mul(x, 7);
}

function* backwardHere(id: ContextId): Program<void> {
  const root = yield* globals.get<Tensor>('root');
  if (root !== undefined) yield* distAutograd.backward(id, [root], { retainGraph: true });
}

const functions = { add, backwardHere, distributedly, hooked, hop, keepRoot, locally, mul };

/** What comes of a program in one context, the same in all orders. */
function outcomeOf(
  backwardMode: 'fast' | 'smart' | 'smart-discovery',
  body: (id: ContextId) => Program<unknown>,
): unknown {
  function* main() {
    return yield* distAutograd.context(body);
  }
  const setting = { backwardMode, profile: 'hardened', workers: 4 } as const;
  const system = systemWith({ ...functions, main }, setting);
  const outcomes = [undefined, 1, 2].map((seed) => {
    const { outcome, views } = play(
      system,
      seed === undefined ? {} : { chooser: randomWalk(seed) },
    );
    expectQuiet(views);
    return outcome;
  });
  expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size).toBe(1);
  return outcomes[0];
}

// In PyTorch a hook runs on a thread that is in no context, also where its pass began; so it may make one.
test.each([
  ['fast', true],
  ['fast', false],
  ['smart', true],
  ['smart', false],
  ['smart-discovery', true],
  ['smart-discovery', false],
] as const)(
  'in %s mode hooks have passes of their own, in their process alone: %s',
  (mode, isLocal) => {
    const outcome = outcomeOf(mode, function* body(id) {
      const x = yield* leaf([1]);
      const here = yield* hooked(x, isLocal);
      const there = yield* rpc.sync('worker1', hooked, [x, isLocal]);
      const sum = yield* rpc.sync('worker2', add, [there, here]);
      yield* distAutograd.backward(id, [yield* torch.sum(sum)]);
      return yield* gradOf(id, x);
    });
    expect(outcome).toEqual({ type: 'returned', value: [72] });
  },
);

describe.each(['smart', 'smart-discovery'] as const)('in %s mode', (mode) => {
  test('calls go round all workers and back, with results that nobody uses', () => {
    const rounds = [[2, 3, 0, 1, 2, 0], [0, 3, 1], []];
    const outcome = outcomeOf(mode, function* body(id) {
      const x = yield* leaf([1]);
      const roots: Tensor[] = [];
      for (const round of rounds) {
        roots.push(yield* torch.sum(yield* rpc.sync('worker1', hop, [round, x])));
      }
      yield* distAutograd.backward(id, roots);
      return yield* gradOf(id, x);
    });
    const slope = rounds.reduce((sum, round) => sum + slopeOf(round.length), 0);
    expect(outcome).toEqual({ type: 'returned', value: [slope] });
  });

  test('one context has passes from three workers, one after the other', () => {
    const outcome = outcomeOf(mode, function* body(id) {
      const x = yield* leaf([1]);
      const double = yield* rpc.sync('worker2', mul, [x, yield* torch.tensor([2])]);
      const root = yield* torch.sum(yield* rpc.sync('worker1', keepRoot, [double]));
      yield* rpc.sync('worker3', keepRoot, [double]);
      const grads: unknown[] = [];
      for (const to of ['worker3', 'worker1', 'worker3']) {
        yield* rpc.sync(to, backwardHere, [id]);
        grads.push(yield* gradOf(id, x));
      }
      yield* distAutograd.backward(id, [root]);
      return [...grads, yield* gradOf(id, x)];
    });
    expect(outcome).toEqual({ type: 'returned', value: [[10], [20], [30], [44]] });
  });
});
