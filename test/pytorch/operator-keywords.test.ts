import { expect, test } from 'vitest';

import { rpc, torch } from '../../actors/index.ts';
import { ones, raised } from './bodies.ts';
import { distInit, nextOf } from './fixture.ts';

test('a built-in operator takes what it is given by name, and refuses what no schema has', () => {
  distInit(function* body(rank) {
    const x = yield* ones();
    const to = nextOf(rank);
    const weighted = yield* rpc.sync(to, torch.add, [x, x, { alpha: 3 }]);
    expect(weighted).toMatchObject({ data: [4, 4] });
    const summed = yield* rpc.sync(to, torch.sum, [x, { dim: 0, keepdim: true }]);
    expect(summed).toMatchObject({ data: [2], shape: [1] });
    const kept = yield* rpc.remote(to, torch.clamp, [x, { max: 0.5 }]);
    expect(yield* kept.toHere()).toMatchObject({ data: [0.5, 0.5] });
    for (const bad of [{ beta: 1 }, { alpha: 'x' }]) {
      const text = 'Overloaded torch operator invoked from Python failed to match any schema';
      expect((yield* raised(rpc.sync(to, torch.add, [x, x, bad])))?.[1]).toBe(text);
    }
  }, {});
});

test('the second part of a difference counts alpha times, also backward', () => {
  distInit(function* body() {
    const x = yield* ones();
    const y = yield* torch.ones([2], { requiresGrad: true });
    const left = yield* torch.sub(x, y, { alpha: 3 });
    expect(left).toMatchObject({ data: [-2, -2] });
    yield* torch.backward([yield* torch.sum(left)]);
    expect(yield* torch.grad(y)).toMatchObject({ data: [-3, -3] });
  }, {});
});
