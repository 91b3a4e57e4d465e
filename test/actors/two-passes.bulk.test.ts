/**
 * Two workers begin a backward pass on one autograd context at one moment. Real PyTorch 1.13 has no names for
 * passes: each takes the gradients of the other for its own. Where they meet, both are served, with [5, 6] for `x`
 * and [1, 2] for `u`; where the first was over before the second began, the second waits for ever for a gradient
 * that came too early.
 */
import { expect, test } from 'vitest';

import { distAutograd, rpc, torch } from '../../actors/index.ts';
import type { ContextId } from '../../actors/index.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import { randomWalk } from '../../src/index.ts';
import { leaf, refused } from './autograd-programs.ts';
import { play, systemWith } from './play.ts';
import { gradientOf } from './user-code.ts';

function* twice(x: Tensor) {
  return yield* torch.mul(x, 2);
}

function* passThere(context: ContextId, x: Tensor) {
  const u = yield* leaf([3, 4]);
  const root = yield* torch.sum(yield* torch.mul(x, u));
  return [yield* refused(distAutograd.backward(context, [root])), yield* gradientOf(context, u)];
}

function* main() {
  return yield* distAutograd.context(function* (context) {
    const x = yield* leaf([1, 2]);
    const there = yield* rpc.sync('worker1', twice, [x]);
    const other = yield* rpc.async('worker1', passThere, [context, x]);
    const text = yield* refused(distAutograd.backward(context, [yield* torch.sum(there)]));
    return [text, yield* gradientOf(context, x), yield* other.wait()];
  });
}

const seeds = Array.from({ length: 6 }, (_, seed) => seed);

test('passes without names take each other for themselves, or one waits for ever', () => {
  const system = systemWith(
    { main, passThere, twice },
    { backwardMode: 'fast', profile: 'pytorch-2.6' },
  );
  const outcomes = seeds.map((seed) => play(system, { chooser: randomWalk(seed) }).outcome);
  const served = { type: 'returned', value: ['nothing', [5, 6], ['nothing', [1, 2]]] };
  const isServed = (outcome: unknown) => JSON.stringify(outcome) === JSON.stringify(served);
  expect(outcomes).toContainEqual(expect.objectContaining(served));
  expect(outcomes).toContainEqual(expect.objectContaining({ type: 'running' }));
  for (const outcome of outcomes.filter((each) => !isServed(each))) {
    expect(outcome).toMatchObject({ type: 'running' });
  }
});

test.each(['smart', 'smart-discovery'] as const)(
  'passes with names never take what is not theirs, in %s mode',
  (backwardMode) => {
    const system = systemWith({ main, passThere, twice }, { backwardMode, profile: 'hardened' });
    for (const seed of seeds) {
      const { outcome } = play(system, { chooser: randomWalk(seed) });
      // casts -- what `main` gives
      const { value } = outcome as { readonly value: readonly unknown[] };
      const [text, , there] = value as readonly [string, unknown, readonly [string]];
      const refusals = [text, there[0]].filter((each) => each !== 'nothing');
      expect(refusals.length).toBeGreaterThan(0);
      for (const each of refusals) {
        expect(each).toMatch(
          /Another backward pass runs on autograd context 0$|INTERNAL ASSERT FAILED/,
        );
      }
    }
  },
);
