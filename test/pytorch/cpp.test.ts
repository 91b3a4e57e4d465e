/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
/** PyTorch's tests of the C++ sources (group X of the inventory). */
import { describe, expect, test } from 'vitest';

import { distAutograd, rpc, torch } from '../../actors/index.ts';
import { mainOutcome, workersOf } from '../../actors/view.ts';
import { callFunction } from '../../machines/engine/call-function.ts';
import type { Gradient, Tensor } from '../../machines/engine/graph.ts';
import { tensor, undefinedTensor } from '../../machines/engine/tensor.ts';
import { setIn } from '../../src/core/persistent-map.ts';
import { runSystem, sizeOf } from '../../src/index.ts';
import type { Functions, Program } from '../../src/index.ts';
import { systemWith } from '../actors/play.ts';
import { rootOf, sendOf } from '../machines/engine/distributed.ts';
import { createPass } from '../machines/engine/pass.ts';
import { createThread } from '../machines/engine/thread.ts';
import { distInit } from './fixture.ts';

test('DistAutogradTest.TestSendFunctionInvalidInputs: a send function takes gradients, not inputs', () => {
  const thread = createThread('t');
  const send = sendOf(thread, [thread.leaf([1, 2]), thread.leaf([3, 4])]);
  const pass = createPass({ graphRoot: rootOf(thread, []), sendFunctions: [send] });
  const { task } = pass.task.getSnapshot().context;
  const run = (grads: readonly Gradient[], inputs: readonly Gradient[] = []) => {
    const sendGrads = setIn(task.sendGrads, send.id, grads);
    return callFunction({ ...task, sendGrads }, { inputs, node: send }).outputs;
  };
  const grads = [tensor([1, 1]), tensor([2, 2])] as const;
  expect(() => run(grads, [tensor([1, 2])])).toThrow('SendRpcBackward should receive no inputs');
  expect(() => run([grads[0], undefinedTensor])).toThrow(
    "BUG!: SendRpcBackward didn't receive valid gradients",
  );
  expect(run(grads)).toEqual(grads);
});

describe('the contexts with a pass', () => {
  /** The most that a worker had at once, and how many it has at the end. */
  function passesOf(functions: Functions & { readonly main: unknown }, worker: number) {
    const counts: number[] = [];
    const { ended, world } = runSystem(systemWith(functions), {
      onStep: (_, after) => {
        const one = workersOf(after)[worker];
        if (one !== undefined) counts.push(sizeOf(one.autograd.initializedContextIds));
      },
    });
    expect(ended).toBe('quiescent');
    expect(mainOutcome(world, 'worker0')).toMatchObject({ type: 'returned' });
    return { atEnd: counts.at(-1), most: Math.max(...counts) };
  }

  test('DistAutogradTest.TestInitializedContextCleanup: it is marked, and the clean-up unmarks it', () => {
    function* main(): Program<void> {
      yield* distAutograd.context(function* pass(id) {
        const leaf = yield* torch.tensor([1, 2], { requiresGrad: true });
        yield* distAutograd.backward(id, [yield* torch.sum(yield* torch.add(leaf, leaf))]);
      });
    }
    expect(passesOf({ main }, 0)).toEqual({ atEnd: 0, most: 1 });
  });

  test('DistAutogradTest.TestInitializedContextCleanupSendFunction: also by a send function', () => {
    function* main(): Program<void> {
      yield* distAutograd.context(function* pass(id) {
        const leaf = yield* torch.tensor([1, 2], { requiresGrad: true });
        const sum = yield* rpc.sync('worker1', torch.add, [leaf, leaf]);
        yield* distAutograd.backward(id, [yield* torch.sum(sum)]);
      });
    }
    expect(passesOf({ main }, 1)).toEqual({ atEnd: 0, most: 1 });
  });
});

test('TestE2ETensorPipe.TestTrainingLoop: a loop against oneself leaves no call and no timer', () => {
  function* step(left: Tensor, right: Tensor): Program<void> {
    yield* distAutograd.context(function* pass(id) {
      const sum = yield* rpc.sync('worker0', torch.add, [left, right]);
      yield* distAutograd.backward(id, [yield* torch.sum(sum)]);
      const gradients = yield* distAutograd.getGradients(id);
      for (const leaf of [left, right]) {
        expect(distAutograd.gradientOf(gradients, leaf)).toMatchObject({ data: [1, 1] });
      }
    });
  }
  const iterations = 20;
  const { run, workers } = distInit(
    function* body() {
      const options = { requiresGrad: true };
      const left = yield* torch.tensor([1, 2], options);
      const right = yield* torch.tensor([3, 4], options);
      for (let nr = 0; nr < iterations; nr += 1) yield* step(left, right);
    },
    {},
    { schedules: 1, workers: 1 },
  );
  const [worker] = workers;
  expect(worker && sizeOf(worker.agent.calls)).toBe(0);
  expect(sizeOf(run.world.timers)).toBe(0);
  expect(worker?.agent.nextMessageId).toBeGreaterThanOrEqual(2 * iterations);
});
