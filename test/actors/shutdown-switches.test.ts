/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole programs that it runs */
/** Each switch of shutdown by the smallest program whose end it changes. */
import { expect, test } from 'vitest';

import { distAutograd, globals, rpc, torch } from '../../actors/index.ts';
import type { ClusterSetting, SwitchName } from '../../actors/index.ts';
import { callsAtEnd } from '../../examples/tutorials/shutting-down.ts';
import { check, defineSystem, seconds, sizeOf, zero } from '../../src/index.ts';
import type { Functions, Program } from '../../src/index.ts';
import { groupOf, runGroup } from './group-programs.ts';
import type { GroupRun, Mains } from './group-programs.ts';

const seven = (): number => 7;

function* slow(duration: number): Program<number> {
  yield* rpc.sleep(duration);
  return duration;
}

function* shutDown(): Program<void> {
  yield* rpc.shutdown();
}

interface Programs {
  readonly functions?: Functions;
  readonly mains: Mains;
  readonly setting?: ClusterSetting;
}

/** The run in order with the switch on, and with it off. */
function runsOf(name: SwitchName, { functions = {}, mains, setting = {} }: Programs) {
  const run = (isOn: boolean): GroupRun =>
    runGroup(
      groupOf(mains, functions, {
        profile: 'hardened',
        start: 'joined',
        ...setting,
        switches: { ...setting.switches, [name]: isOn },
      }),
    );
  return { off: run(false), on: run(true) };
}

test('shutdown.noFailureDetection: who died is not waited for without end', () => {
  const { off, on } = runsOf('shutdown.noFailureDetection', {
    mains: [
      function* late() {
        yield* rpc.sleep(2);
        yield* rpc.shutdown();
      },
      (rank) => slow(rank * 9),
    ],
    // cast -- the name of a node in a plan
    setting: { plan: [{ after: seconds(1), fault: { type: 'crash', node: 'worker1' as never } }] },
  });
  expect(on.ends).toEqual(['waits']);
  expect(off.ends).toEqual([expect.stringContaining('RPC ran for more than set timeout')]);
});

test('shutdown.swallowBarrierError: an error of the barrier ends the shutdown', () => {
  const { off, on } = runsOf('shutdown.swallowBarrierError', {
    mains: [
      () => rpc.shutdown({ timeout: 1 }),
      function* late() {
        yield* rpc.sleep(5);
        yield* rpc.shutdown({ timeout: 1 });
      },
    ],
  });
  expect(on.ends).toEqual([undefined, undefined]);
  expect(off.ends).toEqual([
    expect.stringContaining('Timed out waiting in _all_gather'),
    expect.stringContaining('connection'),
  ]);
});

/** A call is under way when its caller shuts down: its future is read afterwards. */
const openCall: Programs = {
  functions: { slow },
  mains: [
    function* calling() {
      const future = yield* rpc.async('worker1', slow, [5]);
      yield* rpc.shutdown();
      return yield* future.wait();
    },
    shutDown,
  ],
};

test.each(['term.localIdle', 'term.queueEmptyMeansIdle'] as const)(
  '%s: nobody leaves while somebody has a call under way',
  (name) => {
    const { off, on } = runsOf(name, openCall);
    expect(on.ends).toEqual([expect.stringMatching(/connection reset|pipe closed/), undefined]);
    expect(off.ends).toEqual([5, undefined]);
  },
);

test('term.retryNotCounted: a message that waits for its retry keeps its sender', () => {
  const { off, on } = runsOf('term.retryNotCounted', {
    functions: { seven },
    mains: [
      function* calling() {
        yield* distAutograd.context(function* inContext() {
          yield* torch.tensor([1], { requiresGrad: true });
          yield* rpc.sync('worker1', seven, []);
        });
        yield* rpc.shutdown();
      },
      shutDown,
    ],
    setting: {
      backend: { messagesToFail: ['CLEANUP_AUTOGRAD_CONTEXT_REQ'], numFailSends: 1 },
      // Else the context that stays is given up in time.
      switches: { 'da.noLease': true },
    },
  });
  const contexts = ({ workers }: GroupRun) =>
    workers.map(({ autograd }) => sizeOf(autograd.contexts));
  expect(contexts(on)).toEqual([0, 1]);
  expect(contexts(off)).toEqual([0, 0]);
});

