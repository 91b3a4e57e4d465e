/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
/** PyTorch's tests of calls and references that the inventory leaves out. */
import { expect, test } from 'vitest';

import {
  autogradFunction,
  distAutograd,
  globals,
  processGroup,
  rpc,
  torch,
} from '../../actors/index.ts';
import type { ContextId, RRef } from '../../actors/index.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import { seconds } from '../../src/index.ts';
import type { NodeId, Program } from '../../src/index.ts';
import { gradientIn, leafOf } from './backward-passes.ts';
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

test('DistAutogradTest.test_nested_context: a thread is in one context', () => {
  distInit(
    function* body() {
      yield* distAutograd.context(function* outer() {
        const inner = distAutograd.context(function* inside() {
          yield* rpc.sleep(0);
        });
        expect((yield* raised(inner))?.[1]).toContain(
          'Already have an autograd context id for this thread',
        );
      });
    },
    {},
    once,
  );
});

test('DistAutogradTest.test_backward_invalid_args: roots that are none', () => {
  distInit(
    function* body() {
      yield* distAutograd.context(function* inside(id) {
        const back = (context: unknown, roots: unknown) =>
          raised(distAutograd.backward(context as never, roots as never));
        const none = ['TypeError', expect.stringContaining('incompatible function arguments')];
        const says = (text: string) => ['RuntimeError', expect.stringContaining(text)];
        expect(yield* back(id, undefined)).toEqual(none);
        expect(yield* back(undefined, undefined)).toEqual(none);
        expect(yield* back(id, [])).toEqual(says('No tensors provided for gradient computation'));
        expect(yield* back(id, [yield* ones()])).toEqual(says('requires_grad not set on'));
        expect(yield* back(id, [yield* leafOf([3, 3])])).toEqual(
          says('is not a scalar, all roots need to be scalar'),
        );
        expect(yield* back(id, [yield* leafOf([1])])).toEqual(
          says('does not have a valid gradient function'),
        );
      });
    },
    {},
    once,
  );
});

test('DistAutogradTest.test_backward_multiple_roots: the gradients of four roots add up', () => {
  distInit(
    function* body() {
      const [a, b] = [yield* leafOf([3, 3], 1), yield* leafOf([3, 3], 2)];
      const found: unknown[] = [];
      for (const isLocal of [true, false]) {
        const apply = function* (op: 'add' | 'div' | 'mul', ...args: readonly [Tensor, Tensor]) {
          const made = isLocal ? torch[op](...args) : rpc.sync(next, torch[op], args);
          return yield* torch.sum(yield* made);
        };
        yield* distAutograd.context(function* inside(id) {
          const roots = [yield* apply('add', a, b), yield* apply('mul', a, b)];
          roots.push(yield* apply('div', a, b));
          yield* distAutograd.backward(id, roots);
          found.push([yield* gradientIn(id, a), yield* gradientIn(id, b)]);
        });
      }
      expect(found[0]).toEqual(found[1]);
    },
    {},
    once,
  );
});

test('DistAutogradTest.test_backward_node_failure_python_udf: the last of a chain of calls died', () => {
  function* nested(a: Tensor, b: Tensor, [to, ...others]: readonly string[]): Program<Tensor> {
    return to === undefined ? yield* myAdd(a, b) : yield* rpc.sync(to, nested, [a, b, others]);
  }
  distInit(
    function* body() {
      yield* distAutograd.context(function* inside(id) {
        const [a, b] = [yield* leafOf([2], 1), yield* leafOf([2], 2)];
        const sum = yield* rpc.sync(next, nested, [a, b, ['worker2']]);
        yield* rpc.sleep(10);
        const found = yield* raised(distAutograd.backward(id, [yield* torch.sum(sum)]));
        expect(found?.[1]).toMatch(/Error on Node [0-9]+: .*(ECONNREFUSED|more than set timeout)/);
      });
    },
    { nested },
    {
      ...once,
      leaksNothing: false,
      network: { toDownNode: 'refused' },
      // cast -- what `nodeId` of the runtime gives
      plan: [{ after: seconds(5), fault: { node: 'worker2' as NodeId, type: 'crash' } }],
      rpcTimeout: seconds(5),
      workers: 3,
    },
  );
});

test('DistAutogradTest.test_clean_context_during_backward: a pass ends its own context, and no worker', () => {
  function* endContext(_ctx: unknown, grad: Tensor): Program<Tensor> {
    const id = yield* globals.get<ContextId>('id');
    if (id !== undefined) yield* distAutograd.releaseContext(id);
    return grad;
  }
  const ending = autogradFunction('MyBackwardFunc', {
    backward: endContext,
    forward: (_ctx, input: Tensor) => torch.clone(input),
  });
  distInit(
    function* body() {
      const id = yield* distAutograd.newContext();
      yield* globals.set('id', id);
      let sum = yield* leafOf([2], 1);
      for (let hop = 0; hop < 5; hop += 1) sum = yield* rpc.sync(next, torch.add, [sum, sum]);
      const loss = yield* torch.sum(yield* ending.apply(sum));
      for (let pass = 0; pass < 2; pass += 1) {
        expect((yield* raised(distAutograd.backward(id, [loss])))?.[1]).toMatch(
          /no longer valid|Could not find autograd context/,
        );
      }
      expect(yield* rpc.sync(next, torch.add, [yield* ones(), 1])).toMatchObject(two);
    },
    { endContext },
    { ...once, leaksNothing: false },
  );
});
