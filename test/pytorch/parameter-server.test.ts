/** PyTorch's parameter servers, whose asynchronous functions answer when all trainers of a round have come. */
import { expect, test } from 'vitest';

import { globals, rpc, torch } from '../../actors/index.ts';
import type { Future } from '../../actors/index.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import type { Program } from '../../src/index.ts';
import { distInit } from './fixture.ts';

const trainers = 3;

interface Round {
  readonly count: number;
  readonly future: Future<Tensor>;
  readonly grad: Tensor;
  readonly model: Tensor;
}

function* newRound(model: Tensor): Program<Round> {
  const future = yield* rpc.future<Tensor>();
  return { count: 0, future, grad: yield* torch.mul(model, 0), model };
}

function* begin(): Program<void> {
  yield* globals.set('round', yield* newRound(yield* torch.tensor([0, 0])));
}

function* currentModel(): Program<Tensor | undefined> {
  return (yield* globals.get<Round>('round'))?.model;
}

function* end(): Program<void> {
  yield* globals.remove('round');
}

/** Adds a gradient to the round; the last trainer's completes it with the new model. */
const average = rpc.asyncExecution(function* average(grad: Tensor): Program<Future<Tensor>> {
  const round = yield* globals.get<Round>('round');
  if (round === undefined) throw new Error('There is no round.');
  const count = round.count + 1;
  const sum = yield* torch.add(round.grad, grad);
  if (count < trainers) {
    yield* globals.set('round', { ...round, count, grad: sum });
    return round.future;
  }
  const next = yield* torch.add(round.model, sum);
  yield* globals.set('round', yield* newRound(next));
  yield* round.future.setResult(next);
  return round.future;
});

test.each([
  'RpcTest.test_my_parameter_server',
  'ParameterServerTest.test_batch_updating_parameter_server',
])('%s: each trainer gets the model of its round', () => {
  const { values } = distInit(
    function* body(rank) {
      if (rank === 0) yield* begin();
      // The server is there before the trainers ask for it.
      while ((yield* rpc.sync('worker0', currentModel, [])) === undefined) yield* rpc.sleep(1);
      if (rank === 0) {
        yield* rpc.sleep(60);
        const last = yield* currentModel();
        yield* end();
        return last?.data;
      }
      const seen: (readonly number[])[] = [];
      for (let round = 1; round <= 3; round += 1) {
        const next = yield* rpc.sync('worker0', average, [yield* torch.tensor([rank, 1])]);
        seen.push(next.data);
      }
      expect(seen).toEqual([
        [6, 3],
        [12, 6],
        [18, 9],
      ]);
      return undefined;
    },
    { average, begin, currentModel, end },
    // A pool of one thread stands for the lock that PyTorch's server takes around an update.
    { poolSize: 1, schedules: 1 },
  );
  expect(values[0]).toEqual([18, 9]);
});
