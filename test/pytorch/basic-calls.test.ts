/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
/** PyTorch's tests of basic calls (group B of the inventory). */
import { expect, test } from 'vitest';

import { globals, rpc, torch } from '../../actors/index.ts';
import type { Future, Operand } from '../../actors/index.ts';
import { checkpoint } from '../../src/index.ts';
import type { Program } from '../../src/index.ts';
import { distInit, nextOf } from './fixture.ts';

function* myAdd(left: Operand, right: Operand): Program<unknown> {
  return yield* torch.add(left, right);
}

test('RpcTest.test_py_no_return_result: a function that returns nothing gives nothing', () => {
  const noResult = (): void => undefined;
  distInit(
    function* body(rank) {
      expect(yield* rpc.sync(nextOf(rank), noResult, [])).toBeUndefined();
    },
    { noResult },
  );
});

test('RpcTest.test_py_built_in: a function of the language is called like any other', () => {
  const least = (...numbers: number[]): number => Math.min(...numbers);
  distInit(
    function* body(rank) {
      const n = rank + 1;
      expect(yield* rpc.sync(nextOf(rank), least, [n, n + 1, n + 2])).toBe(n);
    },
    { least },
  );
});

test('RpcTest.test_py_multi_async_call: two calls are under way at once', () => {
  const plus = (a: number, b: number): number => a + b;
  distInit(
    function* body(rank) {
      const first = yield* rpc.async(nextOf(rank), plus, [rank, 1]);
      const second = yield* rpc.async(nextOf(rank), plus, [rank, 2]);
      expect([yield* first.wait(), yield* second.wait()]).toEqual([rank + 1, rank + 2]);
    },
    { plus },
  );
});

test('RpcTest.test_py_tensors: tensors travel as arguments and as results', () => {
  distInit(
    function* body(rank) {
      const ones = yield* torch.tensor([1, 1, 1, 1], { shape: [2, 2] });
      const sum = yield* rpc.sync(nextOf(rank), myAdd, [ones, rank]);
      expect(sum).toMatchObject({ data: Array<number>(4).fill(rank + 1), shape: [2, 2] });
      const futures: Future<unknown>[] = [];
      for (let nr = 0; nr < 20; nr += 1) {
        futures.push(yield* rpc.async(nextOf(rank), myAdd, [yield* torch.tensor([nr]), nr]));
      }
      for (const [nr, future] of futures.entries()) {
        expect(yield* future.wait()).toMatchObject({ data: [2 * nr] });
      }
    },
    { myAdd },
  );
});

test('RpcTest.test_nested_rpc: a function calls back whoever called it', () => {
  function* nested(caller: string): Program<unknown> {
    return yield* rpc.sync(caller, myAdd, [yield* torch.tensor([1, 1]), 1]);
  }
  distInit(
    function* body(rank) {
      const sum = yield* rpc.sync(nextOf(rank), nested, [`worker${rank}`]);
      expect(sum).toMatchObject({ data: [2, 2] });
    },
    { myAdd, nested },
  );
});

test('RpcTest.test_expected_src: a handler learns who called it', () => {
  function* setValue(value: number): Program<void> {
    yield* globals.set('expected', value);
  }
  function* awaitValue(): Program<number> {
    for (;;) {
      const value = yield* globals.get<number>('expected');
      if (value !== undefined) return value;
      yield* rpc.sync(yield* rpc.getWorkerInfo(), noop, []);
    }
  }
  const noop = (): void => undefined;
  distInit(
    function* body(rank) {
      yield* rpc.sync(nextOf(rank), setValue, [rank]);
      expect(yield* awaitValue()).toBe((rank + 3) % 4);
    },
    { noop, setValue },
  );
});

test('RpcTest.test_stress_light_rpc: a thousand light calls give what they are to give', () => {
  const light = (): number => 0;
  function* rounds(left: number): Program<number> {
    if (left === 0) return 0;
    const future = yield* rpc.async('worker1', light, []);
    expect(yield* future.wait()).toBe(0);
    return yield* checkpoint(left - 1);
  }
  distInit(
    function* body() {
      yield* rpc.sync('worker0', rounds, [1_000]);
    },
    { light, rounds },
    { ranks: [0], schedules: 0, workers: 2 },
  );
});

test('RpcTest.test_multi_layer_nested_async_rpc: a chain of calls that nobody waits for runs out', () => {
  function* layer(to: number, world: number, ttl: number): Program<number> {
    if (ttl === 0) return 0;
    yield* rpc.async((to + 1) % world, layer, [(to + 1) % world, world, ttl - 1]);
    return 0;
  }
  const { run } = distInit(
    function* body(rank) {
      yield* layer(rank, 4, 20);
    },
    { layer },
  );
  expect(run.steps.length).toBeGreaterThan(4 * 20);
});
