import { describe, expect, test } from 'vitest';

import { defineFunctions } from '../../src/program/function-registry.ts';
import { call, checkpoint } from '../../src/program/request.ts';
import type { Program } from '../../src/program/request.ts';
import { ask, count, counting, hashOf, resume, returned, runAll, start } from './drive.ts';
import type { Host } from './drive.ts';

function* dive(): Program<never> {
  return yield* call(dive, []);
}

const registry = defineFunctions({
  dive,
  *spin() {
    for (;;) yield* count();
  },
  *counts(times: number) {
    for (let turn = 0; turn < times; turn += 1) yield* count();
    const answered = yield* ask('then');
    for (let turn = 0; turn < times; turn += 1) yield* count();
    return answered;
  },
  *again(): Program<never> {
    return yield* checkpoint(undefined);
  },
  *chatter(): Program<never> {
    for (;;) yield* ask('more');
  },
});

describe('a limit', () => {
  test('stops a loop of local requests, and names the function', () => {
    const host: Host = { registry, local: counting, limits: { stepsMax: 50 } };
    expect(() => start(host, 'spin', [])).toThrow(/"spin" took 50 steps without a remote request/);
    expect(() => start(host, 'again', [])).toThrow(/"again" took 50 steps/);
    expect(() => start(host, 'counts', [51])).toThrow(/"counts" took 50 steps/);
  });

  test('on steps counts from the last answer, also when a history is replayed', () => {
    const host: Host = { registry, local: counting, limits: { stepsMax: 50 } };
    const first = start(host, 'counts', [50]);
    const cached = resume(host, first, returned(1));
    expect(cached).toMatchObject({ type: 'returned', frame: { count: 100 } });
    expect(resume(host, first, returned(1))).toEqual(cached);
  });

  test('stops a recursion that never ends', () => {
    const host: Host = { registry, local: counting, limits: { depthMax: 20 } };
    expect(() => start(host, 'dive', [])).toThrow(/"dive" made a call 21 deep; 20 are allowed/);
    expect(() => start({ registry, local: counting }, 'dive', [])).toThrow(/1001 deep/);
  });

  test('on the history advises a checkpoint', () => {
    const host: Host = { registry, local: counting, limits: { historyMax: 3 } };
    const first = start(host, 'chatter', []);
    expect(runAll(host, first, [1, 2].map(returned))).toHaveLength(3);
    expect(() => runAll(host, first, [1, 2, 3].map(returned))).toThrow(
      /"chatter" has made 3 requests.*checkpoint/,
    );
  });

  test('may be raised: histories of thousands grow and hash without recursion', () => {
    const host: Host = { registry, local: counting, limits: { historyMax: 10_000 } };
    const answers = Array.from({ length: 9_999 }, (_, index) => returned(index));
    const steps = runAll(host, start(host, 'chatter', []), answers);
    expect(steps.at(-1)).toMatchObject({ type: 'requested', state: { at: { length: 9_999 } } });
    expect(hashOf(steps.at(-1)?.state)).not.toBe(hashOf(steps.at(-2)?.state));
    const fork = steps[5_000];
    expect(fork && resume(host, fork, returned(0)).state).toMatchObject({ at: { length: 5_001 } });
  });
});
