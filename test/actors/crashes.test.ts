/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
/** A worker crashes and starts again: what its peers see, and what never reaches the new process. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { rpc } from '../../actors/index.ts';
import type { ClusterOptions } from '../../actors/index.ts';
import { clusterView, workersOf } from '../../actors/view.ts';
import type { NodeId } from '../../src/core/brand.ts';
import { draws, ms, runSystem, seconds } from '../../src/index.ts';
import type { PlannedFault, Program } from '../../src/index.ts';
import { play, systemWith } from './play.ts';
import { caught } from './user-code.ts';

// cast -- the name of a node in a plan
const worker1 = 'worker1' as NodeId;

const seven = (): number => 7;

function* slow(): Program<number> {
  yield* rpc.sleep(10);
  return 10;
}

/** Worker 1 is down from one second after the start to the next. */
const plan: readonly PlannedFault[] = [
  { after: seconds(1), fault: { type: 'crash', node: worker1 } },
  { after: seconds(1), fault: { type: 'restart', node: worker1 } },
];

describe('a worker that crashed and started again', () => {
  function* main() {
    const open = yield* rpc.async('worker1', slow, []);
    yield* rpc.sleep(3);
    const first = yield* caught(rpc.sync('worker1', seven, []));
    return [first, yield* caught(open.wait()), yield* caught(rpc.sync('worker1', seven, []))];
  }
  const outcome = (options: Partial<ClusterOptions>) =>
    play(systemWith({ main, seven, slow }, { plan, ...options })).outcome;

  test('resets the pipe that led to the process before; it stays broken', () => {
    const reset = 'RuntimeError: ECONNRESET: connection reset by peer';
    expect(outcome({})).toEqual({
      type: 'returned',
      value: [reset, reset, 'RuntimeError: EPIPE: broken pipe'],
    });
  });

  test('is connected to anew by an agent that does so', () => {
    const reset = 'RuntimeError: ECONNRESET: connection reset by peer';
    expect(outcome({ profile: 'hardened' })).toEqual({
      type: 'returned',
      value: [reset, reset, 'no error but 7'],
    });
  });
});

test('a worker that is down refuses, and all that waits for it fails', () => {
  function* main() {
    const open = yield* rpc.async('worker1', slow, []);
    yield* rpc.sleep(1.5);
    const refused = yield* caught(rpc.sync('worker1', seven, []));
    return [refused, yield* caught(open.wait())];
  }
  const { outcome } = play(
    systemWith({ main, seven, slow }, { network: { toDownNode: 'refused' }, plan }),
  );
  const text = 'RuntimeError: ECONNREFUSED: connection refused';
  expect(outcome).toEqual({ type: 'returned', value: [text, text] });
});

test('an answer to the process before never reaches the one after', () => {
  function* ask(to: string): Program<string> {
    return yield* caught(rpc.sync(to, slow, [], { timeout: 30 }));
  }
  function* nine(): Program<number> {
    yield* rpc.sleep(12);
    return 9;
  }
  function* askNine(): Program<number> {
    // The first call of a process has the id 0, also after a crash: an answer to it is on its way.
    return yield* rpc.sync('worker2', nine, [], { timeout: 30 });
  }
  function* main() {
    yield* rpc.async('worker1', ask, ['worker2'], { timeout: 0.5 });
    yield* rpc.sleep(3);
    const first = yield* caught(rpc.sync('worker1', askNine, []));
    return [first, yield* caught(rpc.sync('worker1', askNine, []))];
  }
  const { outcome, workers } = play(
    systemWith(
      { ask, askNine, main, nine, slow },
      { plan, profile: 'hardened', rpcTimeout: ms(60_000), workers: 3 },
    ),
  );
  // The pipe is found broken once, and then leads to the new process.
  const reset = 'RuntimeError: ECONNRESET: connection reset by peer';
  expect(outcome).toEqual({ type: 'returned', value: [reset, 'no error but 9'] });
  expect(workers[1]?.lives).toBe(2);
});

test('a crash and a restart at any step leave the others able to end', () => {
  function* hop(left: number): Program<number> {
    const { id } = yield* rpc.getWorkerInfo();
    if (left === 0) return id;
    return yield* rpc.sync((id + 1) % 3, hop, [left - 1]);
  }
  function* main() {
    const rref = yield* rpc.remote('worker1', seven, []);
    return [yield* caught(rpc.sync('worker1', hop, [3])), yield* caught(rref.toHere())];
  }
  for (const profile of ['pytorch-2.6', 'hardened'] as const) {
    const system = systemWith(
      { hop, main, seven },
      {
        faults: { crash: 1, restart: 1 },
        network: { toDownNode: 'refused' },
        profile,
        rpcTimeout: ms(500),
        workers: 3,
      },
    );
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 9 }), { maxLength: 60 }), (numbers) => {
        const run = runSystem(system, { chooser: draws(numbers), stepsMax: 20_000 });
        expect(run.ended).toBe('quiescent');
        const worker0 = workersOf(run.world).find(({ id }) => id === 0);
        const counts = clusterView(run.world).map(({ debugInfo }) =>
          Number(debugInfo['agent.client_active_calls']),
        );
        expect(counts.every((count) => count >= 0)).toBe(true);
        expect(worker0 === undefined || worker0.main.type !== 'absent').toBe(true);
      }),
      { numRuns: 40 },
    );
  }
});
