import { describe, expect, test } from 'vitest';
import { createMachine, sendTo, setup } from 'xstate';

import { defineSystem } from '../../src/index.ts';
import { errorOf, nothing, runAll } from './refusals.ts';

describe('what is no data is named by its path', () => {
  const cycle: { self?: unknown } = {};
  cycle.self = cycle;
  const deep = Array.from({ length: 300 }).reduce((inner) => ({ inner }), {});
  const offenders = [
    ['a function', [nothing], /rm1\.PLACE\.list\[0\] is a function/],
    ['an instance', [new Map()], /rm1\.PLACE\.list\[0\] is an instance of Map/],
    ['a symbol', Symbol('s'), /rm1\.PLACE\.list is a symbol/],
    ['a cycle', cycle, /rm1\.PLACE\.list\.self contains itself/],
    ['a depth of 300', deep, /rm1\.PLACE\.list\.inner.* nests more than 256 levels/],
  ] as const;

  test.each(offenders)('%s in a context', (_, list, expected) => {
    const machine = createMachine({ context: { list } });
    expect(errorOf(() => runAll(machine))).toMatch(at(expected, 'context'));
  });

  test.each(offenders)('%s in an event', (_, list, expected) => {
    const machine = createMachine({
      entry: sendTo(
        ({ self }) => self,
        () => ({ list, type: 'x' }),
      ),
    });
    expect(errorOf(() => runAll(machine))).toMatch(at(expected, 'event'));
  });

  test.each(offenders)('%s in an input', (_, list, expected) => {
    const actors = [{ address: 'rm1', input: { list }, machine: createMachine({}) }];
    expect(errorOf(() => defineSystem({ actors, name: 'bad' }))).toMatch(at(expected, 'input'));
  });

  test('a function in the input of a child', () => {
    const child = createMachine({});
    const machine = setup({ actors: { child } }).createMachine({
      invoke: { id: 'kid', input: { call: nothing }, src: 'child' },
    });
    expect(errorOf(() => runAll(machine))).toMatch(/not-data: rm1\/kid\.input\.call is a function/);
  });
});

function at(expected: RegExp, place: string): RegExp {
  return new RegExp(expected.source.replace('PLACE', place));
}
