import { expect, test } from 'vitest';

import { twoPhaseCommit } from '../../../examples/protocols/two-phase-commit.ts';
import { agree, defineSystem, never, runSystem, shrinkProgram } from '../../../src/index.ts';
import type { System } from '../../../src/index.ts';
import { brokenRun } from './broken-run.ts';

function systemOf(rms: number): System {
  if (rms < 1) throw new Error('The test never asks for fewer.');
  return defineSystem(twoPhaseCommit({ bug: 'commits-without-all-votes', rms }));
}

const fewer = (rms: number): readonly number[] =>
  Array.from({ length: rms - 1 }, (_, index) => index + 1);
const [consistent = never('nothing', () => true)] = systemOf(5).definition.properties ?? [];

test('takes the smallest program that breaks the same property, and the smallest run of it', () => {
  const system = systemOf(5);
  const run = brokenRun(system, consistent, { seed: 1 });
  const small = shrinkProgram(system, {
    program: 5,
    property: consistent,
    run,
    smaller: fewer,
    systemOf,
  });
  // One alone cannot differ from another.
  expect(small.program).toBe(2);
  expect(small).toMatchObject({ complete: true, size: { departures: 2, steps: 3 } });
  const again = runSystem(systemOf(2), {
    stepsMax: small.run.steps.length - 1,
    tape: small.run.tape,
  });
  expect(again.hash).toBe(small.run.hash);
});

test('keeps the program where none that is smaller breaks it', () => {
  const system = systemOf(2);
  const run = brokenRun(system, consistent, { seed: 1 });
  const options = { program: 2, property: consistent, run, systemOf };
  expect(shrinkProgram(system, { ...options, smaller: fewer }).program).toBe(2);
  expect(shrinkProgram(system, { ...options, smaller: () => [] }).program).toBe(2);
});

test('refuses what only this very system can break', () => {
  const system = systemOf(2);
  const property = agree('one end', () => 0);
  const options = { program: 2, property, run: runSystem(system), smaller: fewer, systemOf };
  expect(() => shrinkProgram(system, options)).toThrow(
    expect.objectContaining({ code: 'explore/nothing-to-shrink' }),
  );
});
