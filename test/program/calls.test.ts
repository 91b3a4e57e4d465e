import { describe, expect, test } from 'vitest';

import type { Advance } from '../../src/program/advance.ts';
import { defineFunctions } from '../../src/program/function-registry.ts';
import { call, checkpoint } from '../../src/program/request.ts';
import type { Program } from '../../src/program/request.ts';
import type { Counter } from './drive.ts';
import {
  ask,
  count,
  counting,
  questionOf,
  resume,
  returned,
  runAll,
  start,
  threw,
} from './drive.ts';

function* inner(a: number) {
  yield* count();
  const x = yield* ask(`${a} first`);
  const y = yield* ask(`${a} second`);
  return x + y;
}

function* fragile(): Program<number> {
  throw new RangeError(`broke after ${yield* ask('how much')}`);
}

function double(value: number): number {
  return value * 2;
}

function* countDown(depth: number): Program<number> {
  if (depth === 0) return yield* ask('bottom');
  return 1 + (yield* call(countDown, [depth - 1]));
}

const registry = defineFunctions({
  inner,
  fragile,
  double,
  countDown,
  *outer() {
    const before = yield* ask('before');
    const within = yield* call(inner, [before]);
    const after = yield* ask('after');
    return { before, within, after, counted: yield* count() };
  },
  *rescuing() {
    try {
      return yield* call(fragile, []);
    } catch (error) {
      return error instanceof Error ? `${error.name}: ${error.message}` : 'no error';
    }
  },
  *plain() {
    return (yield* call(double, [4])) + (yield* call(double, [5]));
  },
  *loop({ turn, sum }: { turn: number; sum: number }): Program<number> {
    const next = { turn: turn + 1, sum: sum + (yield* ask(turn)) + (yield* count()) };
    if (turn === 3) return next.sum;
    return yield* checkpoint(next);
  },
  *callsLoop() {
    const result: unknown = yield* call(loopOnce, [0]);
    return [result, yield* ask('end')];
  },
  loopOnce,
  *strange() {
    return yield* call(nobody, []);
  },
});
const host = { registry, local: counting };

function* loopOnce(turn: number): Program<string> {
  yield* ask(`turn ${turn}`);
  if (turn === 1) return 'looped';
  return yield* checkpoint(turn + 1);
}

function nobody(): void {}

describe('a recorded call', () => {
  test('makes its requests as the caller would', () => {
    const answers = [1, 10, 20, 3].map(returned);
    const steps = runAll(host, start(host, 'outer', []), answers);
    expect(steps.map(questionOf)).toEqual(['before', '1 first', '1 second', 'after', undefined]);
    const value = { before: 1, within: 30, after: 3, counted: 1 };
    expect(steps.at(-1)).toMatchObject({ type: 'returned', value, frame: { count: 2 } });
  });

  test('leaves only its result in the history of the caller', () => {
    const steps = runAll(host, start(host, 'outer', []), [1, 10, 20].map(returned));
    expect(lengths(steps)).toEqual([0, 0, 1, 2]);
    expect(steps[3]?.state).toMatchObject({
      at: { asked: { type: 'program.call' }, outcome: { type: 'returned', value: 30 } },
    });
  });

  test('throws into the caller what it threw', () => {
    const last = resume(host, start(host, 'rescuing', []), returned(2));
    expect(last).toMatchObject({ type: 'returned', value: 'RangeError: broke after 2' });
    const failed = resume(host, start(host, 'rescuing', []), threw('KeyError', 'none'));
    expect(failed).toMatchObject({ type: 'returned', value: 'KeyError: none' });
  });

  test('may be of a plain function', () => {
    expect(start(host, 'plain', [])).toMatchObject({ type: 'returned', value: 18 });
  });

  test('may be of the function itself', () => {
    const last = resume(host, start(host, 'countDown', [5]), returned(100));
    expect(last).toMatchObject({ type: 'returned', value: 105 });
  });

  test('of a function without a name is a mistake that names the known', () => {
    expect(() => start(host, 'strange', [])).toThrow(
      /Function "nobody" is not registered. Known are callsLoop, countDown, double,/,
    );
  });
});

describe('a checkpoint', () => {
  test('starts the function again with an empty history and the frame as it is', () => {
    const steps = runAll(
      host,
      start(host, 'loop', [{ turn: 0, sum: 0 }]),
      [10, 20, 30, 40].map(returned),
    );
    expect(steps.map(questionOf)).toEqual([0, 1, 2, 3, undefined]);
    expect(lengths(steps)).toEqual([0, 0, 0, 0, undefined]);
    expect(steps.at(-1)).toMatchObject({ type: 'returned', value: 106, frame: { count: 4 } });
  });

  test('within a call restarts the called function, which still answers its caller', () => {
    const steps = runAll(host, start(host, 'callsLoop', []), [1, 2, 3].map(returned));
    expect(steps.map(questionOf)).toEqual(['turn 0', 'turn 1', 'end', undefined]);
    expect(steps.at(-1)).toMatchObject({ type: 'returned', value: ['looped', 3] });
  });
});

function lengths(steps: readonly Advance<Counter>[]): readonly (number | undefined)[] {
  return steps.map(({ state }) => (state.type === 'ended' ? undefined : state.at.length));
}
