/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
/** PyTorch's tests of leaks, of debug information and of shutdown (group H of the inventory). */
import { expect, test } from 'vitest';

import { globals, rpc, torch } from '../../actors/index.ts';
import type { RRef } from '../../actors/index.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import type { Program, Run } from '../../src/index.ts';
import { arrive, barrier, ones, raised, untilFlushed } from './bodies.ts';
import { distInit, nextOf } from './fixture.ts';

/** What workers warned of. */
function warnings({ steps }: Run): readonly string[] {
  return steps.flatMap(({ happened }) =>
    happened.flatMap((fact) =>
      fact.type === 'emitted' && fact.event.type === 'rref.warned'
        ? [String(fact.event['message'])]
        : [],
    ),
  );
}

/** The end of a worker whose sweep is left out, while a peer still holds what it owns. */
function* endWithLeak(rank: number, ignoreLeak: boolean): Program<unknown> {
  const rref = yield* rpc.remote(nextOf(rank), torch.add, [yield* ones(), 1]);
  yield* rref.toHere();
  yield* untilFlushed();
  yield* barrier('made');
  const error = yield* raised(rpc.destroyRRefContext({ ignoreLeak }));
  yield* barrier('destroyed');
  return error;
}

test('RpcTest.test_rref_leak: what is left is an error that names each fork', () => {
  const { run, values } = distInit(
    function* body(rank) {
      return yield* endWithLeak(rank, false);
    },
    { arrive },
    { leaksNothing: false, schedules: 1 },
  );
  const leaks = [3, 0, 1, 2].map(
    (peer) =>
      `Leaking RRef GloballyUniqueId(created_on=${peer}, local_id=0) with fork Id ` +
      `GloballyUniqueId(created_on=${peer}, local_id=1)\n`,
  );
  expect(values).toEqual(leaks.map((leak) => ['RuntimeError', leak]));
  expect(warnings(run)).toHaveLength(4);
});

test('RpcTest.test_ignore_rref_leak: it is only a warning where leaks are ignored', () => {
  const { run, values } = distInit(
    function* body(rank) {
      return yield* endWithLeak(rank, true);
    },
    { arrive },
    { leaksNothing: false, schedules: 1 },
  );
  expect(values).toEqual([undefined, undefined, undefined, undefined]);
  expect(warnings(run)).toHaveLength(4);
});

function* setGlobalRRef(rref: RRef<unknown>): Program<void> {
  yield* globals.set('rref', rref);
}

function* clearGlobalRRef(): Program<void> {
  yield* globals.remove('rref');
}

test('RpcTest.test_rref_context_debug_info: the tables tell of what is shared', () => {
  function* counts(): Program<readonly string[]> {
    const info = yield* rpc.getDebugInfo();
    return [info.num_owner_rrefs, info.num_pending_users];
  }
  distInit(
    function* body(rank) {
      const dst = nextOf(rank);
      const own = yield* rpc.rref(rank);
      expect(yield* counts()).toEqual(['0', '0']);
      yield* barrier('begun');
      yield* rpc.sync(dst, setGlobalRRef, [own]);
      yield* untilFlushed();
      yield* barrier('shared');
      expect(yield* counts()).toEqual(['1', '0']);
      yield* barrier('seen');
      yield* rpc.sync(dst, clearGlobalRRef, []);
      while ((yield* counts())[0] !== '0') yield* rpc.sleep(0.1);
      expect((yield* counts())[1]).toBe('0');
      yield* barrier('cleared');
      const two = yield* rpc.remote(dst, torch.add, [yield* ones(), 1]);
      const three = yield* rpc.remote(dst, torch.add, [yield* ones(), 1]);
      yield* two.toHere();
      yield* three.toHere();
      yield* untilFlushed();
      yield* barrier('made');
      expect(yield* counts()).toEqual(['2', '0']);
      yield* barrier('over');
    },
    { arrive, clearGlobalRRef, setGlobalRRef },
    { schedules: 1 },
  );
});

test('RpcTest.test_debug_info: it joins what references, agent and autograd tell', () => {
  distInit(
    function* body() {
      const keys = Object.keys(yield* rpc.getDebugInfo());
      expect(new Set(keys).size).toBe(keys.length);
      expect(keys).toEqual(
        expect.arrayContaining([
          'num_owner_rrefs',
          'num_pending_futures',
          'num_pending_users',
          'num_forks',
          'agent.thread_pool_size',
          'agent.num_idle_threads',
          'agent.client_active_calls',
          'agent.server_active_calls',
          'agent.server_active_async_calls',
          'num_current_backward_passes',
          'num_autograd_contexts',
        ]),
      );
    },
    {},
    { schedules: 0 },
  );
});

