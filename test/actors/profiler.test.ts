/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
/** The profiler beside PyTorch's own tests: times, what goes wrong under it, and what stays behind. */
import { describe, expect, test } from 'vitest';

import {
  cluster,
  keyAverages,
  profiler,
  pythonError,
  rpc,
  runtimeError,
  timedEvents,
  torch,
  unpicklable,
} from '../../actors/index.ts';
import type { ClusterSetting, ProfiledEvent } from '../../actors/index.ts';
import { check, defineFunctions, defineSystem, ms, randomWalk } from '../../src/index.ts';
import type { Program } from '../../src/index.ts';
import { play, returned, systemWith } from './play.ts';

function* nap(seconds: number): Program<number> {
  yield* rpc.sleep(seconds);
  return seconds;
}

function* fail(): Program<never> {
  yield* rpc.sleep(0);
  throw pythonError('KeyboardInterrupt', 'no');
}

/** The class and the text of what a program raises. */
function* raised(program: Program<unknown>): Program<readonly string[]> {
  try {
    yield* program;
  } catch (error) {
    if (error instanceof Error) return [error.name, error.message];
  }
  return [];
}

function eventsOf(outcome: unknown): readonly ProfiledEvent[] {
  return (outcome as { readonly value: readonly ProfiledEvent[] }).value;
}

test('an event lasts as long as its call, in simulated time', () => {
  function* main(): Program<readonly ProfiledEvent[]> {
    const { events } = yield* profiler.profile(function* calls() {
      yield* profiler.recordFunction('outer', function* scope() {
        yield* rpc.sync('worker1', nap, [2]);
      });
      yield* rpc.sync('worker1', torch.add, [yield* torch.ones([1]), 1]);
    });
    return events;
  }
  const network = { latency: [ms(5)] };
  const { outcome, run } = play(systemWith({ main, nap }, { network }));
  const timed = timedEvents(run, eventsOf(outcome));
  expect(timed.map(({ durationUs, name }) => [name, durationUs])).toEqual([
    ['outer', 2_010_000],
    ['rpc_sync#nap(worker0 -> worker1)', 2_010_000],
    ['aten::ones', 0],
    ['rpc_sync#aten::add(worker0 -> worker1)', 10_000],
    ['rpc_sync#aten::add(worker0 -> worker1)#remote_op: aten::add', 0],
  ]);
  expect(keyAverages(timed).find(({ name }) => name === 'outer')).toEqual({
    averageUs: 2_010_000,
    count: 1,
    name: 'outer',
    totalUs: 2_010_000,
  });
});

test('a fetch is recorded where it is made, and asks for nothing', () => {
  function* main(): Program<readonly string[]> {
    const rref = yield* rpc.remote('worker1', nap, [1]);
    const { events } = yield* profiler.profile(() => rref.toHere());
    return events.map(({ name }) => name);
  }
  const { outcome, run } = play(systemWith({ main, nap }));
  expect(outcome).toMatchObject({ value: ['to_here#(worker0)->(worker1)'] });
  const types = run.steps.flatMap(({ happened }) =>
    happened.flatMap((each) => (each.type === 'sent' ? [each.event.type] : [])),
  );
  expect(types).not.toContain('RUN_WITH_PROFILING_REQ');
});

test('what runs after a future on behalf of a profiled thread is recorded', () => {
  function* later(): Program<unknown> {
    return yield* torch.neg(yield* torch.ones([1]));
  }
  function* main(): Program<readonly string[]> {
    const { events } = yield* profiler.profile(function* calls() {
      const future = yield* rpc.async('worker1', nap, [0]);
      yield* (yield* future.then(later)).wait();
    });
    return events.map(({ name }) => name);
  }
  expect(returned(systemWith({ later, main, nap }))).toEqual([
    'rpc_async#nap(worker0 -> worker1)',
    'aten::ones',
    'aten::neg',
  ]);
});

test('events that come after the profiler is off are lost, without an error', () => {
  function* main(): Program<readonly string[]> {
    const { events, value } = yield* profiler.profile(() => rpc.async('worker1', nap, [1]));
    expect(yield* value.wait()).toBe(1);
    return events.map(({ name }) => name);
  }
  expect(returned(systemWith({ main, nap }))).toEqual([]);
});

test('a thread has one profiler', () => {
  function* main(): Program<readonly string[]> {
    const { value } = yield* profiler.profile(() => raised(profiler.profile(() => rpc.sleep(0))));
    return value;
  }
  expect(returned(systemWith({ main }))).toEqual([
    'RuntimeError',
    'Profiler is already enabled on this thread',
  ]);
});

