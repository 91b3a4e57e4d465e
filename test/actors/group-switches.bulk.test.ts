/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole programs that it runs */
/** Each switch of groups by the smallest program whose end it changes. */
import { describe, expect, test } from 'vitest';

import { distAutograd, processGroup, rpc, torch } from '../../actors/index.ts';
import type { ClusterSetting, SwitchName, SwitchSettings } from '../../actors/index.ts';
import { check, deliverAfter, ms, zero } from '../../src/index.ts';
import type { Functions, NetworkOptions, NetworkRule, Program } from '../../src/index.ts';
import { groupOf, runGroup } from './group-programs.ts';
import type { Mains } from './group-programs.ts';

const seven = (): number => 7;

function* slow(duration: number): Program<number> {
  yield* rpc.sleep(duration);
  return duration;
}

function* hasGroup(): Program<boolean> {
  return yield* processGroup.isInitialized();
}

function* callInContext(to: string): Program<number> {
  return yield* distAutograd.context(function* inContext() {
    yield* torch.tensor([1], { requiresGrad: true });
    return yield* rpc.sync(to, seven, []);
  });
}

interface Programs {
  readonly functions?: Functions;
  readonly mains: Mains;
  readonly setting?: ClusterSetting;
}

/** Messages take a millisecond, but for those from one node to another. */
function slowTo(from: string, to: string): NetworkOptions {
  const isSlow = (transit: Parameters<NetworkRule>[0]): boolean =>
    transit.fromNode === from && transit.toNode === to;
  return { rules: [(transit) => (isSlow(transit) ? deliverAfter(ms(40)) : undefined)] };
}

/** How the programs end with the switch on, and with it off. */
function endsOf(name: SwitchName, { functions = {}, mains, setting = {} }: Programs) {
  const [on, off] = [true, false].map((isOn) =>
    runGroup(groupOf(mains, functions, switched(setting, { [name]: isOn }))),
  );
  return { off: off?.ends, on: on?.ends };
}

function switched(setting: ClusterSetting, switches: SwitchSettings): ClusterSetting {
  return { profile: 'hardened', ...setting, switches: { ...setting.switches, ...switches } };
}

/** Whether the framework does what it must not, under any of some seeds: with the switch on, and with it off. */
function mishaps(name: SwitchName, { functions = {}, mains, setting = {} }: Programs) {
  const [on, off] = [true, false].map((isOn) => {
    const system = groupOf(mains, functions, switched(setting, { [name]: isOn }));
    return Array.from({ length: 12 }, (_, seed) => seed).some((seed) => {
      const { announced, ends } = runGroup(system, seed);
      return (
        announced.includes('framework.failed') ||
        ends.some((end) => String(end).includes('Need to'))
      );
    });
  });
  return { off, on };
}

describe('a gather', () => {
  const joined = { start: 'joined' } as const;

  test('api.allGatherIgnoresTimeout: that was not complete in time gives a part, or raises', () => {
    const { off, on } = endsOf('api.allGatherIgnoresTimeout', {
      mains: [
        () => rpc.allGather('here', { timeout: 1 }),
        function* late() {
          yield* rpc.sleep(3);
          return yield* rpc.allGather('late', { timeout: 1 });
        },
      ],
      setting: joined,
    });
    expect(on?.[0]).toEqual({ worker0: 'here' });
    expect(off).toEqual([
      'Timed out waiting in _all_gather for all members; these have come: [worker0]',
      expect.stringContaining('is over: worker0 has given it up'),
    ]);
  });

  test('api.allGatherKeyConcat: is not that of another group with names that read alike', () => {
    const init = (name: string, rank: number) => rpc.initRpc(name, { rank, worldSize: 3 });
    function* rounds(count: number): Program<void> {
      for (let round = 0; round < count; round += 1) yield* rpc.barrier(['a', 'b']);
    }
    const { off, on } = endsOf('api.allGatherKeyConcat', {
      mains: [
        function* a(rank) {
          yield* init('a', rank);
          yield* rounds(10);
          yield* rpc.sleep(1);
          return yield* rpc.allGather('a', { workerNames: ['a', 'b1'] });
        },
        function* b(rank) {
          yield* init('b', rank);
          yield* rounds(11);
        },
        function* b1(rank) {
          yield* init('b1', rank);
          yield* rpc.sleep(2);
          return yield* rpc.allGather('b1', { workerNames: ['a', 'b1'] });
        },
      ],
    });
    const both = { a: 'a', b1: 'b1' };
    const givenUp = expect.stringContaining('The gather ab10 was given up');
    expect(on).toEqual([givenUp, undefined, givenUp]);
    expect(off).toEqual([both, undefined, both]);
  });

  test('api.gatherBlocksHandler: needs no more threads than its leader has', () => {
    const mains = [0, 1, 2].map(() => () => rpc.allGather(1));
    const { off, on } = endsOf('api.gatherBlocksHandler', {
      mains,
      setting: { ...joined, poolSize: 1, switches: { 'agent.waitKeepsThread': true } },
    });
    const all = { worker0: 1, worker1: 1, worker2: 1 };
    const late = expect.stringContaining('RPC ran for more than');
    expect(on).toEqual(['waits', late, late]);
    expect(off).toEqual([all, all, all]);
  });
});

