import { expect, test } from 'vitest';

import { advance } from '../../src/program/advance.ts';
import { defineFunctions } from '../../src/program/function-registry.ts';
import { answer, begin } from '../../src/program/history.ts';
import type { ProgramState } from '../../src/program/history.ts';
import { locate } from '../../src/program/locate.ts';
import { perform } from '../../src/program/request.ts';
import type { Program } from '../../src/program/request.ts';

function* helper(): Program<number> {
  return yield* perform<number>({ type: 'asked' });
}

function* main(): Program<number> {
  try {
    const first = yield* helper();
    return first + (yield* helper());
  } catch {
    return yield* helper();
  }
}

function* bare(): Program<void> {
  yield { type: 'asked' };
}

const registry = defineFunctions({ bare, main });
const host = { local: {}, registry };

function waiting(state: ProgramState<object>): ProgramState<object> {
  return advance({ ...host, state }).state;
}

function linesOf(state: ProgramState<object>): readonly string[] {
  if (state.type !== 'waiting') throw new Error(state.type);
  return locate(host, state)
    .filter(({ file }) => file.endsWith('locate.test.ts'))
    .map(({ fn, line }) => `${fn}:${line}`);
}

test('tells the lines of the helper and of the function that wait, and can be asked again', () => {
  const first = waiting(begin({ args: [], fn: 'main' }, {}));
  const second = waiting(answer(first, { type: 'returned', value: 1 }));
  expect(linesOf(first)).toEqual(['helper:12', 'main:17']);
  expect(linesOf(second)).toEqual(['helper:12', 'main:18']);
  expect(linesOf(first)).toEqual(['helper:12', 'main:17']);
  const failed = waiting(answer(second, { type: 'threw', error: { message: '', name: 'Error' } }));
  expect(linesOf(failed)).toEqual(['helper:12', 'main:20']);
});

test('changes nothing for a program that goes on', () => {
  const state = waiting(begin({ args: [], fn: 'main' }, {}));
  linesOf(state);
  const second = waiting(answer(state, { type: 'returned', value: 1 }));
  linesOf(second);
  const ended = advance({ ...host, state: answer(second, { type: 'returned', value: 2 }) });
  expect(ended).toMatchObject({ type: 'returned', value: 3 });
});

test('tells nothing of a request that was yielded as it is', () => {
  expect(linesOf(waiting(begin({ args: [], fn: 'bare' }, {})))).toEqual([]);
});
