/** A message of the reference protocol is lost several times; the times of the attempts are PyTorch's. */
import { expect, test } from 'vitest';

import { rpc } from '../../../../actors/index.ts';
import type { RRef } from '../../../../actors/index.ts';
import { keysOf, ms } from '../../../../src/index.ts';
import type { NetworkRule } from '../../../../src/index.ts';
import { play, systemWith } from '../../../actors/play.ts';
import { trafficOf } from '../../../scenarios/traffic.ts';

const fortyTwo = (): number => 42;

function* useValue(rref: RRef<number>) {
  return yield* rref.toHere();
}

function* main() {
  const rref = yield* rpc.remote('worker1', fortyTwo, []);
  return yield* rpc.sync('worker2', useValue, [rref], { timeout: 0 });
}

const loses =
  (type: string): NetworkRule =>
  ({ event }) =>
    event.type === type ? { type: 'drop' } : undefined;

function attempts(type: string, rpcTimeoutMs: number) {
  const system = systemWith(
    { fortyTwo, main, useValue },
    { network: { rules: [loses(type)] }, rpcTimeout: ms(rpcTimeoutMs), workers: 3 },
  );
  const { outcome, run, workers } = play(system);
  const times = run.steps.flatMap(({ at, happened }) =>
    happened.flatMap((each) =>
      each.type === 'sent' && each.event.type === type ? [at / 1_000] : [],
    ),
  );
  return { gaps: times.slice(1).map((time, nr) => time - (times[nr] ?? 0)), outcome, run, workers };
}

test('six attempts, after 1, 1, 1.5, 2.25 and 3.375 s, each at least as late as its time-out', () => {
  const { gaps, outcome, workers } = attempts('RREF_CHILD_ACCEPT', 500);
  expect(gaps).toEqual([1_000, 1_000, 1_500, 2_250, 3_375]);
  expect(outcome).toEqual({ type: 'returned', value: 42 });
  // Given up, it is forgotten; the parent holds its reference for ever.
  expect(workers.map(({ rrefs }) => rrefs.numPendingFutures)).toEqual([0, 0, 0]);
  expect(keysOf(workers[0]?.rrefs.pendingChildren ?? {})).toEqual(['w0.2']);
});

test('an attempt that took longer than the delay is followed at once', () => {
  expect(attempts('RREF_CHILD_ACCEPT', 2_000).gaps).toEqual([2_000, 2_000, 2_000, 2_250, 3_375]);
});

test('a fork request that is given up leaves its function waiting for ever', () => {
  const { outcome, run, workers } = attempts('RREF_FORK_REQUEST', 500);
  expect(outcome).toMatchObject({ type: 'running' });
  expect(keysOf(workers[2]?.rrefs.pendingUsers ?? {})).toEqual(['w0.2']);
  expect(workers[2]?.rrefs.numPendingFutures).toBe(1);
  expect(trafficOf(run).some(({ type }) => type === 'PYTHON_RREF_FETCH_CALL')).toBe(false);
  const announced = run.steps.flatMap(({ happened }) =>
    happened.flatMap((each) => (each.type === 'emitted' ? [each.event['message']] : [])),
  );
  expect(announced).toContain(
    'The RPC has not succeeded after the specified number of max retries (5).',
  );
});
