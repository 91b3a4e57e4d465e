import { describe, expect, test } from 'vitest';

import { advance } from '../../src/program/advance.ts';
import { defineFunctions } from '../../src/program/function-registry.ts';
import { answer, begin } from '../../src/program/history.ts';
import type { Program } from '../../src/program/request.ts';
import {
  ask,
  count,
  counting,
  hashOf,
  questionOf,
  resume,
  returned,
  runAll,
  start,
} from './drive.ts';
import type { Counter } from './drive.ts';

const registry = defineFunctions({
  *sum(a: number, b: number) {
    const x = yield* ask(a);
    const y = yield* ask(b);
    return { x, y, total: x + y };
  },
  *counted() {
    const before = [yield* count(), yield* count()];
    const answered = yield* ask('now');
    return [...before, answered, yield* count()];
  },
  *delegated(question: string): Program<number> {
    return (yield* twice(question)) + 1;
  },
  double: (value: number) => value * 2,
});
const host = { registry, local: counting };

function* twice(question: string) {
  return (yield* ask(`${question} once`)) + (yield* ask(`${question} again`));
}

describe('a user function', () => {
  test('makes one request at a time and ends with its result', () => {
    const first = start(host, 'sum', [1, 2]);
    expect(first).toMatchObject({ type: 'requested', request: { type: 'test.ask', question: 1 } });
    const second = resume(host, first, returned(10));
    expect(questionOf(second)).toBe(2);
    const last = resume(host, second, returned(20));
    expect(last).toMatchObject({ type: 'returned', value: { x: 10, y: 20, total: 30 } });
    expect(last.state).toEqual({ type: 'ended', frame: { count: 0 } });
  });

  test('has its local requests answered within the step, and its frame kept', () => {
    const first = start(host, 'counted', []);
    expect(first).toMatchObject({ type: 'requested', state: { frame: { count: 2 } } });
    const last = resume(host, first, returned(7));
    expect(last).toMatchObject({ type: 'returned', value: [0, 1, 7, 2], frame: { count: 3 } });
  });

  test('records no local answer', () => {
    const { state } = start(host, 'counted', []);
    expect(state).toMatchObject({ type: 'waiting', at: { type: 'called', length: 0 } });
  });

  test('may delegate to generator functions that nobody registered', () => {
    const steps = runAll(host, start(host, 'delegated', ['who']), [returned(1), returned(2)]);
    expect(steps.map(questionOf)).toEqual(['who once', 'who again', undefined]);
    expect(steps.at(-1)).toMatchObject({ type: 'returned', value: 4 });
  });

  test('may be a plain function', () => {
    expect(start(host, 'double', [21])).toMatchObject({ type: 'returned', value: 42 });
  });

  test('has data for a state, all of it frozen', () => {
    const { state } = start(host, 'sum', [1, 2]);
    const back = JSON.parse(JSON.stringify(state));
    expect(hashOf(back)).toBe(hashOf(state));
    expect(Object.isFrozen(state) && state.type === 'waiting' && Object.isFrozen(state.at)).toBe(
      true,
    );
  });

  test('goes on from a state that went through text, in a process that has the same functions', () => {
    const other = { registry: defineFunctions({ sum: sumAgain }), local: counting };
    const { state } = resume(host, start(host, 'sum', [1, 2]), returned(10));
    const back: typeof state = JSON.parse(JSON.stringify(state));
    const last = advance({ ...other, state: answer(back, returned(20)) });
    expect(last).toMatchObject({ type: 'returned', value: { total: 30 } });
  });

  test('cannot go on while it waits, and takes no answer while it does not', () => {
    const first = start(host, 'sum', [1, 2]);
    expect(() => advance({ ...host, state: first.state })).toThrow(/waiting cannot go on/);
    const ready = begin({ fn: 'sum', args: [1, 2] }, { count: 0 });
    expect(() => answer(ready, returned(1))).toThrow(/An answer came to a function that is ready/);
  });
});

describe('a fork of a state', () => {
  test('leaves the other branch alone, whichever goes first', () => {
    const first = start(host, 'sum', [1, 2]);
    const left = resume(host, first, returned(10));
    const right = resume(host, first, returned(100));
    expect(resume(host, right, returned(1))).toMatchObject({ value: { total: 101 } });
    expect(resume(host, left, returned(1))).toMatchObject({ value: { total: 11 } });
    expect(resume(host, left, returned(2))).toMatchObject({ value: { total: 12 } });
  });

  test('never goes on with a generator that another table of handlers has run', () => {
    const first = start(host, 'counted', []);
    const byTens = {
      'test.count': ({ count: n }: Counter) => ({ frame: { count: n + 1 }, answer: 10 * n }),
    };
    const last = resume({ registry, local: byTens }, first, returned(7));
    expect(last).toMatchObject({ type: 'returned', value: [0, 10, 7, 20] });
  });

  test('shares the cells of the past with the other branch', () => {
    const first = start(host, 'sum', [1, 2]);
    const [left, right] = [returned(10), returned(100)].map((to) => resume(host, first, to).state);
    if (left?.type !== 'waiting' || right?.type !== 'waiting') throw new Error('both should wait');
    if (left.at.type !== 'answered' || right.at.type !== 'answered') throw new Error('answered');
    expect(left.at.previous).toBe(right.at.previous);
    expect(hashOf(left)).not.toBe(hashOf(right));
  });
});

function* sumAgain(a: number, b: number) {
  const x = yield* ask(a);
  const y = yield* ask(b);
  return { x, y, total: x + y };
}
