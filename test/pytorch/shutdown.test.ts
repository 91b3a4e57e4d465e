/** PyTorch's tests of gathers, barriers and shutdown (group J of the inventory). */
import { expect, test } from 'vitest';

import { globals, processGroup, rpc, runtimeError, torch } from '../../actors/index.ts';
import type { Future } from '../../actors/index.ts';
import type { Program } from '../../src/index.ts';
import { perform, seconds } from '../../src/index.ts';
import { myAdd, ones, raised } from './bodies.ts';
import type { FixtureOptions } from './fixture.ts';
import { distInit, nextOf } from './fixture.ts';

// oxlint-disable-next-line require-yield -- it stands in for a program
function* raiseInSweep(): Program<void> {
  throw runtimeError('simulation rref');
}

const joined: FixtureOptions = { schedules: 1, start: 'joined' };
const names = ['worker0', 'worker1', 'worker2', 'worker3'];

/** PyTorch's takes long; here time is virtual. */
function* heavyRpc(turns: number): Program<number> {
  yield* rpc.sleep(turns / 10);
  return 0;
}

function* manyCalls(to: string, count: number): Program<readonly Future<number>[]> {
  const futures: Future<number>[] = [];
  for (let turn = 0; turn < count; turn += 1) {
    futures.push(yield* rpc.async(to, heavyRpc, [turn]));
  }
  return futures;
}

test('RpcTest.test_wait_all_workers_timeout: a shutdown whose members are slow raises', () => {
  distInit(
    function* body(rank) {
      yield* processGroup.init({ rank, worldSize: 4 });
      expect(yield* raised(rpc.shutdown({ timeout: 0.01 }))).toEqual([
        'RuntimeError',
        expect.stringMatching(/RPC ran for more than|timed out in _all_gather/),
      ]);
      yield* processGroup.barrier();
    },
    {},
    // What members have of a gather that failed stays with them.
    { ...joined, backend: { messagesToDelay: { PYTHON_CALL: 0.5 } }, leaksNothing: false },
  );
});

function waitAllWorkers(rounds: number): readonly unknown[] {
  const { values } = distInit(
    function* body(rank) {
      for (let round = 0; round < rounds; round += 1) {
        if (rank === 0) yield* manyCalls('worker1', 8);
        yield* rpc.waitAllWorkers();
      }
      yield* rpc.shutdown({ graceful: false });
      return rounds;
    },
    { heavyRpc },
    // What was under way when the agents stopped is lost.
    { ...joined, leaksNothing: false },
  );
  return values;
}

test('RpcTest.test_wait_all_workers_dense: workers wait for one another under load', () => {
  expect(waitAllWorkers(1)).toEqual([1, 1, 1, 1]);
});

test('RpcTest.test_wait_all_workers_twice_dense: and once more', () => {
  expect(waitAllWorkers(2)).toEqual([2, 2, 2, 2]);
});

test('RpcTest.test_all_gather_timeout: a leader names those that were late', () => {
  distInit(
    function* body(rank) {
      yield* rpc.setRpcTimeout(0.1);
      const [name, text = ''] = (yield* raised(rpc.allGather(rank))) ?? [];
      expect(name).toBe('RuntimeError');
      expect(text).toMatch(
        rank === 0 ? /timed out in _all_gather after 0\.10 seconds/ : /RPC ran for more than/,
      );
    },
    {},
    // What members have of a gather that failed stays with them.
    { ...joined, backend: { messagesToDelay: { PYTHON_CALL: 0.5 } }, leaksNothing: false },
  );
});

const count = 'barrier count';

function* resetCount(): Program<void> {
  yield* globals.set(count, 0);
}

function* incrementCount(): Program<void> {
  yield* globals.locked(count, function* increment() {
    yield* globals.set(count, ((yield* globals.get<number>(count)) ?? 0) + 1);
  });
}

/** How many of these have come to a barrier when its leader passes it. */
function* meet(members: readonly string[], me: string): Program<number | undefined> {
  const [leader = ''] = members.toSorted();
  yield* rpc.sync(leader, resetCount, []);
  yield* rpc.barrier(members);
  yield* rpc.sync(leader, incrementCount, []);
  yield* rpc.barrier(members);
  const come = yield* globals.get<number>(count);
  if (me !== leader) return undefined;
  // Also under those schedules whose values nobody looks at.
  if (come !== members.length) throw runtimeError(`${String(come)} have come`);
  return come;
}

