/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
/** PyTorch's tests of futures (group D of the inventory). */
import { expect, test } from 'vitest';

import { rpc, valueError } from '../../actors/index.ts';
import type { Future } from '../../actors/index.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import { seconds, deliverAfter } from '../../src/index.ts';
import type { Program } from '../../src/index.ts';
import { myAdd, ones, raised, raisedBy, raiseValue } from './bodies.ts';
import { distInit, nextOf } from './fixture.ts';

const n = 4;

function* addMany(rank: number, count: number): Program<readonly Future<Tensor>[]> {
  const futures: Future<Tensor>[] = [];
  for (let nr = 0; nr < count; nr += 1) {
    futures.push(yield* rpc.async(nextOf(rank), myAdd, [yield* ones(), nr]));
  }
  return futures;
}

test('RpcTest.test_wait_all: the calls within are waited for at the end', () => {
  distInit(
    function* body(rank) {
      const future = yield* rpc.waitingForAll(function* () {
        return yield* rpc.async(nextOf(rank), myAdd, [yield* ones(), n]);
      });
      expect(yield* future.done()).toBe(true);
      expect(yield* future.wait()).toMatchObject({ data: [n + 1, n + 1] });
    },
    { myAdd },
  );
});

test('RpcTest.test_wait_all_multiple_call: many calls are collected, and those that are waited for not', () => {
  distInit(
    function* body(rank) {
      const futures = yield* rpc.waitingForAll(function* () {
        const made = yield* addMany(rank, 8);
        expect(yield* rpc.sync(nextOf(rank), myAdd, [yield* ones(), 1])).toMatchObject({
          data: [2, 2],
        });
        return made;
      });
      for (const [nr, future] of futures.entries()) {
        expect(yield* future.done()).toBe(true);
        expect(yield* future.wait()).toMatchObject({ data: [nr + 1, nr + 1] });
      }
    },
    { myAdd },
  );
});

test('RpcTest.test_wait_all_timeout: a call that times out raises at the end', () => {
  const { workers } = distInit(
    function* body(rank) {
      const error = yield* raised(
        rpc.waitingForAll(function* () {
          return yield* rpc.async(nextOf(rank), myAdd, [yield* ones(), 1], { timeout: 0.1 });
        }),
      );
      expect(error?.[1]).toContain('RPC ran for more than');
    },
    { myAdd },
    {
      network: {
        rules: [
          ({ event }) => (event.type === 'PYTHON_RET' ? deliverAfter(seconds(1)) : undefined),
        ],
      },
    },
  );
  expect(workers).toHaveLength(4);
});

test('RpcTest.test_wait_all_raise_in_user_func: a call that raises does so at the end', () => {
  distInit(
    function* body(rank) {
      const error = yield* raised(
        rpc.waitingForAll(function* () {
          return yield* rpc.async(nextOf(rank), raiseValue, []);
        }),
      );
      expect(error?.[0]).toBe('ValueError');
    },
    { raiseValue },
  );
});

test('RpcTest.test_wait_all_raise_in_body: what the body raises comes through', () => {
  distInit(
    function* body(rank) {
      const error = yield* raised(
        rpc.waitingForAll(function* (): Program<never> {
          yield* rpc.async(nextOf(rank), myAdd, [yield* ones(), 1]);
          throw valueError('Expected error');
        }),
      );
      expect(error).toEqual(['ValueError', 'Expected error']);
      // Nothing is collected any more.
      const late = yield* rpc.async(nextOf(rank), raiseValue, []);
      yield* rpc.waitingForAll(function* () {
        return yield* rpc.async(nextOf(rank), myAdd, [yield* ones(), 1]);
      });
      expect((yield* raisedBy(late))?.[0]).toBe('ValueError');
    },
    { myAdd, raiseValue },
  );
});

test('RpcTest.test_wait_all_exit_early_python: the first error ends the wait for all', () => {
  function* never(): Program<void> {
    const future = yield* rpc.future<undefined>();
    yield* future.wait();
  }
  distInit(
    function* body(rank) {
      const stuck = yield* rpc.async(nextOf(rank), never, []);
      const failing = yield* rpc.async(nextOf(rank), raiseValue, []);
      const other = yield* rpc.async(nextOf(rank), raiseValue, []);
      const error = yield* raised(rpc.waitAll([stuck, failing, other]));
      expect(error).toEqual(['ValueError', expect.stringContaining('Expected error')]);
      expect(yield* stuck.done()).toBe(false);
    },
    { never, raiseValue },
    { leaksNothing: false, rpcTimeout: seconds(0) },
  );
});

