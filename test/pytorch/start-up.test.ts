/** PyTorch's tests of the start of an agent (group A of the inventory), and of calls after its end (group C). */
import { expect, test } from 'vitest';

import { processGroup, rpc, torch } from '../../actors/index.ts';
import type { BackendOptions, BackendStart, InitOptions } from '../../actors/index.ts';
import type { Program } from '../../src/index.ts';
import { myAdd, ones, raised } from './bodies.ts';
import type { FixtureOptions } from './fixture.ts';
import { distInit, nextOf } from './fixture.ts';

function constructOptions(): BackendOptions {
  return rpc.rpcBackendOptions({}, 'StubOptions');
}

function stub(start: BackendStart): BackendStart {
  return start;
}

const apart: FixtureOptions = { leaksNothing: true, schedules: 1, start: 'apart' };

function* init(rank: number, options: InitOptions = {}): Program<void> {
  yield* rpc.initRpc(`worker${rank}`, { rank, worldSize: 4, ...options });
}

test('RpcTest.test_duplicate_name: no two workers have one name', () => {
  distInit(
    function* body(rank) {
      const start = rpc.initRpc('duplicate_name', { rank, worldSize: 4 });
      expect(yield* raised(start)).toEqual([
        'RuntimeError',
        expect.stringMatching(
          /^RPC worker name duplicate_name is not unique. Workers \d and \d share the same name.$/,
        ),
      ]);
    },
    {},
    apart,
  );
});

test('RpcTest.test_duplicate_name_2: all see that two workers have one name', () => {
  distInit(
    function* body(rank) {
      const start = rpc.initRpc(`worker${rank % 3}`, { rank, worldSize: 4 });
      expect(yield* raised(start)).toEqual([
        'RuntimeError',
        expect.stringMatching(/^RPC worker name worker0 is not unique. Workers (0 and 3|3 and 0)/),
      ]);
    },
    {},
    apart,
  );
});

test('RpcTest.test_reinit: an agent is started once', () => {
  distInit(
    function* body(rank) {
      yield* init(rank);
      yield* processGroup.init({ rank, worldSize: 4 });
      yield* processGroup.barrier();
      expect(yield* raised(init(rank))).toEqual(['RuntimeError', 'RPC is already initialized']);
      yield* rpc.shutdown();
    },
    {},
    apart,
  );
});

test('RpcTest.test_reinit: over TCP, the port of the first worker is in use', () => {
  distInit(
    function* body(rank) {
      const rpcBackendOptions = rpc.tensorPipeRpcBackendOptions({
        initMethod: 'tcp://127.0.0.1:23456',
      });
      yield* init(rank, { rpcBackendOptions });
      const again = yield* raised(init(rank, { rpcBackendOptions }));
      expect(again).toEqual([
        'RuntimeError',
        rank === 0 ? 'Address already in use' : 'RPC is already initialized',
      ]);
      yield* rpc.shutdown();
    },
    {},
    apart,
  );
});

test('RpcTest.test_pg_init_no_rpc_init: there is no reference without an agent', () => {
  distInit(
    function* body(rank) {
      yield* processGroup.init({ rank, worldSize: 4 });
      expect(yield* raised(rpc.rref(yield* ones()))).toEqual([
        'RuntimeError',
        'Current RPC agent is not set! Did you initialize the RPC framework (e.g. by calling `rpc.init_rpc`)?',
      ]);
    },
    {},
    apart,
  );
});

test('RpcTest.test_invalid_names: a name is made of letters, digits, and -, _, :', () => {
  const refusals = ['abc*', ' ', '', 'a'.repeat(500)].map((name) => {
    try {
      return rpc.workerInfo(name, 0);
    } catch (thrown) {
      return thrown;
    }
  });
  for (const name of ['must match', 'must be non-empty', 'shorter than 128']) {
    expect(refusals).toEqual(
      refusals.map(() => expect.objectContaining({ message: expect.stringContaining(name) })),
    );
  }
  expect(rpc.workerInfo('a-b_c:9', 7)).toEqual({ id: 7, name: 'a-b_c:9' });
  distInit(
    function* body() {
      const start = rpc.initRpc('abc*', { rank: 0, worldSize: 1 });
      expect(yield* raised(start)).toEqual([
        'RuntimeError',
        'Worker name must match ^[A-Za-z0-9-_:]*$, and must be non-empty and shorter than 128 chars, but got abc*',
      ]);
    },
    {},
    { ...apart, workers: 1 },
  );
});