test('a process that records all requests refuses those that bring a profiler of their own', () => {
  function* enter(): Program<number> {
    return yield* profiler.enterServerProcessGlobalProfile();
  }
  function* main(): Program<readonly string[]> {
    yield* rpc.sync('worker1', enter, []);
    const { value } = yield* profiler.profile(() => raised(rpc.sync('worker1', nap, [0])));
    return value;
  }
  const { outcome } = play(systemWith({ enter, main, nap }));
  expect(outcome).toMatchObject({
    value: ['RuntimeError', 'Error on Node 1: Profiler is already enabled on this thread'],
  });
});

test('a call whose arguments do not pickle leaves its name behind: the next is refused', () => {
  function* main(): Program<readonly (readonly string[])[]> {
    const { value } = yield* profiler.profile(function* calls() {
      const poison = unpicklable(runtimeError('no'));
      const first = yield* raised(rpc.sync('worker1', nap, [poison as never]));
      return [first, yield* raised(rpc.sync('worker1', nap, [0]))];
    });
    return value;
  }
  expect(returned(systemWith({ main, nap }))).toEqual([
    ['RuntimeError', 'no'],
    [
      'RuntimeError',
      'Cannot call RemoteProfilerManager::setCurrentKey when current key is already set.',
    ],
  ]);
});

test('the profiler of Kineto sees who calls alone, and says so once', () => {
  function* main(): Program<readonly string[]> {
    const { events } = yield* profiler.profile(
      function* calls() {
        yield* torch.neg(yield* torch.ones([1]));
        yield* rpc.sync('worker1', nap, [0]);
        yield* rpc.sync('worker1', nap, [0]);
      },
      { kind: 'kineto' },
    );
    return events.map(({ name }) => name);
  }
  const { outcome, run } = play(systemWith({ main, nap }));
  expect(outcome).toMatchObject({ value: ['aten::ones', 'aten::neg'] });
  const warnings = run.steps.flatMap(({ happened }) =>
    happened.filter((each) => each.type === 'emitted' && each.event.type === 'profiler.warned'),
  );
  expect(warnings).toHaveLength(1);
});

describe('a recorded call that fails', () => {
  function* main(): Program<readonly string[]> {
    const { events, value } = yield* profiler.profile(() => raised(rpc.sync('worker1', fail, [])));
    expect(value).toEqual(['RuntimeError', 'KeyboardInterrupt: no']);
    return events.map(({ name }) => name);
  }

  function checked(setting: ClusterSetting) {
    const functions = defineFunctions({ fail, main });
    return check(
      defineSystem(
        cluster({
          ...setting,
          functions,
          main: { worker0: functions.toCall('main', []) },
          workers: 2,
        }),
      ),
    );
  }

  test('brings no events, and leaves its name in the process (H27)', () => {
    const { violations } = checked({ poolSize: 1 });
    expect(violations.map(({ property }) => property)).toEqual(['P1']);
  });

  test('leaves nothing where that is switched off', () => {
    const off = { 'profiler.keyOutlivesError': false } as const;
    for (const setting of [{ switches: off }, { profile: 'hardened' }] as const) {
      const { complete, violations } = checked({ poolSize: 1, ...setting });
      expect({ complete, violations }).toEqual({ complete: true, violations: [] });
    }
  });

  test('so does one that times out, and the late answer does no harm', () => {
    function* late(): Program<readonly string[]> {
      const { events } = yield* profiler.profile(() =>
        raised(rpc.sync('worker1', nap, [2], { timeout: 1 })),
      );
      return events.map(({ name }) => name);
    }
    const system = systemWith({ main: late, nap }, { profile: 'hardened' });
    expect(returned(system)).toEqual(['rpc_sync#nap(worker0 -> worker1)']);
  });
});

test('a process without a profiler is what it was', () => {
  function* main(): Program<unknown> {
    return yield* profiler.recordFunction('nothing', () => rpc.sync('worker1', nap, [1]));
  }
  for (const seed of [1, 2, 3]) {
    const { run, workers } = play(systemWith({ main, nap }), { chooser: randomWalk(seed) });
    for (const worker of workers) expect(worker).not.toHaveProperty('profiling');
    expect(JSON.stringify(run.steps)).not.toContain('PROFILING');
  }
});
