/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
/** PyTorch's tests of `async_execution` functions (group E of the inventory). */
import { describe, expect, test } from 'vitest';

import { rpc, torch, valueError } from '../../actors/index.ts';
import type { Future } from '../../actors/index.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import type { Program, UserFunction } from '../../src/index.ts';
import { addAsync, myAdd, ones, raised, raiseRuntime } from './bodies.ts';
import { distInit, nextOf } from './fixture.ts';

type Mode = 'async' | 'remote' | 'sync';

/** A call in one of the three ways, and its result. */
function* callBy(
  mode: Mode,
  to: string,
  { args, fn }: { readonly args: readonly unknown[]; readonly fn: UserFunction },
): Program<unknown> {
  // cast -- the types of functions in a table are not known
  const given = args as never;
  if (mode === 'sync') return yield* rpc.sync(to, fn, given);
  if (mode === 'async') return yield* (yield* rpc.async(to, fn, given)).wait();
  return yield* (yield* rpc.remote(to, fn, given)).toHere();
}

function* pass(future: Future<Tensor>, out: Future<Tensor>): Program<void> {
  yield* out.setResult(yield* future.wait());
}

function* plusTo(future: Future<Tensor>, right: number): Program<Tensor> {
  return yield* torch.add(yield* future.wait(), right);
}

const raiseAsync = rpc.asyncExecution(raiseRuntime);

const notAFuture = rpc.asyncExecution(function* notAFuture(): Program<Tensor> {
  return yield* ones();
});

const addWithFuture = rpc.asyncExecution(function* addWithFuture(
  to: string,
  left: Tensor,
  right: number,
): Program<Future<Tensor>> {
  const out = yield* rpc.future<Tensor>();
  const future = yield* rpc.async(to, myAdd, [left, right]);
  yield* future.then(pass, out);
  return out;
});

const addChained = rpc.asyncExecution(function* addChained(
  to: string,
  left: Tensor,
  [right, last]: readonly [number, number],
): Program<Future<Tensor>> {
  const future = yield* rpc.async(to, myAdd, [left, right]);
  return yield* future.then(plusTo, last);
});

const addNested = rpc.asyncExecution(function* addNested(
  to: string,
  left: Tensor,
  right: number,
): Program<Future<Tensor>> {
  return yield* rpc.async(to, addAsync, [to, left, right]);
});

const addChainedMulti = rpc.asyncExecution(function* addChainedMulti(
  to: string,
  left: Tensor,
  [count, step]: readonly [number, number],
): Program<Future<Tensor>> {
  let future = yield* rpc.async(to, myAdd, [left, 0]);
  for (let nr = 0; nr < count; nr += 1) future = yield* future.then(plusTo, step);
  return future;
});

function* sumAll(future: Future<readonly Future<Tensor>[]>): Program<Tensor> {
  let sum = yield* torch.tensor([0, 0]);
  for (const each of yield* future.wait()) sum = yield* torch.add(sum, yield* each.wait());
  return sum;
}

const addFanout = rpc.asyncExecution(function* addFanout(
  to: string,
  left: Tensor,
  [count, step]: readonly [number, number],
): Program<Future<Tensor>> {
  const futures: Future<Tensor>[] = [];
  for (let nr = 0; nr < count; nr += 1) {
    futures.push(yield* rpc.async(to, myAdd, [left, step]));
  }
  return yield* (yield* rpc.collectAll(futures)).then(sumAll);
});

function* returnFuture(to: string): Program<Future<Tensor>> {
  return yield* rpc.async(to, myAdd, [yield* ones(), 1]);
}

const functions = {
  addAsync,
  addChained,
  addChainedMulti,
  addFanout,
  addNested,
  addWithFuture,
  myAdd,
  notAFuture,
  pass,
  plusTo,
  raiseAsync,
  returnFuture,
  sumAll,
};

describe('an asynchronous function that raises', () => {
  test.each<[string, Mode]>([
    ['RpcTest.test_async_function_raise', 'sync'],
    ['RpcTest.test_async_function_raise_async', 'async'],
    ['RpcTest.test_async_function_raise_remote', 'remote'],
  ])('%s: raises at whoever waits (%s)', (_, mode) => {
    distInit(function* body(rank) {
      const error = yield* raised(callBy(mode, nextOf(rank), { args: [], fn: raiseAsync }));
      expect(error).toEqual(['RuntimeError', expect.stringContaining('Expected error')]);
    }, functions);
  });
});

describe('an asynchronous function that returns no future', () => {
  test.each<[string, Mode]>([
    ['RpcTest.test_async_function_wrong_return_type', 'sync'],
    ['RpcTest.test_async_function_wrong_return_type_async', 'async'],
    ['RpcTest.test_async_function_wrong_return_type_remote', 'remote'],
  ])('%s: says so (%s)', (_, mode) => {
    distInit(function* body(rank) {
      const error = yield* raised(callBy(mode, nextOf(rank), { args: [], fn: notAFuture }));
      expect(error).toEqual([
        'RuntimeError',
        expect.stringMatching(
          /^Unable to cast Python instance to C\+\+ type .*Functions decorated with @rpc\.async_function must return a torch\.futures\.Future object, but got torch\.Tensor$/,
        ),
      ]);
    }, functions);
  });
});