describe('a group that changes', () => {
  test('dyn.leaveIgnoresServerCalls: answers what a worker that leaves was asked before', () => {
    const { off, on } = endsOf('dyn.leaveIgnoresServerCalls', {
      functions: { slow },
      mains: [
        function* asking(rank) {
          yield* rpc.initRpc('worker0', { rank });
          yield* rpc.sleep(1);
          return yield* rpc.sync('worker1', slow, [2]);
        },
        function* leaving(rank) {
          yield* rpc.sleep(0.5);
          yield* rpc.initRpc('worker1', { rank });
          yield* rpc.sleep(1);
          yield* rpc.shutdown();
        },
      ],
    });
    expect(on?.[0]).toBe('ECONNRESET: connection reset by peer');
    expect(off?.[0]).toBe(2);
  });

  test('dyn.tokenNoFinally: can be joined after somebody could not', () => {
    const { off, on } = endsOf('dyn.tokenNoFinally', {
      mains: [
        (rank) => rpc.initRpc('first', { rank }),
        function* second() {
          yield* rpc.sleep(1);
          yield* rpc.initRpc('other', { rank: 0 });
        },
        function* third(rank) {
          yield* rpc.sleep(2);
          yield* rpc.initRpc('third', { rank });
          return (yield* rpc.getWorkerInfos()).length;
        },
      ],
    });
    const refusal =
      'RPC worker id 0 is not unique. Worker first and already has ID and other cannot be added.';
    expect(on).toEqual([undefined, refusal, 'Socket Timeout']);
    expect(off).toEqual([undefined, refusal, 2]);
  });

  test('dyn.keyReuse: a mark of an earlier holder of the token wakes nobody', () => {
    const mains: Mains = [
      (rank) => rpc.initRpc('worker0', { rank }),
      function* early() {
        yield* rpc.sleep(1);
        yield* rpc.initRpc('worker1', { rank: 1 });
        yield* rpc.shutdown();
      },
      function* again() {
        yield* rpc.sleep(5);
        yield* rpc.initRpc('worker1', { rank: 1 });
      },
      function* waiting(rank) {
        yield* rpc.sleep(5.001);
        yield* rpc.initRpc('worker3', { rank });
      },
    ];
    const calls = [true, false].map((isOn) => {
      const switches = { 'dyn.keyReuse': isOn };
      // The holder of the token is slow to tell the first worker.
      const network = slowTo('worker2', 'worker0');
      const { ends, workers } = runGroup(groupOf(mains, {}, switched({ network }, switches)));
      expect(ends).toEqual([undefined, undefined, undefined, undefined]);
      return workers.find(({ name }) => name === 'worker3')?.group.storeCalls ?? 0;
    });
    expect(calls[0]).toBeGreaterThan((calls[1] ?? 0) + 4);
  });

  test('dyn.keyReuse: two processes that join by one name both hold the token (S23)', () => {
    const mains: Mains = [
      (rank) => rpc.initRpc('worker0', { rank }),
      () => rpc.initRpc('twin', { rank: 1 }),
      () => rpc.initRpc('twin', { rank: 2 }),
    ];
    const broken = [true, false].map((isOn) => {
      const setting = switched({ network: { latency: [zero] } }, { 'dyn.keyReuse': isOn });
      const { violations } = check(groupOf(mains, {}, setting), {
        properties: ['S23'],
        schedules: 12,
        seed: 1,
        shrink: false,
        strategy: 'random',
      });
      return violations.map(({ property }) => property);
    });
    expect(broken).toEqual([['S23'], []]);
  });

  test('dyn.lockInverted: its directory is not used while it changes', () => {
    function* callAgain(): Program<number> {
      return yield* rpc.sync('worker0', seven, []);
    }
    const { off, on } = mishaps('dyn.lockInverted', {
      functions: { callAgain, seven },
      mains: [
        function* calling(rank) {
          yield* rpc.initRpc('worker0', { rank });
          yield* rpc.sleep(1);
          for (let turn = 0; turn < 12; turn += 1) yield* rpc.async('worker0', callAgain, []);
        },
        function* joining(rank) {
          yield* rpc.sleep(1);
          yield* rpc.initRpc('worker1', { rank });
        },
      ],
      setting: { network: { latency: [zero] } },
    });
    expect(on).toBe(true);
    expect(off).toBe(false);
  });
});

describe('a start', () => {
  test('init.noGroupBarrier: ends when all have come to the group, or before', () => {
    const { off, on } = endsOf('init.noGroupBarrier', {
      functions: { hasGroup },
      mains: [
        function* early(rank) {
          yield* processGroup.init({ rank, worldSize: 2 });
          return yield* rpc.sync('worker1', hasGroup, []);
        },
        function* late(rank) {
          yield* rpc.sleep(1);
          yield* processGroup.init({ rank, worldSize: 2 });
        },
      ],
      setting: { start: 'joined' },
    });
    expect(on?.[0]).toBe(false);
    expect(off?.[0]).toBe(true);
  });

  function* start(rank: number): Program<number> {
    yield* rpc.initRpc(`worker${rank}`, { rank, worldSize: 2 });
    return yield* callInContext(`worker${1 - rank}`);
  }

  test('init.startAgentFirst: a request is served by a process that is initialised', () => {
    const { off, on } = mishaps('init.startAgentFirst', {
      functions: { seven },
      mains: [start, start],
      // The second learns late that all have come.
      setting: { network: slowTo('store', 'worker1') },
    });
    expect(on).toBe(true);
    expect(off).toBe(false);
  });
});
