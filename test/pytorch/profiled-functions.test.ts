/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
/** PyTorch's tests of what the profiler brings back from peers (group L of the inventory). */
import { expect, test } from 'vitest';

import { distAutograd, profiler, rpc, torch } from '../../actors/index.ts';
import type { ProfiledEvent } from '../../actors/index.ts';
import type { Program } from '../../src/index.ts';
import { ones, raised } from './bodies.ts';
import { distInit } from './fixture.ts';
import {
  childrenOf,
  eventOf,
  functions,
  mySleep,
  remoteOp,
  remoteOps,
  slowAsyncAdd,
  udfWithTorchOps,
} from './profiled.ts';

test('RpcTest.test_profiler_rpc_key_names: calls at the same time keep their own keys', () => {
  function* profiled(to: string): Program<readonly ProfiledEvent[]> {
    const { events } = yield* profiler.profile(function* call() {
      yield* (yield* rpc.async(to, udfWithTorchOps, [])).wait();
    });
    return events.filter(({ isRemote }) => isRemote);
  }
  distInit(
    function* body() {
      for (const rank of [0, 2, 3]) {
        const to = `worker${rank}`;
        // Two threads of this worker at once.
        const both = [
          yield* rpc.async('worker1', profiled, [to]),
          yield* rpc.async('worker1', profiled, [to]),
        ];
        for (const events of yield* rpc.waitAll(both)) {
          const key = `rpc_async#udfWithTorchOps(worker1 -> ${to})`;
          expect(events.map(({ name }) => name)).toEqual(
            remoteOps.map((op) => `${key}${remoteOp}${op}`),
          );
          for (const { nodeId } of events) expect(nodeId).toBe(rank);
        }
      }
    },
    { ...functions, profiled },
    { ranks: [1] },
  );
});

test.each<[string, number]>([
  ['RpcTest.test_profiler_remote_events_profiled', 16],
  ['RpcTest.test_profiler_remote_events_profiled_single_threaded', 1],
])('%s: the events of the callee come back', (_, poolSize) => {
  distInit(
    function* body() {
      for (const rank of [0, 2, 3]) {
        const to = `worker${rank}`;
        const { events } = yield* profiler.profile(function* call() {
          return yield* (yield* rpc.async(to, udfWithTorchOps, [])).wait();
        });
        const key = `rpc_async#udfWithTorchOps(worker1 -> ${to})`;
        expect(eventOf(events, 'rpc_async').name).toBe(key);
        const others = events.filter(({ isRemote }) => isRemote);
        expect(others.map(({ name }) => name)).toEqual(
          remoteOps.map((op) => `${key}${remoteOp}${op}`),
        );
        expect(new Set(others.map(({ nodeId }) => nodeId))).toEqual(new Set([rank]));
      }
    },
    functions,
    { poolSize, ranks: [1] },
  );
});

test.each<[string, number]>([
  ['RpcTest.test_rpc_profiling_async_function', 16],
  ['RpcTest.test_rpc_profiling_async_function_single_threaded', 1],
])('%s: a call that an asynchronous function makes is recorded too', (_, poolSize) => {
  distInit(
    function* body() {
      const [left, right] = [yield* ones(), yield* ones()];
      const { events } = yield* profiler.profile(function* call() {
        const future = yield* rpc.async('worker2', slowAsyncAdd, ['worker3', left, right], {
          timeout: 20,
        });
        yield* future.wait();
      });
      const outer = 'rpc_async#slowAsyncAdd(worker1 -> worker2)';
      const inner = 'rpc_async#slowAdd(worker2 -> worker3)';
      const others = events.filter(({ isRemote }) => isRemote);
      expect(others.map(({ name, nodeId }) => [name, nodeId])).toEqual([
        [`${outer}${remoteOp}${inner}`, 2],
        [`${outer}${remoteOp}${inner}${remoteOp}aten::add`, 3],
      ]);
    },
    functions,
    { poolSize, ranks: [1] },
  );
});

