/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
/** PyTorch's tests of calls and references that the inventory leaves out. */
import { expect, test } from 'vitest';

import { processGroup, rpc, torch } from '../../actors/index.ts';
import type { RRef } from '../../actors/index.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import { seconds } from '../../src/index.ts';
import type { Program } from '../../src/index.ts';
import { myAdd, ones, raised } from './bodies.ts';
import type { FixtureOptions } from './fixture.ts';
import { distInit } from './fixture.ts';

const once: FixtureOptions = { ranks: [0], schedules: 1, workers: 2 };
const two = { data: [2, 2] };
const next = 'worker1';

test('RpcTest.test_self_add: a worker calls itself by what it is told of itself', () => {
  distInit(
    function* body() {
      const own = yield* rpc.getWorkerInfo();
      const future = yield* rpc.async(own, torch.add, [yield* ones(), 1]);
      expect(yield* rpc.sync(own, torch.add, [yield* ones(), 1])).toMatchObject(two);
      expect(yield* future.wait()).toMatchObject(two);
    },
    {},
    once,
  );
});

test('RpcTest.test_py_user_defined: arguments are given by name', () => {
  const sumOf = (a: number, b: number, c: number): number => a + 10 * b + 100 * c;
  distInit(
    function* body() {
      const call = rpc.sync as (...given: readonly unknown[]) => Program<unknown>;
      expect(yield* call(next, sumOf, [], { kwargs: { c: 3, a: 1, b: 2 } })).toBe(321);
    },
    { sumOf },
    once,
  );
});

test('RpcTest.test_py_function_exception: one argument too many is a TypeError', () => {
  function noResult(): void {}
  distInit(
    function* body() {
      const call = rpc.sync as (...given: readonly unknown[]) => Program<unknown>;
      expect(yield* raised(call(next, noResult, [10]))).toEqual([
        'TypeError',
        expect.stringContaining('noResult() takes 0 positional arguments but 1 was given'),
      ]);
    },
    { noResult },
    once,
  );
});

test('RpcTest.test_py_tensors_multi_async_call: many calls under way at once', () => {
  distInit(
    function* body() {
      const futures = [];
      for (let size = 0; size < 8; size += 1) {
        const square = yield* torch.ones([size, size]);
        futures.push(yield* rpc.async(next, myAdd, [square, square]));
      }
      for (const [size, sum] of (yield* rpc.waitAll(futures)).entries()) {
        expect(sum).toMatchObject({
          data: Array<number>(size * size).fill(2),
          shape: [size, size],
        });
      }
    },
    { myAdd },
    once,
  );
});

test('RpcTest.test_rpc_return_rref: a reference to a third worker is returned', () => {
  function* makeOn(to: string): Program<RRef<Tensor>> {
    return yield* rpc.remote(to, torch.add, [yield* ones(), 1]);
  }
  distInit(
    function* body() {
      const rref = yield* rpc.sync(next, makeOn, ['worker2']);
      expect(yield* rref.toHere()).toMatchObject(two);
    },
    { makeOn },
    { ...once, workers: 3 },
  );
});

test('RpcTest.test_local_rref_no_fork: a reference that nobody else has', () => {
  distInit(
    function* body() {
      expect(yield* (yield* rpc.rref(35)).localValue()).toBe(35);
    },
    {},
    once,
  );
});

test('RpcTest.test_return_local_rrefs: a list of references to what the callee has', () => {
  function* makeAll(values: readonly number[]): Program<readonly RRef<number>[]> {
    const all = [];
    for (const value of values) all.push(yield* rpc.rref(value));
    return all;
  }
  function* increment(rref: RRef<number>, by: number): Program<void> {
    yield* rref.setLocalValue((yield* rref.localValue()) + by);
  }
  function* read(rref: RRef<number>): Program<number> {
    return yield* rref.localValue();
  }
  distInit(
    function* body() {
      const rrefs = yield* rpc.sync(next, makeAll, [[1, 2, 3]]);
      for (const rref of rrefs) yield* rpc.sync(rref.owner(), increment, [rref, 10]);
      const values = [];
      for (const rref of rrefs) values.push(yield* rpc.sync(rref.owner(), read, [rref]));
      expect(values).toEqual([11, 12, 13]);
    },
    { increment, makeAll, read },
    once,
  );
});

