/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
/** PyTorch's tests of the directory, names and options (group A of the inventory), and of what is reported. */
import { expect, test } from 'vitest';

import { rpc, torch } from '../../actors/index.ts';
import type { WorkerInfo } from '../../machines/rpc/user/user-request.ts';
import { seconds } from '../../src/index.ts';
import type { Program } from '../../src/index.ts';
import { myAdd, ones, raised } from './bodies.ts';
import { distInit, nextOf } from './fixture.ts';

function* whoAmI(): Program<WorkerInfo> {
  return yield* rpc.getWorkerInfo();
}

test('RpcTest.test_worker_id: a worker knows itself and its peers by their names', () => {
  distInit(function* body(rank) {
    const peer = (rank + 1) % 4;
    expect(yield* rpc.getWorkerInfo()).toEqual({ id: rank, name: `worker${rank}` });
    expect(yield* rpc.getWorkerInfo(`worker${peer}`)).toEqual({ id: peer, name: `worker${peer}` });
    expect(yield* raised(rpc.getWorkerInfo('WorkerUnknown'))).toEqual([
      'RuntimeError',
      expect.stringContaining('could not find destination'),
    ]);
  }, {});
});

test('RpcTest.test_get_worker_infos: the directory has all names and ids', () => {
  distInit(function* body() {
    const infos = yield* rpc.getWorkerInfos();
    expect(infos).toEqual([0, 1, 2, 3].map((id) => ({ id, name: `worker${id}` })));
  }, {});
});

test('RpcTest.test_send_to_rank: a rank names a worker, if there is one', () => {
  distInit(
    function* body(rank) {
      const peer = (rank + 1) % 4;
      expect(yield* rpc.sync(peer, torch.add, [yield* ones(), 1])).toMatchObject({ data: [2, 2] });
      const future = yield* rpc.async(peer, myAdd, [yield* ones(), 1]);
      expect(yield* future.wait()).toMatchObject({ data: [2, 2] });
      const rref = yield* rpc.remote(peer, myAdd, [yield* ones(), 1]);
      expect(yield* rref.toHere()).toMatchObject({ data: [2, 2] });
      for (const unknown of [5, -1]) {
        expect(yield* raised(rpc.sync(unknown, myAdd, [yield* ones(), 1]))).toEqual([
          'RuntimeError',
          expect.stringContaining('could not find destination'),
        ]);
      }
      expect(yield* raised(rpc.async(peer + 0.5, myAdd, [yield* ones(), 1]))).toEqual([
        'ValueError',
        `Cannot get WorkerInfo from name ${peer + 0.5}`,
      ]);
    },
    { myAdd },
    { schedules: 1 },
  );
});

test('RpcTest.test_int_callee: the callee sees its own id', () => {
  distInit(
    function* body(rank) {
      const peer = (rank + 1) % 4;
      expect((yield* rpc.sync(peer, whoAmI, [])).id).toBe(peer);
    },
    { whoAmI },
  );
});

test('RpcTest.test_add_with_id: a worker is named by what the directory says of it', () => {
  distInit(function* body(rank) {
    const info = yield* rpc.getWorkerInfo(nextOf(rank));
    expect(yield* rpc.sync(info, torch.add, [yield* ones(), 1])).toMatchObject({ data: [2, 2] });
  }, {});
});

test('RpcTest.test_worker_info_pickle: what the directory says can be sent', () => {
  const same = (info: WorkerInfo): WorkerInfo => info;
  distInit(
    function* body(rank) {
      const info = yield* rpc.getWorkerInfo();
      expect(yield* rpc.sync(nextOf(rank), same, [info])).toEqual(info);
    },
    { same },
  );
});

test('RpcTest.test_world_size_one: a worker alone calls itself in all ways', () => {
  distInit(
    function* body() {
      expect(yield* rpc.sync('worker0', myAdd, [yield* ones(), 1])).toMatchObject({ data: [2, 2] });
      const future = yield* rpc.async('worker0', myAdd, [yield* ones(), 1]);
      expect(yield* future.wait()).toMatchObject({ data: [2, 2] });
      const rref = yield* rpc.remote('worker0', myAdd, [yield* ones(), 1]);
      expect(yield* rref.toHere()).toMatchObject({ data: [2, 2] });
    },
    { myAdd },
    { workers: 1 },
  );
});

test('TensorPipeAgentRpcTest.test_tensorpipe_set_default_timeout: the option can be read', () => {
  distInit(
    function* body() {
      expect(yield* rpc.getRpcTimeout()).toBe(100);
    },
    {},
    { rpcTimeout: seconds(100) },
  );
});

test('TensorPipeAgentRpcTest.test_tensorpipe_options_throw_on_timedelta_timeout: a time-out is a number', () => {
  distInit(function* body() {
    // cast -- what a test does on purpose
    const delta = { seconds: 10 } as unknown as number;
    expect(yield* raised(rpc.setRpcTimeout(delta))).toEqual([
      'TypeError',
      expect.stringContaining('incompatible function arguments'),
    ]);
    expect(() => rpc.tensorPipeRpcBackendOptions({ rpcTimeout: delta })).toThrow(
      'incompatible constructor arguments',
    );
  }, {});
});

test('RpcTest.test_debug_info: all infos are one', () => {
  distInit(
    function* body() {
      expect(yield* rpc.getDebugInfo()).toMatchObject({
        'agent.client_active_calls': '0',
        'agent.num_idle_threads': '16',
        'agent.server_active_async_calls': '0',
        'agent.server_active_calls': '0',
        'agent.thread_pool_size': '16',
        num_autograd_contexts: 0,
        num_current_backward_passes: 0,
        num_forks: '0',
        num_owner_rrefs: '0',
        num_pending_futures: '0',
        num_pending_users: '0',
      });
    },
    {},
    { ranks: [0] },
  );
});

test('RpcTest.test_disable_gil_profiling: the wait for the interpreter is told only where it is watched', () => {
  distInit(function* body() {
    const key = 'agent.gil_average_wait_time_us';
    expect(yield* rpc.getDebugInfo()).not.toHaveProperty([key]);
    yield* rpc.enableGilProfiling(true);
    expect(yield* rpc.getDebugInfo()).toHaveProperty([key]);
  }, {});
});

test('RpcTest.test_handle_send_exceptions: a call of a peer that is gone fails, and does not hang', () => {
  distInit(
    function* body(rank) {
      if (rank !== 1) return;
      yield* rpc.sync('worker0', whoAmI, []);
      yield* rpc.sleep(2);
      expect(yield* raised(rpc.sync('worker0', whoAmI, [], { timeout: 0 }))).toEqual([
        'RuntimeError',
        expect.stringMatching(/^ECONN|^EPIPE|^eof/),
      ]);
    },
    { whoAmI },
    {
      network: { toDownNode: 'refused' },
      // cast -- the name of a node in a plan
      plan: [{ after: seconds(1), fault: { type: 'crash', node: 'worker0' as never } }],
      ranks: [1],
      schedules: 0,
    },
  );
});
