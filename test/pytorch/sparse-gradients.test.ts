/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
/** PyTorch's test of gradients that have only some elements (group M of the inventory), and what goes with it. */
import { expect, test } from 'vitest';

import { distAutograd, rpc, torch } from '../../actors/index.ts';
import type { ContextId, RRef } from '../../actors/index.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import { toDense } from '../../machines/engine/sparse.ts';
import type { Program } from '../../src/index.ts';
import { leafOf } from './backward-passes.ts';
import { distInit, nextOf } from './fixture.ts';

/** The indices, and where the bags begin. */
const words = [1, 2, 4, 5, 4, 3, 2, 9];
const starts = [0, 4];

function* makeWeight(): Program<Tensor> {
  return yield* leafOf([10, 3], 2);
}

function* forward(weight: Tensor, samples: Tensor): Program<Tensor> {
  const index = yield* torch.tensor(words, { dtype: 'int64' });
  const offsets = yield* torch.tensor(starts, { dtype: 'int64' });
  const attributes = { mode: 'sum', sparse: true };
  return yield* torch.embeddingBag([index, weight, offsets, samples], attributes);
}

/** On the worker where the weight is. */
function* remoteForward(weight: RRef<Tensor>, samples: Tensor): Program<Tensor> {
  return yield* forward(yield* weight.localValue(), samples);
}

function* gradOf(id: ContextId, weight: RRef<Tensor>): Program<Tensor | undefined> {
  const gradients = yield* distAutograd.getGradients(id);
  return distAutograd.gradientOf(gradients, yield* weight.localValue());
}

const functions = { gradOf, makeWeight, remoteForward };

test.each(['fast', 'smart', 'smart-discovery'] as const)(
  'TensorPipeAgentDistAutogradTest.test_embedding_bag_with_no_grad_tensors: in %s mode',
  (backwardMode) => {
    function* body(rank: number): Program<void> {
      const to = nextOf(rank);
      // A gradient of its own, so that functions to send and to receive are recorded.
      const samples = yield* leafOf([words.length], 3);
      const weight = yield* makeWeight();
      const local = yield* torch.sum(yield* forward(weight, samples));
      yield* torch.backward([local], { retainGraph: true });
      yield* torch.backward([local]);
      const wanted = yield* torch.grad(weight);
      const remote = yield* rpc.remote(to, makeWeight, []);
      yield* distAutograd.context(function* inside(id) {
        const result = yield* rpc.sync(to, remoteForward, [remote, samples]);
        const loss = yield* torch.sum(result);
        yield* distAutograd.backward(id, [loss], { retainGraph: true });
        yield* distAutograd.backward(id, [loss]);
        const found = yield* rpc.sync(to, gradOf, [id, remote]);
        expect(found).toMatchObject({ layout: 'Sparse', shape: [10, 3] });
        expect(found?.sparse?.indices).toEqual([[...words, ...words]]);
        expect(found && toDense(found)).toEqual(wanted && toDense(wanted));
        const there = distAutograd.gradientOf(yield* distAutograd.getGradients(id), samples);
        expect(there?.data).toEqual((yield* torch.grad(samples))?.data);
      });
    }
    distInit(body, functions, { backwardMode, ranks: [0, 2], schedules: 1 });
  },
);

/** Takes rows of a matrix that another worker sent: its gradient goes back over the network. */
function* rowsOf(weight: Tensor, rows: readonly number[], sparse: boolean): Program<Tensor> {
  const index = yield* torch.tensor(rows, { dtype: 'int64' });
  return yield* torch.sum(yield* torch.embedding(weight, index, { sparse }));
}

test.each(['fast', 'smart', 'smart-discovery'] as const)(
  'a sparse gradient goes back to where its matrix came from, in %s mode',
  (backwardMode) => {
    function* body(rank: number): Program<void> {
      const weight = yield* leafOf([3, 2], 1);
      const sum = function* sum(
        terms: readonly (readonly [readonly number[], boolean])[],
      ): Program<unknown> {
        return yield* distAutograd.context(function* inside(id) {
          let loss: Tensor | number = 0;
          for (const [rows, sparse] of terms) {
            const term: Tensor = yield* rpc.sync(nextOf(rank), rowsOf, [weight, rows, sparse]);
            loss = yield* torch.add(term, loss);
          }
          if (typeof loss === 'object') yield* distAutograd.backward(id, [loss]);
          const found = distAutograd.gradientOf(yield* distAutograd.getGradients(id), weight);
          return found && [found.layout, toDense(found).data];
        });
      };
      expect(yield* sum([[[2, 0, 2], true]])).toEqual(['Sparse', [1, 1, 0, 0, 2, 2]]);
      const both = [[[2, 0, 2], true] as const, [[1, 2], true] as const];
      expect(yield* sum(both)).toEqual(['Sparse', [1, 1, 1, 1, 3, 3]]);
      const mixed = [[[2, 0, 2], true] as const, [[1, 2], false] as const];
      expect(yield* sum(mixed)).toEqual(['Strided', [1, 1, 1, 1, 3, 3]]);
      expect(yield* sum(mixed.toReversed())).toEqual(['Strided', [1, 1, 1, 1, 3, 3]]);
    }
    distInit(body, { rowsOf }, { backwardMode, ranks: [0], schedules: 1 });
  },
);
