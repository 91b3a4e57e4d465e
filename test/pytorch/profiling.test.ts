/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
/** PyTorch's tests of the profiler under each kind of call (group L of the inventory). */
import { describe, expect, test } from 'vitest';

import { profiler, timedEvents, torch } from '../../actors/index.ts';
import type { ProfiledEvent } from '../../actors/index.ts';
import type { Program } from '../../src/index.ts';
import { ones } from './bodies.ts';
import type { Finished } from './fixture.ts';
import { distInit } from './fixture.ts';
import { callOnce, eventOf, functions, mySleep, myScript } from './profiled.ts';
import type { Mode, Workload } from './profiled.ts';

test('RpcTest.test_build_rpc_profiling_key: a key says how, what, from where and to where', () => {
  for (const mode of ['sync', 'async', 'remote'] as const) {
    const key = profiler.buildProfilingKey({
      callee: 'worker1',
      caller: 'worker0',
      fn: 'foo',
      mode,
    });
    expect(key).toBe(`rpc_${mode}#foo(worker0 -> worker1)`);
  }
});

describe('each kind of call under a profiler', () => {
  type Kind = 'builtin' | 'script' | 'udf';

  const kinds: Readonly<Record<Kind, Pick<Workload, 'fn' | 'name'>>> = {
    builtin: { fn: torch.mul, name: 'aten::mul' },
    script: { fn: myScript, name: '__torch__.myScript' },
    udf: { fn: mySleep, name: 'mySleep' },
  };

  function* argsOf(kind: Kind): Program<readonly unknown[]> {
    if (kind === 'udf') return [1];
    return kind === 'script' ? [yield* ones(1)] : [yield* ones(1), yield* ones(1)];
  }

  test.each<[string, Mode, Kind]>([
    ['RpcTest.test_profiler_with_sync_rpc_udf', 'sync', 'udf'],
    ['RpcTest.test_profiler_with_sync_rpc_builtin', 'sync', 'builtin'],
    ['RpcTest.test_profiler_with_async_rpc_udf', 'async', 'udf'],
    ['RpcTest.test_profiler_with_async_rpc_builtin', 'async', 'builtin'],
    ['RpcTest.test_profiler_with_remote_udf', 'remote', 'udf'],
    ['RpcTest.test_profiler_with_remote_builtin', 'remote', 'builtin'],
    ['RpcTest.test_profiler_with_script_async_rpc', 'async', 'script'],
    ['RpcTest.test_profiler_with_script_sync_rpc', 'sync', 'script'],
    ['RpcTest.test_profiler_with_script_remote_rpc', 'remote', 'script'],
  ])('%s: one event with its key, and those of the callee', (_, mode, kind) => {
    expect(finishedRuns(mode, kind, 16)).toBeGreaterThan(0);
  });

  test.each<[string, Mode, Kind]>([
    ['RpcTest.test_profiler_with_sync_rpc_udf_single_threaded', 'sync', 'udf'],
    ['RpcTest.test_profiler_with_sync_rpc_builtin_single_threaded', 'sync', 'builtin'],
    ['RpcTest.test_profiler_with_async_rpc_udf_single_threaded', 'async', 'udf'],
    ['RpcTest.test_profiler_with_async_rpc_builtin_single_threaded', 'async', 'builtin'],
    ['RpcTest.test_profiler_with_remote_udf_single_threaded', 'remote', 'udf'],
    ['RpcTest.test_profiler_with_remote_builtin_single_threaded', 'remote', 'builtin'],
    ['RpcTest.test_profiler_with_script_async_rpc_single_threaded', 'async', 'script'],
    ['RpcTest.test_profiler_with_script_sync_rpc_single_threaded', 'sync', 'script'],
    ['RpcTest.test_profiler_with_script_remote_rpc_single_threaded', 'remote', 'script'],
  ])('%s: with one thread in each pool', (_, mode, kind) => {
    expect(finishedRuns(mode, kind, 1)).toBeGreaterThan(0);
  });

  /** Runs the call in all ways that the test has, and gives how many; each is looked at. */
  function finishedRuns(mode: Mode, kind: Kind, poolSize: number): number {
    const receivers = mode === 'remote' ? ['worker2', 'worker1'] : ['worker2'];
    const workload = kinds[kind];
    for (const to of receivers) {
      const nodeId = Number(to.at(-1));
      const { run, values } = distInit(
        function* body() {
          const args = yield* argsOf(kind);
          const call = { ...workload, args, mode, to };
          const bare = yield* profiler.profile(() => callOnce(call));
          const scoped = yield* profiler.profile(() =>
            profiler.recordFunction('foo', () => callOnce(call)),
          );
          return [bare.events, scoped.events];
        },
        functions,
        { poolSize, ranks: [1] },
      );
      // cast -- what the body returned
      const [bare = [], scoped = []] = values[1] as readonly (readonly ProfiledEvent[])[];
      for (const events of [bare, scoped]) {
        const call = eventOf(events, `rpc_${mode}`);
        expect(call).toMatchObject({
          name: `rpc_${mode}#${workload.name}(worker1 -> ${to})`,
          nodeId: 1,
        });
        const others = events.filter(({ isRemote }) => isRemote);
        expect(others.length).toBeGreaterThanOrEqual(1);
        for (const other of others) expect(other.nodeId).toBe(nodeId);
      }
      expectScope(run, scoped, mode);
    }
    return receivers.length;
  }

  function expectScope(run: Finished['run'], events: readonly ProfiledEvent[], mode: Mode): void {
    const timed = timedEvents(run, events);
    const index = (part: string) => timed.findIndex(({ name }) => name.includes(part));
    expect(index('foo')).toBeLessThan(index(`rpc_${mode}`));
    const [scope, call] = [timed[index('foo')], timed[index(`rpc_${mode}`)]];
    expect(scope?.startUs).toBeLessThanOrEqual(call?.startUs ?? -1);
    expect(endOf(scope)).toBeGreaterThanOrEqual(endOf(call));
    expect(call?.parent).toBe(scope?.id);
  }

  function endOf(event?: { readonly durationUs: number; readonly startUs?: number }): number {
    return (event?.startUs ?? Number.NaN) + (event?.durationUs ?? Number.NaN);
  }
});
