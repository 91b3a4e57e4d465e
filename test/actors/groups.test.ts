/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole programs that it runs */
/** Groups under faults and in unusual orders, as PyTorch behaves and hardened. */
import { describe, expect, test } from 'vitest';

import { globals, profileNames, rpc } from '../../actors/index.ts';
import type { ClusterSetting, RRef } from '../../actors/index.ts';
import { clusterView } from '../../actors/view.ts';
import { ms, seconds } from '../../src/index.ts';
import type { Functions, PlannedFault, Program } from '../../src/index.ts';
import { groupOf, runGroup } from './group-programs.ts';
import type { GroupRun, Mains } from './group-programs.ts';

const seven = (): number => 7;

function* callOn(path: readonly string[]): Program<number> {
  const [next, ...rest] = path;
  if (next !== undefined) return yield* rpc.sync(next, callOn, [rest]);
  yield* rpc.sleep(1);
  return 1;
}

function* keep(rref: RRef<number>): Program<void> {
  yield* globals.set('kept', rref);
}

const functions: Functions = { callOn, keep, seven };

function* shutDown(): Program<void> {
  yield* rpc.shutdown({ ignoreLeak: false });
}

/** In order, and under two random schedules. */
function runsOf(mains: Mains, setting: ClusterSetting): readonly GroupRun[] {
  return [undefined, 1, 2].map((seed) => runGroup(groupOf(mains, functions, setting), seed));
}

function crash(worker: string, ...then: readonly PlannedFault[]): ClusterSetting {
  // cast -- the name of a node in a plan
  const first = { after: seconds(1), fault: { type: 'crash', node: worker as never } } as const;
  return { plan: [first, ...then] };
}

describe.each(profileNames)('%s', (profile) => {
  const joined: ClusterSetting = { profile, start: 'joined' };

  test('a graceful shutdown waits for calls that call on', () => {
    const calling = function* calling(): Program<void> {
      yield* rpc.async('worker1', callOn, [['worker2', 'worker0', 'worker1']]);
      yield* shutDown();
    };
    for (const { ends, run } of runsOf([calling, shutDown, shutDown], joined)) {
      expect(ends).toEqual([undefined, undefined, undefined]);
      expect(clusterView(run.world).every(({ isQuiet }) => isQuiet)).toBe(true);
    }
  });

  test('a gather is over also where a member brings nothing', () => {
    const bring = (object: unknown) => () => rpc.allGather(object);
    const gathered = { worker0: null, worker1: 7 };
    for (const { ends } of runsOf([bring(undefined), bring(7)], joined)) {
      expect(ends).toEqual([gathered, gathered]);
    }
  });

  test('a graceful shutdown leaks no reference that is still held', () => {
    const holding = function* holding(): Program<void> {
      const rref = yield* rpc.remote('worker1', seven, []);
      yield* globals.set('mine', rref);
      yield* rpc.sync('worker2', keep, [rref]);
      yield* shutDown();
    };
    for (const { ends } of runsOf([holding, shutDown, shutDown], joined)) {
      expect(ends).toEqual([undefined, undefined, undefined]);
    }
  });

  test('a process starts three agents, one after the other', () => {
    const thrice = function* thrice(rank: number): Program<number> {
      let sum = 0;
      for (let life = 0; life < 3; life += 1) {
        yield* rpc.initRpc(`worker${rank}`, { rank, worldSize: 2 });
        const rref = yield* rpc.remote(`worker${1 - rank}`, seven, []);
        sum += yield* rref.toHere({ timeout: 5 });
        yield* rpc.shutdown();
      }
      return sum;
    };
    for (const { ends } of runsOf([thrice, thrice], { profile })) expect(ends).toEqual([21, 21]);
  });

  test('a worker joins while another one leaves', () => {
    const mains: Mains = [
      function* first(rank) {
        yield* rpc.initRpc('w0', { rank });
        yield* rpc.sleep(9);
        return (yield* rpc.getWorkerInfos()).map(({ name }) => name);
      },
      function* second(rank) {
        yield* rpc.sleep(1);
        yield* rpc.initRpc('w1', { rank });
        yield* rpc.sleep(1);
        yield* rpc.shutdown();
      },
      function* third(rank) {
        yield* rpc.sleep(2);
        yield* rpc.initRpc('w2', { rank });
        yield* rpc.sleep(5);
        return (yield* rpc.getWorkerInfos()).map(({ name }) => name);
      },
    ];
    for (const { ends } of runsOf(mains, { profile })) {
      expect(ends).toEqual([['w0', 'w2'], undefined, ['w0', 'w2']]);
    }
  });

  test('a process that starts again after a crash is another one, and knows nobody', () => {
    // cast -- the name of a node in a plan
    const restart = {
      after: ms(500),
      fault: { type: 'restart', node: 'worker1' as never },
    } as const;
    const start = function* start(rank: number): Program<number> {
      yield* rpc.initRpc(`w${rank}`, { rank, worldSize: 2 });
      yield* rpc.sleep(3);
      return yield* rpc.sync('w1', seven, [], { timeout: 4 });
    };
    for (const { ends } of runsOf([start, start], { profile, ...crash('worker1', restart) })) {
      expect(ends).toEqual(['ECONNRESET: connection reset by peer', 'Socket Timeout']);
    }
  });
});

test('a barrier whose member crashes is given up, or waits for ever', () => {
  const mains: Mains = [() => rpc.waitAllWorkers(), () => rpc.waitAllWorkers(), () => rpc.sleep(9)];
  const ends = profileNames.map((profile) => {
    const setting = { profile, start: 'joined', ...crash('worker2') } as const;
    return runsOf(mains, setting).map((run) => run.ends);
  });
  const [asPyTorch = [], hardened = []] = ends;
  for (const each of asPyTorch) expect(each).toEqual(['waits', 'waits']);
  for (const each of hardened) {
    expect(each).toEqual([
      expect.stringContaining('RPC ran for more than'),
      expect.stringContaining('worker0 has given it up'),
    ]);
  }
});