test('RpcTest.test_init_pg_then_rpc: a process group comes before RPC', () => {
  distInit(
    function* body(rank) {
      yield* processGroup.init({ rank, worldSize: 4 });
      yield* init(rank);
      expect(yield* rpc.sync(nextOf(rank), torch.add, [yield* ones(), 1])).toMatchObject({
        data: [2, 2],
      });
      yield* processGroup.barrier();
      yield* rpc.shutdown();
    },
    {},
    apart,
  );
});

test('RpcTest.test_init_rpc_then_pg: a process group comes after RPC', () => {
  distInit(
    function* body(rank) {
      yield* init(rank);
      yield* processGroup.init({ rank, worldSize: 4 });
      expect(yield* rpc.sync(nextOf(rank), torch.add, [yield* ones(), 1])).toMatchObject({
        data: [2, 2],
      });
      yield* processGroup.barrier();
      yield* rpc.shutdown();
    },
    {},
    apart,
  );
});

test('RpcTest.test_init_rpc_twice: an agent comes after an agent', () => {
  distInit(
    function* body(rank) {
      yield* processGroup.init({ rank, worldSize: 4 });
      yield* init(rank);
      yield* rpc.shutdown();
      // Wait for all to have shut down.
      yield* processGroup.barrier();
      const rpcBackendOptions = rpc.tensorPipeRpcBackendOptions({ initMethod: 'file:///another' });
      yield* init(rank, { rpcBackendOptions });
      yield* processGroup.barrier();
      const two = { data: [2, 2] };
      expect(yield* rpc.sync(nextOf(rank), torch.add, [yield* ones(), 1])).toMatchObject(two);
      expect(yield* rpc.sync(nextOf(rank), myAdd, [yield* ones(), 1])).toMatchObject(two);
      yield* rpc.shutdown();
    },
    { myAdd },
    apart,
  );
});

test('RpcTest.test_wrong_types: a backend and its options are of their types', () => {
  distInit(
    function* body(rank) {
      // casts -- what a test does on purpose
      const backend = 'TENSORPIPE' as never;
      expect(yield* raised(init(rank, { backend }))).toEqual([
        'TypeError',
        'Argument backend must be a member of BackendType',
      ]);
      const rpcBackendOptions = { initMethod: 'env://' } as never;
      const given = { backend: rpc.BackendType.TENSORPIPE, rpcBackendOptions };
      expect(yield* raised(init(rank, given))).toEqual([
        'TypeError',
        'Argument rpc_backend_options must be an instance of RpcBackendOptions',
      ]);
    },
    {},
    apart,
  );
});

test('RpcTest.test_cannot_infer_backend_from_options: options say which backend they are for', () => {
  distInit(
    function* body(rank) {
      const rpcBackendOptions = rpc.rpcBackendOptions({}, 'FooBackendOptions');
      expect(yield* raised(init(rank, { rpcBackendOptions }))).toEqual([
        'TypeError',
        expect.stringContaining('Could not infer backend for options'),
      ]);
    },
    {},
    apart,
  );
});

test('TensorPipeAgentRpcTest.test_mismatched_type_for_options: a backend takes options of its own', () => {
  distInit(
    function* body(rank) {
      const rpcBackendOptions = rpc.rpcBackendOptions({}, 'FooBackendOptions');
      const backend = rpc.BackendType.TENSORPIPE;
      expect(yield* raised(init(rank, { backend, rpcBackendOptions }))).toEqual([
        'TypeError',
        expect.stringContaining('`rpc_backend_options` must be a `TensorPipeRpcBackendOptions`'),
      ]);
    },
    {},
    apart,
  );
});

test('RpcTest.test_register_rpc_backend_and_set_and_start_rpc_backend: a backend of the user is called', () => {
  const handlers = { constructOptions, init: stub };
  distInit(
    function* body(rank) {
      const backend = yield* rpc.registerBackend('stub_backend', handlers);
      expect(yield* raised(rpc.registerBackend('stub_backend', handlers))).toEqual([
        'RuntimeError',
        'RPC backend stub_backend: already registered',
      ]);
      yield* init(rank, { backend });
      expect(yield* raised(rpc.getWorkerInfos())).toBeDefined();
    },
    { constructOptions, stub },
    apart,
  );
});

test('RpcTest.test_shutdown_followed_by_rpc: nobody calls without an agent', () => {
  distInit(
    function* body(rank) {
      const two = { data: [2, 2] };
      expect(yield* rpc.sync(nextOf(rank), torch.add, [yield* ones(), 1])).toMatchObject(two);
      yield* rpc.shutdown();
      expect(yield* raised(rpc.sync(nextOf(rank), torch.add, [yield* ones(), 1]))).toEqual([
        'RuntimeError',
        'RPC has not been initialized. Call torch.distributed.rpc.init_rpc first.',
      ]);
    },
    {},
    { ...apart, start: 'joined' },
  );
});