test('RpcTest.test_rref_type_slow_init: the type of what is not yet there is waited for', () => {
  function* slowAdd(tensor: Tensor, other: number): Program<Tensor> {
    yield* rpc.sleep(1);
    return yield* torch.add(tensor, other);
  }
  distInit(
    function* body() {
      const rref = yield* rpc.remote(next, slowAdd, [yield* ones(), 1]);
      expect(yield* rref.getType()).toBe('torch.Tensor');
    },
    { slowAdd },
    once,
  );
});

test('RpcTest.test_wait_all_exit_early_builtin: the error of an operator ends the wait for all', () => {
  function* never(): Program<void> {
    yield* (yield* rpc.future<undefined>()).wait();
  }
  distInit(
    function* body() {
      const stuck = yield* rpc.async(next, never, []);
      const add = function* () {
        return yield* rpc.async(next, torch.add, [yield* ones(10), yield* ones(5)]);
      };
      const futures = [stuck, yield* add(), yield* add()];
      expect(yield* raised(rpc.waitAll<unknown>(futures))).toEqual([
        'RuntimeError',
        expect.stringContaining('size of tensor'),
      ]);
    },
    { never },
    { ...once, leaksNothing: false, rpcTimeout: seconds(0) },
  );
});

test('TensorPipeAgentRpcTest.test_infer_backend_from_options, test_set_and_get_num_worker_threads', () => {
  distInit(
    function* body(rank) {
      const rpcBackendOptions = rpc.tensorPipeRpcBackendOptions({ numWorkerThreads: 27 });
      yield* rpc.initRpc(`worker${rank}`, { rank, rpcBackendOptions, worldSize: 2 });
      expect((yield* rpc.getDebugInfo())['agent.thread_pool_size']).toBe('27');
      yield* rpc.shutdown();
    },
    {},
    { schedules: 1, start: 'apart', workers: 2 },
  );
});

test('TensorPipeAgentRpcTest.test_dynamic_and_static_init_rpc_together: a static group takes nobody else', () => {
  distInit(
    function* body(rank) {
      yield* processGroup.init({ rank, worldSize: 3 });
      if (rank < 2) yield* rpc.initRpc(`worker${rank}`, { rank, worldSize: 2 });
      yield* processGroup.barrier();
      if (rank === 2) {
        expect(yield* raised(rpc.initRpc('worker2', { rank }))).toEqual([
          'RuntimeError',
          expect.stringContaining(
            'RPC group mixes statically and dynamically initialized members which is not supported.',
          ),
        ]);
      }
    },
    {},
    { leaksNothing: false, schedules: 1, start: 'apart', workers: 3 },
  );
});

test('TensorPipeAgentRpcTest.test_dynamic_rpc_init_rpc: a group that changes begins and ends', () => {
  const { run } = distInit(
    function* body(rank) {
      yield* rpc.initRpc(`worker${rank}`, { rank });
      yield* rpc.shutdown();
    },
    {},
    { schedules: 1, start: 'apart', workers: 2 },
  );
  expect(run.ended).toBe('quiescent');
});

test('RpcTest.test_all_gather: all learn of all', () => {
  const { values } = distInit(
    function* body(rank) {
      return yield* rpc.allGather(rank);
    },
    {},
    { schedules: 1, start: 'joined', workers: 3 },
  );
  const all = { worker0: 0, worker1: 1, worker2: 2 };
  expect(values).toEqual([all, all, all]);
});

test('RpcTest.test_rref_proxy_tensor: methods of a tensor on another worker', () => {
  distInit(
    function* body() {
      const rref = yield* rpc.remote(next, torch.add, [yield* torch.ones([2, 2]), 4]);
      expect(yield* rref.rpcSync().size()).toEqual([2, 2]);
      expect(yield* (yield* rref.rpcAsync().add(1)).wait()).toMatchObject({ data: [6, 6, 6, 6] });
      const negative = yield* rref.remote().neg();
      expect(yield* negative.toHere()).toMatchObject({ data: [-5, -5, -5, -5] });
    },
    {},
    once,
  );
});

test('RpcTest.test_stress_heavy_rpc: calls that work for long, many at once', () => {
  function* heavy(tensor: Tensor): Program<number> {
    let value = tensor;
    for (let turn = 1; turn < 5; turn += 1) {
      value = yield* torch.div(yield* torch.mul(value, turn), turn + 1);
    }
    return 0;
  }
  distInit(
    function* body() {
      const futures = [];
      for (let nr = 0; nr < 10; nr += 1) {
        futures.push(yield* rpc.async(next, heavy, [yield* torch.ones([10, 10])]));
      }
      expect(yield* rpc.waitAll(futures)).toEqual(Array<number>(10).fill(0));
    },
    { heavy },
    once,
  );
});