test('RpcTest.test_disable_gil_profiling: how long threads wait for the lock is told on request', () => {
  distInit(
    function* body() {
      const key = 'agent.gil_average_wait_time_us';
      expect(yield* rpc.getDebugInfo()).not.toHaveProperty([key]);
      yield* rpc.enableGilProfiling(true);
      expect(yield* rpc.getDebugInfo()).toHaveProperty([key]);
    },
    {},
    { schedules: 0 },
  );
});

/** The end of a worker as a graceful shutdown has it. */
function* endGracefully(): Program<void> {
  yield* barrier('sweep');
  yield* rpc.deleteAllUsersAndUnforkedOwners();
  yield* barrier('destroy');
}

test('RpcTest.test_non_garbage_collected_user_rref_due_to_local_circular_dependency: the sweep deletes what nobody drops', () => {
  const { views } = distInit(
    function* body(rank) {
      const rref = yield* rpc.remote(nextOf(rank), torch.add, [yield* ones(), 2]);
      yield* globals.set('kept for ever', rref);
      yield* endGracefully();
      yield* rpc.destroyRRefContext({ ignoreLeak: false });
    },
    { arrive },
    { leaksNothing: false, schedules: 2 },
  );
  for (const { debugInfo } of views) {
    expect(debugInfo).toMatchObject({ confirmed_users: '0', num_forks: '0', num_owner_rrefs: '0' });
  }
});

test('RpcTest.test_use_rref_after_shutdown: a reference is of no use after the sweep', () => {
  const identity = (value: unknown): unknown => value;
  distInit(
    function* body(rank) {
      const rref = yield* rpc.remote(nextOf(rank), torch.add, [yield* ones(), 2]);
      yield* rref.toHere();
      yield* endGracefully();
      const user = `UserRRef(rref_id=GloballyUniqueId(created_on=${rank}, local_id=0), fork_id=GloballyUniqueId(created_on=${rank}, local_id=1))`;
      expect(yield* raised(rref.toHere())).toEqual([
        'RuntimeError',
        `${user} has been deleted. Cannot call to_here() on it after deletion.`,
      ]);
      expect(yield* raised(rpc.async(nextOf(rank), identity, [rref]))).toEqual([
        'RuntimeError',
        `${user} has been deleted. Cannot call fork an UserRRef after deletion.`,
      ]);
    },
    { arrive, identity },
    { schedules: 1 },
  );
});

test('a sweep warns of what is still pending or owned when its time is over, and goes on', () => {
  function* slow(): Program<Tensor> {
    yield* rpc.sleep(300);
    return yield* ones();
  }
  const { run } = distInit(
    function* body(rank) {
      if (rank === 1) return;
      const rref = yield* rpc.remote('worker1', slow, [], { timeout: 0 });
      const own = yield* rpc.rref(1);
      yield* rpc.sync('worker1', setGlobalRRef, [own]);
      yield* rpc.deleteAllUsersAndUnforkedOwners({ timeout: 2 });
      yield* rref.drop();
      yield* rpc.sync('worker1', clearGlobalRRef, []);
    },
    { clearGlobalRRef, setGlobalRRef, slow },
    { schedules: 2, workers: 2 },
  );
  expect(warnings(run)).toEqual([
    'Timed out waiting for pending UserRRefs to be confirmed by owner and parent.',
    'Timed out waiting for pending OwnerRRefs to be deleted.',
  ]);
});

test('an owner that nobody knows goes with the sweep, and nobody is told of deletes after the end', () => {
  const { run } = distInit(
    function* body(rank) {
      if (rank === 1) return;
      const rref = yield* rpc.remote('worker1', torch.add, [yield* ones(), 1]);
      yield* rref.toHere();
      yield* untilFlushed();
      yield* rpc.destroyRRefContext();
      yield* rref.drop();
    },
    {},
    { leaksNothing: false, schedules: 1, workers: 2 },
  );
  const deletes = run.steps.filter(
    ({ choice }) => choice?.type === 'deliver' && choice.event.type === 'RREF_USER_DELETE',
  );
  expect(deletes).toEqual([]);
});
