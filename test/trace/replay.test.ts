import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { randomWalk, runSystem } from '../../src/index.ts';
import { fromEnvironment } from '../../src/testing/environment.ts';
import { readTrace } from '../../src/trace/read.ts';
import { formatTrace, recordTrace } from '../../src/trace/record.ts';
import { replayTrace } from '../../src/trace/replay.ts';
import { couriers, everyFault } from './couriers.ts';

const system = couriers(3, { faults: everyFault });

function walk(seed: number, stepsMax = 1_000) {
  return runSystem(system, { chooser: randomWalk(seed, { faultRate: 0.2 }), stepsMax });
}

const trace = recordTrace(system, walk(1));

test('makes every run again, step by step', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat({ max: 30 }), (seed, stepsMax) => {
      const run = walk(seed, stepsMax);
      const replayed = replayTrace(readTrace(formatTrace(recordTrace(system, run))), system);
      expect(replayed.type).toBe('same');
      expect(replayed.run.hash).toBe(run.hash);
      expect(replayed.run.steps).toEqual(run.steps);
    }),
    fromEnvironment(40),
  );
});

test('stops after the step that is asked for, with the hash that the log has there', () => {
  const indices: number[] = [];
  const replayed = replayTrace(trace, system, {
    to: 4,
    onStep: ({ index }) => {
      indices.push(index);
    },
  });
  expect(replayed.type).toBe('same');
  expect(indices).toEqual([0, 1, 2, 3, 4]);
  expect(replayed.run.hash.slice(0, 8)).toBe(trace.log?.[3]?.hash);
});

test('knows no step beyond the end', () => {
  expect(() => replayTrace(trace, system, { to: trace.steps + 1 })).toThrow(/There is no step/);
});

test('refuses a trace of another system', () => {
  expect(() =>
    replayTrace({ ...trace, system: { ...trace.system, name: 'ring' } }, system),
  ).toThrow(/is of "ring", not of "couriers"/);
});

test('refuses a trace of the same system with other parameters', () => {
  expect(() => replayTrace(trace, couriers(4, { faults: everyFault }))).toThrow(/other parameters/);
});

test('says at which step and why a run differs', () => {
  const log = (trace.log ?? []).map((entry, index) =>
    index === 4 ? { ...entry, hash: '00000000' } : entry,
  );
  const replayed = replayTrace({ ...trace, log }, system);
  expect(replayed).toMatchObject({ type: 'differs', step: 5 });
  expect(whyOf(replayed)).toMatch(/has hash [0-9a-f]{16}, recorded was 00000000/);
});

test('says which choice was recorded where another is taken', () => {
  const log = (trace.log ?? []).map((entry, index) =>
    index === 2 ? { ...entry, name: 'another', what: 'deliver spam' } : entry,
  );
  const replayed = replayTrace({ ...trace, log }, system);
  expect(replayed).toMatchObject({ type: 'differs', step: 3 });
  expect(whyOf(replayed)).toContain('recorded was "deliver spam" (another)');
});

test('notices a run that goes on where the recording ended', () => {
  const { steps } = trace;
  const replayed = replayTrace({ ...trace, steps: steps - 1 }, system);
  expect(replayed).toMatchObject({ type: 'differs', step: steps });
  expect(whyOf(replayed)).toContain('this run goes on');
});

test('notices a run that ends where the recording goes on', () => {
  const { steps } = trace;
  const replayed = replayTrace({ ...trace, steps: steps + 1 }, system);
  expect(replayed).toMatchObject({ type: 'differs', step: steps + 1 });
});

test('notices another last hash without a log', () => {
  const { log: _, ...short } = trace;
  const replayed = replayTrace({ ...short, hash: '0'.repeat(16) }, system);
  expect(replayed).toMatchObject({ type: 'differs', step: trace.steps });
});

test('refuses a choice that the system does not offer, and says at which step', () => {
  const [first, ...others] = trace.departures;
  const departures = [{ at: first?.at ?? '', take: 'no-such-choice' }, ...others];
  expect(() => replayTrace({ ...trace, departures }, system)).toThrow(
    /Step \d+ of \d+ cannot be replayed.*"no-such-choice"/,
  );
});

test('refuses a departure from a point that never comes', () => {
  const departures = [...trace.departures, { at: 'never', take: 'anything' }];
  expect(() => replayTrace({ ...trace, departures }, system)).toThrow(/"anything"/);
  const cutOff = recordTrace(system, walk(1, 5));
  expect(() =>
    replayTrace({ ...cutOff, departures: [...cutOff.departures, ...departures] }, system),
  ).toThrow(/which never was/);
});

test('refuses to record a run that its tape does not give', () => {
  const run = walk(1);
  expect(() => recordTrace(system, { ...run, hash: '0'.repeat(16) })).toThrow(/its tape gives/);
});

function whyOf(replayed: ReturnType<typeof replayTrace>): string {
  return replayed.type === 'differs' ? replayed.why : '';
}