/** The message that ends a reference waits for its retry when the agent stops. */
const openRetry: Programs = {
  functions: { seven },
  mains: [
    function* calling() {
      const rref = yield* rpc.remote('worker1', seven, []);
      yield* rref.toHere();
      yield* rref.drop();
      yield* rpc.sleep(0.1);
      yield* rpc.shutdown({ graceful: false });
    },
    () => undefined,
  ],
  setting: { backend: { messagesToFail: ['RREF_USER_DELETE'], numFailSends: 1 } },
};

test('agent.retryThrowsAfterStop: a retry on an agent that has stopped does no harm', () => {
  const { off, on } = runsOf('agent.retryThrowsAfterStop', openRetry);
  expect(on.announced).toContain('framework.failed');
  expect(off.announced).not.toContain('framework.failed');
});

test('agent.retryCheckThenAct: nothing waits for a retry that never comes', () => {
  const { off, on } = runsOf('agent.retryCheckThenAct', openRetry);
  const pending = ({ workers }: GroupRun) => workers.map(({ rrefs }) => rrefs.numPendingFutures);
  expect(pending(on)).toEqual([1, 0]);
  expect(pending(off)).toEqual([0, 0]);
});

test('rref.contextSurvivesShutdown: references of a second life are deleted', () => {
  const { off, on } = runsOf('rref.contextSurvivesShutdown', {
    functions: { seven },
    mains: [0, 1].map(
      (id) =>
        function* twice(rank: number) {
          yield* rpc.shutdown();
          yield* rpc.initRpc(`worker${rank}`, { rank, worldSize: 2 });
          if (id === 1) {
            yield* rpc.sleep(3);
            return (yield* rpc.getDebugInfo()).num_owner_rrefs;
          }
          const rref = yield* rpc.remote('worker1', seven, []);
          return yield* rref.toHere();
        },
    ),
  });
  expect(on.ends).toEqual([7, '1']);
  expect(off.ends).toEqual([7, '0']);
});

test('term.noFreeze: nobody leaves while three workers call one another on (P7)', () => {
  const broken = [true, false].map((isOn) => {
    const definition = callsAtEnd({
      network: { latency: [zero] },
      poolSize: 2,
      profile: 'hardened',
      switches: { 'term.noFreeze': isOn },
    });
    const { violations } = check(defineSystem(definition), {
      schedules: isOn ? 400 : 40,
      seed: 1,
      shrink: false,
      strategy: 'random',
    });
    return violations.map(({ property }) => property);
  });
  expect(broken).toEqual([['P7'], []]);
});

test('term.lateReferenceNotCounted: what came after the sweep is given back, though somebody keeps it', () => {
  function* keep() {
    yield* rpc.sleep(1);
    yield* globals.set('kept', yield* rpc.remote('worker0', seven, []));
  }
  const { off, on } = runsOf('term.lateReferenceNotCounted', {
    functions: { keep, seven },
    mains: [
      function* keepThere() {
        yield* rpc.async('worker1', keep, []);
        yield* rpc.shutdown();
      },
      shutDown,
    ],
    setting: { poolSize: 2 },
  });
  const leaks = ({ workers }: GroupRun) => workers.map(({ rrefs }) => rrefs.hasLeaked ?? false);
  expect([on.ends, off.ends]).toEqual([
    [undefined, undefined],
    [undefined, undefined],
  ]);
  expect({ off: leaks(off), on: leaks(on) }).toEqual({ off: [false, false], on: [true, false] });
});

test('a worker that leaves a group which changes gives back what came while it said so', () => {
  function* makeLater() {
    yield* rpc.sleep(2);
    yield* globals.set('kept', yield* rpc.remote('a', seven, []));
  }
  const { ends, workers } = runGroup(
    groupOf(
      [
        function* stay() {
          yield* rpc.initRpc('a', { rank: 0 });
          yield* rpc.sleep(1);
          yield* rpc.sync('b', makeLater, []);
          yield* rpc.sleep(1);
          return 'stayed';
        },
        function* leave() {
          yield* rpc.initRpc('b', { rank: 1 });
          yield* rpc.sleep(2);
          yield* rpc.shutdown();
          return 'left';
        },
      ],
      { makeLater, seven },
      { poolSize: 2, profile: 'hardened' },
    ),
  );
  expect(ends).toEqual(['stayed', 'left']);
  expect(workers.map(({ rrefs }) => sizeOf(rrefs.forks))).toEqual([0, 0]);
});