function* meetOnThread(): Program<void> {
  yield* rpc.barrier(names);
  yield* rpc.barrier(names);
}

test('RpcTest.test_rpc_barrier_all: nobody passes before the last has come', () => {
  const { values } = distInit(
    function* body(rank) {
      return yield* meet(names, `worker${rank}`);
    },
    { incrementCount, resetCount },
    joined,
  );
  expect(values).toEqual([4, undefined, undefined, undefined]);
});

test('RpcTest.test_rpc_barrier_subset: two sets of workers meet apart', () => {
  const { values } = distInit(
    function* body(rank) {
      const members = names.filter((_, id) => id % 2 === rank % 2);
      return yield* meet(members, `worker${rank}`);
    },
    { incrementCount, resetCount },
    joined,
  );
  expect(values).toEqual([2, 2, undefined, undefined]);
});

test('RpcTest.test_rpc_barrier_partial_subset: some meet, others come alone', () => {
  const { values } = distInit(
    function* body(rank) {
      const me = `worker${rank}`;
      return yield* meet(rank % 2 === 0 ? [me] : ['worker1', 'worker3'], me);
    },
    { incrementCount, resetCount },
    joined,
  );
  expect(values).toEqual([1, 2, 1, undefined]);
});

test('RpcTest.test_rpc_barrier_multithreaded: several threads of each worker meet', () => {
  const { values } = distInit(
    function* body(rank) {
      const me = `worker${rank}`;
      const threads: Future<void>[] = [];
      for (let thread = 0; thread < 3; thread += 1) {
        threads.push(yield* rpc.async(me, meetOnThread, [], { timeout: 0 }));
      }
      return (yield* rpc.waitAll(threads)).length;
    },
    { meetOnThread },
    joined,
  );
  expect(values).toEqual([3, 3, 3, 3]);
});

test('RpcTest.test_graceful_shutdown_with_uneven_workload: who has nothing to do waits for the others', () => {
  distInit(
    function* body(rank) {
      if (rank === 0) {
        for (const to of ['worker1', 'worker2']) {
          expect(yield* rpc.waitAll(yield* manyCalls(to, 12))).toEqual(Array(12).fill(0));
        }
      }
      yield* rpc.shutdown({ ignoreLeak: false });
    },
    { heavyRpc },
    joined,
  );
});

test('RpcTest.test_local_shutdown: an agent ends by itself', () => {
  distInit(
    function* body() {
      yield* rpc.shutdown({ graceful: false });
      expect(yield* raised(rpc.shutdown({ graceful: false }))).toEqual([
        'RuntimeError',
        'RPC has not been initialized. Call torch.distributed.rpc.init_rpc first.',
      ]);
    },
    {},
    joined,
  );
});

test('RpcTest.test_local_shutdown_with_rpc: an agent ends by itself after calls', () => {
  distInit(
    function* body(rank) {
      yield* processGroup.init({ rank, worldSize: 4 });
      expect(yield* rpc.sync(nextOf(rank), myAdd, [yield* ones(), 1])).toMatchObject({
        data: [2, 2],
      });
      yield* processGroup.barrier();
      yield* rpc.shutdown({ graceful: false });
    },
    { myAdd },
    joined,
  );
});

test('RpcTest.test_shutdown_errors: whatever raises, the agent has ended', () => {
  const tell = 'torch.distributed.rpc.api._broadcast_to_followers';
  function* tellAndRaise(...args: readonly unknown[]): Program<void> {
    yield* perform<unknown>({ type: 'program.call', args, fn: tell });
    throw runtimeError('simulation');
  }
  distInit(
    function* body(rank) {
      yield* processGroup.init({ rank, worldSize: 4 });
      const parts = { deleteAllUsersAndUnforkedOwners: raiseInSweep };
      expect(yield* raised(rpc.shutdown(rank === 0 ? {} : { parts }))).toEqual([
        'RuntimeError',
        rank === 0
          ? expect.stringMatching(
              /^Followers \['worker1', 'worker2', 'worker3'\] timed out in _all_gather after 0.00 seconds/,
            )
          : 'simulation rref',
      ]);
      yield* processGroup.barrier();
      expect(yield* raised(rpc.sync('worker0', torch.add, [yield* ones(), 1]))).toBeDefined();
    },
    { tellAndRaise },
    {
      ...joined,
      leaksNothing: false,
      patches: Object.fromEntries(
        names.slice(1).map((name) => [name, { [tell]: 'tellAndRaise' }] as const),
      ),
      rpcTimeout: seconds(60),
    },
  );
});