interface Row {
  readonly args: (tensor: Tensor, to: string) => readonly unknown[];
  readonly fn: UserFunction;
  readonly sum: number;
}

const rows: Readonly<Record<string, Row>> = {
  simple: { args: (tensor, to) => [to, tensor, 1], fn: addAsync, sum: 2 },
  ctor: { args: (tensor, to) => [to, tensor, 1], fn: addWithFuture, sum: 2 },
  chained: { args: (tensor, to) => [to, tensor, [1, 2]], fn: addChained, sum: 4 },
  nested: { args: (tensor, to) => [to, tensor, 2], fn: addNested, sum: 3 },
  multi: { args: (tensor, to) => [to, tensor, [20, 1]], fn: addChainedMulti, sum: 21 },
  fanout: { args: (tensor, to) => [to, tensor, [20, 1]], fn: addFanout, sum: 40 },
};

describe('an asynchronous function', () => {
  test.each<[string, string, Mode]>([
    ['RpcTest.test_async_function_simple', 'simple', 'sync'],
    // Methods are functions by name here, static ones and those of the class alike.
    ['RpcTest.test_async_static_method', 'chained', 'sync'],
    ['RpcTest.test_async_static_method_remote', 'chained', 'remote'],
    ['RpcTest.test_async_class_method', 'chained', 'sync'],
    ['RpcTest.test_async_class_method_remote', 'chained', 'remote'],
    ['RpcTest.test_async_function_with_future_ctor', 'ctor', 'sync'],
    ['RpcTest.test_async_function_with_future_ctor_remote', 'ctor', 'remote'],
    ['RpcTest.test_async_function_chained', 'chained', 'sync'],
    ['RpcTest.test_async_function_chained_remote', 'chained', 'remote'],
    ['RpcTest.test_async_function_nested', 'nested', 'sync'],
    ['RpcTest.test_async_function_nested_remote', 'nested', 'remote'],
    ['RpcTest.test_async_function_multi_chained', 'multi', 'sync'],
    ['RpcTest.test_async_function_multi_chained_async', 'multi', 'async'],
    ['RpcTest.test_async_function_multi_chained_remote', 'multi', 'remote'],
    ['RpcTest.test_async_function_multi_fanout', 'fanout', 'sync'],
    ['RpcTest.test_async_function_multi_fanout_async', 'fanout', 'async'],
    ['RpcTest.test_async_function_multi_fanout_remote', 'fanout', 'remote'],
  ])('%s: is answered when its future is complete (%s, %s)', (_, name, mode) => {
    const row = rows[name];
    if (row === undefined) throw new Error(`There is no row "${name}".`);
    distInit(
      function* body(rank) {
        const args = row.args(yield* ones(), nextOf(rank + 1));
        const sum = yield* callBy(mode, nextOf(rank), { args, fn: row.fn });
        expect(sum).toMatchObject({ data: [row.sum, row.sum] });
      },
      functions,
      { schedules: 1 },
    );
  });
});

describe('a function that is not asynchronous and returns a future', () => {
  test.each<[string, Mode]>([
    ['RpcTest.test_return_future', 'sync'],
    ['RpcTest.test_return_future_async', 'async'],
    ['RpcTest.test_return_future_remote', 'remote'],
  ])('%s: cannot send it (%s)', (_, mode) => {
    distInit(function* body(rank) {
      const error = yield* raised(
        callBy(mode, nextOf(rank), {
          args: [nextOf(rank + 1)],
          fn: returnFuture,
        }),
      );
      expect(error).toEqual([
        'RuntimeError',
        expect.stringContaining('Can not pickle torch.futures.Future'),
      ]);
    }, functions);
  });
});

test('an exception that is set as the result of a future is sent as a value', () => {
  const setsException = rpc.asyncExecution(function* setsException(): Program<Future<number>> {
    const future = yield* rpc.future<number>();
    yield* future.setException(valueError('Expected error'));
    expect(yield* raised(future.wait())).toEqual(['ValueError', 'Expected error']);
    return future;
  });
  distInit(
    function* body(rank) {
      const value = yield* rpc.sync(nextOf(rank), setsException, []);
      expect(value).toEqual({
        type: 'rpc.exception',
        message: 'Expected error',
        name: 'ValueError',
      });
    },
    { setsException },
  );
});

test('a request that waits for a future holds no thread of the pool', () => {
  const waits = rpc.asyncExecution(function* waits(caller: string): Program<Future<string>> {
    return yield* rpc.async(caller, name, []);
  });
  function* name(): Program<string> {
    return (yield* rpc.getWorkerInfo()).name;
  }
  distInit(
    function* body(rank) {
      expect(yield* rpc.sync(`worker${rank}`, waits, [`worker${rank}`])).toBe(`worker${rank}`);
    },
    { name, waits },
    { poolSize: 1 },
  );
});
