import { sample } from 'fast-check';
import { expect, test } from 'vitest';

import { twoPhaseCommit } from '../../examples/protocols/two-phase-commit.ts';
import { defineSystem, draws, getIn, runSystem } from '../../src/index.ts';
import { checkAllTapes, fromEnvironment, tapes } from '../../src/testing/index.ts';

const system = defineSystem(twoPhaseCommit({ rms: 2 }));

test('a claim that holds of all runs passes', () => {
  const seen = new Set<unknown>();
  checkAllTapes((tape) => {
    const values = valuesAfter(tape);
    for (const value of values) seen.add(value);
    expect(values).not.toEqual(['committed', 'aborted']);
    expect(values).not.toEqual(['aborted', 'committed']);
  });
  // The claim speaks of something: runs get there.
  expect(seen).toContain('aborted');
  expect(seen).toContain('prepared');
});

test('one that does not fails with few draws', () => {
  expect(() => {
    checkAllTapes((tape) => expect(valuesAfter(tape)).not.toContain('aborted'));
  }).toThrow(/Counterexample: \[\[\d\]\]/);
});

test('seed and number of runs come from the environment', () => {
  const given = { ORRERY_RUNS: '7', ORRERY_SEED: '11' };
  expect(fromEnvironment(3, given)).toEqual({ numRuns: 7, seed: 11 });
  expect(fromEnvironment(3, { ORRERY_RUNS: 'many' })).toEqual(fromEnvironment(3, {}));
  expect(fromEnvironment(3, {}).numRuns).toBe(3);
});

test('a claim is checked as often as they say', () => {
  let runs = 0;
  checkAllTapes(() => {
    runs += 1;
  });
  expect(runs).toBe(fromEnvironment().numRuns);
});

test('draws are small numbers, and few', () => {
  const all = sample(tapes(), fromEnvironment());
  expect(Math.max(...all.flat())).toBe(7);
  expect(Math.max(...all.map((tape) => tape.length))).toBeLessThanOrEqual(64);
});

function valuesAfter(tape: readonly number[]): readonly unknown[] {
  const { world } = runSystem(system, { chooser: draws(tape) });
  return ['rm1', 'rm2'].map((rm) => getIn(world.actors, rm)?.local['value']);
}
