/** PyTorch's test of many distributed backward passes over one graph (group T). */
import { expect, test } from 'vitest';

import { distAutograd, rpc, torch } from '../../actors/index.ts';
import { gradientIn, leafOf } from './backward-passes.ts';
import { distInit, nextOf } from './fixture.ts';

test('DistAutogradTest.test_multiple_backward: a thousand passes over one graph', () => {
  distInit(
    function* body(rank) {
      const [a, b] = [yield* leafOf([2], 1), yield* leafOf([2], 2)];
      yield* distAutograd.context(function* inside(id) {
        const loss = yield* torch.sum(yield* rpc.sync(nextOf(rank), torch.add, [a, b]));
        for (let pass = 0; pass < 1_000; pass += 1) {
          yield* distAutograd.backward(id, [loss], { retainGraph: true });
        }
        expect(yield* gradientIn(id, a)).toEqual([1_000, 1_000]);
      });
    },
    {},
    { ranks: [0], schedules: 0, workers: 2 },
  );
}, 300_000);