test('RpcTest.test_wait_all_exit_early_script_function: so does an error of a script', () => {
  function* never(): Program<void> {
    const future = yield* rpc.future<undefined>();
    yield* future.wait();
  }
  const raiseScript = rpc.script((): never => {
    throw valueError('Expected error');
  });
  distInit(
    function* body(rank) {
      const stuck = yield* rpc.async(nextOf(rank), never, []);
      const failing = yield* rpc.async(nextOf(rank), raiseScript, []);
      const error = yield* raised(rpc.waitAll([stuck, failing]));
      expect(error).toEqual(['RuntimeError', expect.stringContaining('Expected error')]);
    },
    { never, raiseScript },
    { leaksNothing: false, rpcTimeout: seconds(0) },
  );
});

test('RpcTest.test_wait_all_with_exception: when all fail, waiting for all does', () => {
  distInit(
    function* body(rank) {
      const futures: Future<unknown>[] = [];
      for (let nr = 0; nr < 10; nr += 1) {
        futures.push(yield* rpc.async(nextOf(rank), raiseValue, []));
      }
      expect((yield* raised(rpc.waitAll(futures)))?.[0]).toBe('ValueError');
    },
    { raiseValue },
  );
});

test('RpcTest.test_wait_all_with_partial_exception: one that fails is enough', () => {
  distInit(
    function* body(rank) {
      const futures = yield* addMany(rank, 10);
      const failing = yield* rpc.async(nextOf(rank), raiseValue, []);
      expect((yield* raised(rpc.waitAll<unknown>([...futures, failing])))?.[0]).toBe('ValueError');
    },
    { myAdd, raiseValue },
  );
});

test('RpcTest.test_mark_future_twice: a future is completed once', () => {
  distInit(
    function* body(rank) {
      const future = yield* rpc.async(nextOf(rank), myAdd, [yield* ones(), n]);
      const value = yield* future.wait();
      expect((yield* raised(future.setResult(value)))?.[1]).toContain(
        'Future can only be marked completed once',
      );
    },
    { myAdd },
  );
});

test('RpcTest.test_pickle_future: a future is no argument', () => {
  const take = (_future: Future<unknown>): void => undefined;
  distInit(
    function* body(rank) {
      const future = yield* rpc.future<number>();
      const text = 'Can not pickle torch.futures.Future';
      expect(yield* raised(rpc.sync(nextOf(rank), take, [future]))).toEqual(['RuntimeError', text]);
      expect((yield* raised(rpc.async(nextOf(rank), take, [future])))?.[1]).toBe(text);
      expect((yield* raised(rpc.remote(nextOf(rank), take, [future])))?.[1]).toBe(text);
    },
    { take },
  );
});

test('RpcTest.test_future_done: a future is done when it was waited for', () => {
  distInit(
    function* body(rank) {
      const future = yield* rpc.async(nextOf(rank), myAdd, [yield* ones(), 1]);
      yield* future.wait();
      expect(yield* future.done()).toBe(true);
    },
    { myAdd },
  );
});

test('RpcTest.test_future_done_exception: a future is done also when it failed', () => {
  distInit(
    function* body(rank) {
      const future = yield* rpc.async(nextOf(rank), raiseValue, []);
      expect((yield* raisedBy(future))?.[0]).toBe('ValueError');
      expect(yield* future.done()).toBe(true);
    },
    { raiseValue },
  );
});

test('RpcTest.test_future_in_rpc: a function completes a future of its own by a callback', () => {
  function* pass(from: Future<Tensor>, to: Future<Tensor>): Program<void> {
    yield* to.setResult(yield* from.wait());
  }
  function* addUseFuture(to: string, left: Tensor, right: number): Program<Tensor> {
    const out = yield* rpc.future<Tensor>();
    const future = yield* rpc.async(to, myAdd, [left, right]);
    yield* future.then(pass, out);
    return yield* out.wait();
  }
  distInit(
    function* body(rank) {
      const sum = yield* rpc.sync(nextOf(rank), addUseFuture, [nextOf(rank + 1), yield* ones(), 2]);
      expect(sum).toMatchObject({ data: [3, 3] });
    },
    { addUseFuture, myAdd, pass },
  );
});
