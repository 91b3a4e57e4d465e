import { describe, expect, test } from 'vitest';

import { advance } from '../../src/program/advance.ts';
import { defineFunctions } from '../../src/program/function-registry.ts';
import { answer } from '../../src/program/history.ts';
import type { ProgramState } from '../../src/program/history.ts';
import { ask, count, counting, resume, returned, start, threw } from './drive.ts';
import type { Counter } from './drive.ts';

type Version = 'another request' | 'another type' | 'ends' | 'original' | 'throws';

/** The state of `train` after two answers, as the original code made it. */
function afterTwo(): ProgramState<Counter> {
  const host = { registry: train('original'), local: counting };
  const second = resume(host, start(host, 'train', []), returned(1));
  return answer(second.state, returned(2));
}

function train(version: Version) {
  return defineFunctions({
    *train() {
      const first = yield* ask('first');
      if (version === 'ends') return first;
      if (version === 'throws') throw new RangeError('changed');
      if (version === 'another type') yield { type: 'test.shout' };
      return (
        (yield* ask(version === 'another request' ? 'other' : 'second')) + (yield* ask('third'))
      );
    },
  });
}

describe('a history that does not fit the code', () => {
  test.each([
    [
      'another request',
      /history has "test.ask" \([0-9a-f]{16}\) there, and now it requests .*"other"/,
    ],
    ['another type', /history has "test.ask".*and now it requests \{"type":"test.shout"\}/],
    ['ends', /history has "test.ask".*and now it returns 1/],
    ['throws', /history has "test.ask".*and now it throws RangeError: changed/],
  ] as const)('says where it differs: %s', (version, text) => {
    const other = { registry: train(version), local: counting };
    const run = () => advance({ ...other, state: afterTwo() });
    expect(run).toThrow(text);
    expect(run).toThrow(/^Step 2 of function "train" differs/);
    expect(run).toThrow(expect.objectContaining({ code: 'program/not-deterministic' }));
  });

  test('does not arise while the code is the same', () => {
    const same = { registry: train('original'), local: counting };
    expect(advance({ ...same, state: afterTwo() })).toMatchObject({
      request: { question: 'third' },
    });
  });

  test('is found when a local handler answers with another frame', () => {
    let grown = 0;
    const local = { 'test.count': () => ({ frame: { count: (grown += 1) }, answer: 0 }) };
    const registry = defineFunctions({
      *counts() {
        yield* count();
        return (yield* ask('go on')) + (yield* ask('further'));
      },
    });
    const host = { registry, local };
    const first = start(host, 'counts', []);
    resume(host, first, returned(1));
    expect(() => resume(host, first, returned(1))).toThrow(
      /Step 1 of function "counts" differs: "test.ask" was made in another frame .*\{"count":2\}/,
    );
  });
});

describe('replay: always', () => {
  test('finds a variable that outlives the call, in the step that uses it', () => {
    let calls = 0;
    const registry = defineFunctions({
      *leaky() {
        return (yield* ask('steady')) + (yield* ask((calls += 1)));
      },
    });
    const quick = { registry, local: counting };
    const careful = { ...quick, replay: 'always' } as const;
    const step = resume(quick, start(quick, 'leaky', []), returned(1));
    expect(step.type).toBe('requested');
    const first = start(careful, 'leaky', []);
    expect(() => resume(careful, first, returned(1))).toThrow(
      /Step 2 .* it requests .*2.* when it ran first, and requests .*3.* when it ran again/,
    );
  });

  test('lets deterministic code pass', () => {
    const host = { registry: train('original'), local: counting, replay: 'always' } as const;
    const third = resume(host, resume(host, start(host, 'train', []), returned(1)), returned(2));
    expect(resume(host, third, threw('E', 'm'))).toMatchObject({ type: 'threw' });
  });
});
