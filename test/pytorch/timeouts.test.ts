/** PyTorch's tests of time-outs (group I of the inventory). */
import { expect, test } from 'vitest';

import { rpc } from '../../actors/index.ts';
import type { Future, RRef } from '../../actors/index.ts';
import { ms } from '../../src/index.ts';
import type { Program } from '../../src/index.ts';
import { debugInfo, mySleep, raised, untilFlushed, untilOwnersAndForks } from './bodies.ts';
import { distInit, nextOf } from './fixture.ts';

const timedOut = ['RuntimeError', expect.stringContaining('RPC ran for more than set timeout')];

test('RpcTest.test_set_and_get_default_rpc_timeout: the default is what the options say', () => {
  distInit(
    function* body() {
      expect(yield* rpc.getRpcTimeout()).toBe(0.5);
    },
    {},
    { rpcTimeout: ms(500) },
  );
});

test('RpcTest.test_default_timeout_used: the default at the time of the call counts', () => {
  distInit(
    function* body(rank) {
      yield* rpc.setRpcTimeout(0.001);
      const futures: Future<number>[] = [];
      for (let nr = 0; nr < 10; nr += 1) {
        futures.push(yield* rpc.async(nextOf(rank), mySleep, [0.5]));
      }
      for (const future of futures) expect(yield* raised(future.wait())).toEqual(timedOut);
      // Changed after the call, it does not count.
      yield* rpc.setRpcTimeout(200);
      const patient = yield* rpc.async(nextOf(rank), mySleep, [1]);
      yield* rpc.setRpcTimeout(0.001);
      expect(yield* patient.wait()).toBe(1);
      yield* rpc.setRpcTimeout(0);
      expect(yield* rpc.sync(nextOf(rank), mySleep, [1])).toBe(1);
      yield* rpc.setRpcTimeout(60);
    },
    { mySleep },
    { schedules: 1 },
  );
});

test('RpcTest.test_rpc_timeouts: the time-out of a call comes before the default', () => {
  distInit(
    function* body(rank) {
      const to = nextOf(rank);
      expect(yield* raised(rpc.sync(to, mySleep, [1], { timeout: 0.001 }))).toEqual(timedOut);
      const future = yield* rpc.async(to, mySleep, [1], { timeout: 0.001 });
      expect(yield* raised(future.wait())).toEqual(timedOut);
      yield* rpc.setRpcTimeout(0.001);
      expect(yield* raised(rpc.sync(to, mySleep, [1]))).toEqual(timedOut);
      expect(yield* rpc.sync(to, mySleep, [1], { timeout: 5 })).toBe(1);
      expect(yield* rpc.sync(to, mySleep, [1], { timeout: 0 })).toBe(1);
      yield* rpc.setRpcTimeout(60);
    },
    { mySleep },
  );
});

test('RpcTest.test_rref_timeout: a creation that times out fails its future, and later uses', () => {
  distInit(
    function* body() {
      const rref = yield* rpc.remote('worker1', mySleep, [2], { timeout: 0.01 });
      expect(yield* raised((yield* rref.getFuture()).wait())).toEqual(timedOut);
      // A future that is asked for later says the same.
      expect(yield* raised((yield* rref.getFuture()).wait())).toEqual(timedOut);
      yield* untilFlushed();
      expect((yield* raised(rref.toHere()))?.[1]).toContain('RRef creation');
      yield* untilOwnersAndForks(1, 1, 1);
    },
    { debugInfo, mySleep },
    { ranks: [0] },
  );
});

test('a call that sleeps is not cancelled by its time-out: its answer comes late and is dropped', () => {
  const { workers } = distInit(
    function* body(): Program<void> {
      expect(yield* raised(rpc.sync('worker1', mySleep, [5], { timeout: 1 }))).toEqual(timedOut);
      expect((yield* rpc.getDebugInfo())['agent.client_active_calls']).toBe('0');
    },
    { mySleep },
    { ranks: [0], workers: 2 },
  );
  expect(workers.map(({ agent }) => agent.serverActiveCalls)).toEqual([0, 0]);
});

test.each([
  ['TensorPipeAgentRpcTest.test_rref_get_type_timeout_blocking', true],
  ['TensorPipeAgentRpcTest.test_rref_get_type_timeout_non_blocking', false],
])('%s: the type of what is not there yet comes too late', (_, blocking) => {
  distInit(
    function* body() {
      const rref = yield* rpc.remote('worker1', mySleep, [2]);
      const timeout = { timeout: 0.5 };
      const error = yield* raised(
        blocking ? rref.getType(timeout) : (yield* rref.getTypeFuture(timeout)).wait(),
      );
      expect(error).toEqual(timedOut);
    },
    { mySleep },
    { ranks: [0] },
  );
});

test('TensorPipeAgentRpcTest.test_rref_proxy_timeout: it holds for the type, and for the call', () => {
  const slow = rpc.defineClass('Slow', {
    *construct(seconds: number): Program<object> {
      yield* rpc.sleep(seconds);
      return {};
    },
    methods: {
      *sleep(_self: RRef<object>, seconds: number): Program<number> {
        return yield* mySleep(seconds);
      },
    },
  });
  distInit(
    function* body() {
      const options = { timeout: 0.01 };
      const quick = yield* rpc.remote('worker1', slow.create, [0]);
      yield* quick.getType();
      expect(yield* raised(quick.rpcSync(options).sleep(1))).toEqual(timedOut);
      expect(yield* raised((yield* quick.rpcAsync(options).sleep(1)).wait())).toEqual(timedOut);
      const made = yield* quick.remote(options).sleep(1);
      expect(yield* raised((yield* made.getFuture()).wait())).toEqual(timedOut);
      // The value is not there yet, so its type comes too late already.
      const late = yield* rpc.remote('worker1', slow.create, [1]);
      expect(yield* raised(late.rpcSync(options).sleep(0))).toEqual(timedOut);
      yield* untilFlushed();
      yield* rpc.sleep(3);
    },
    { debugInfo, mySleep },
    { classes: [slow], ranks: [0], schedules: 1 },
  );
});