test('RpcTest.test_rpc_profiling_remote_record_function: a scope of the callee has its operators', () => {
  distInit(
    function* body() {
      const local = yield* profiler.profile(() => udfWithTorchOps(true));
      const expected = childrenOf(local.events, eventOf(local.events, '##forward##'));
      expect(expected).toEqual(remoteOps);
      for (const rank of [0, 2, 3]) {
        const { events } = yield* profiler.profile(function* call() {
          yield* (yield* rpc.async(rank, udfWithTorchOps, [true])).wait();
        });
        const scopes = events.filter(({ name }) => name.includes('##forward##'));
        expect(scopes).toMatchObject([{ isRemote: true, nodeId: rank }]);
        for (const scope of scopes) expect(childrenOf(events, scope)).toEqual(expected);
      }
    },
    functions,
    { ranks: [1] },
  );
});

test.each<[string, number]>([
  ['RpcTest.test_profiler_with_autograd_context', 16],
  ['RpcTest.test_profiler_with_autograd_context_single_threaded', 1],
])('%s: profiling goes around autograd around the call', (_, poolSize) => {
  const { run } = distInit(
    function* body() {
      function* workload(): Program<void> {
        const one = yield* torch.tensor([1], { requiresGrad: true });
        yield* (yield* rpc.async('worker2', torch.mul, [one, one])).wait();
      }
      const profile = () => profiler.profile(workload);
      const profiles = [
        yield* distAutograd.context(profile),
        yield* profiler.profile(() => distAutograd.context(workload)),
      ];
      for (const { events } of profiles) {
        const others = events.filter(({ isRemote }) => isRemote);
        expect(others).toMatchObject([
          { name: `rpc_async#aten::mul(worker1 -> worker2)${remoteOp}aten::mul`, nodeId: 2 },
        ]);
      }
    },
    functions,
    { poolSize, ranks: [1] },
  );
  const nested = run.steps.flatMap(({ choice }) =>
    choice?.type === 'deliver' ? [nestingOf(choice.event)] : [],
  );
  expect(nested).toContain('RUN_WITH_PROFILING_REQ > FORWARD_AUTOGRAD_REQ > SCRIPT_CALL');
  expect(nested).toContain('RUN_WITH_PROFILING_RESP > FORWARD_AUTOGRAD_RESP > SCRIPT_RET');
});

function nestingOf(message: unknown): string {
  const { inner, type } = message as { readonly inner?: unknown; readonly type: string };
  return inner === undefined ? type : `${type} > ${nestingOf(inner)}`;
}

test('RpcTest.test_server_process_global_profiler: all requests within a range are recorded', () => {
  function* enter(): Program<number> {
    return yield* profiler.enterServerProcessGlobalProfile();
  }
  function* exit(range: number): Program<readonly (readonly ProfiledEvent[])[]> {
    return yield* profiler.exitServerProcessGlobalProfile(range);
  }
  distInit(
    function* body() {
      const [x, y] = [yield* torch.tensor([1]), yield* torch.tensor([2])];
      const outer = yield* rpc.sync('worker1', enter, []);
      yield* rpc.sync('worker1', torch.add, [x, y]);
      const inner = yield* rpc.sync('worker1', enter, []);
      yield* rpc.sync('worker1', torch.sub, [x, y]);
      const innerEvents = yield* rpc.sync('worker1', exit, [inner]);
      const outerEvents = yield* rpc.sync('worker1', exit, [outer]);
      const namesOf = (results: readonly (readonly ProfiledEvent[])[]) =>
        results.flat().map(({ name }) => name);
      expect(namesOf(innerEvents)).toEqual(['aten::sub']);
      expect(namesOf(outerEvents).toSorted()).toEqual(['aten::add', 'aten::sub']);
    },
    { enter, exit },
    { ranks: [0] },
  );
});

test('RpcTest.test_async_record_function_double_end_callbacks: a scope ends once', () => {
  distInit(
    function* body() {
      const { events } = yield* profiler.profile(function* call() {
        const future = yield* profiler.recordFunction('foo', function* scope(handle) {
          const called = yield* rpc.async('worker0', mySleep, [1]);
          const both = yield* handle.callEndCallbacksOnFuture(called);
          const error = yield* raised(handle.callEndCallbacksOnFuture(called));
          expect(error?.[0]).toBe('RuntimeError');
          expect(error?.[1]).toMatch(/can only be called once\./);
          return both;
        });
        expect(yield* future.wait()).toMatchObject({ data: [1] });
      });
      eventOf(events, 'foo');
    },
    functions,
    { ranks: [1] },
  );
});
