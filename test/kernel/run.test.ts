import { describe, expect, test } from 'vitest';

import { defineSystem, draws, formatTape, ms, parseTape, runSystem } from '../../src/index.ts';
import { pingPong } from '../support/ping-pong.ts';
import { say, talk } from './talk.ts';

const system = talk({
  faults: { drop: 1 },
  inputs: { ann: [say('bob', 'a', 'b')], cid: [say('bob', 'c')] },
  time: 'untimed',
});

describe('a run', () => {
  test('of the empty tape takes neither inputs nor faults', () => {
    expect(runSystem(system)).toMatchObject({ ended: 'quiescent', tape: [] });
    expect(runSystem(system).steps).toHaveLength(1);
  });

  test('ends when it is told to, or after so many steps, and says which', () => {
    expect(runSystem(system, { chooser: () => 1, stepsMax: 2 })).toMatchObject({
      ended: 'steps-max',
    });
    expect(runSystem(system, { chooser: () => 1, stepsMax: 2 }).steps).toHaveLength(3);
    expect(runSystem(system, { until: () => true })).toMatchObject({ ended: 'until' });
  });

  test('tells of each step as it happens', () => {
    const seen: number[] = [];
    const run = runSystem(system, {
      chooser: draws([1, 1]),
      onStep: ({ index }) => seen.push(index),
    });
    expect(seen).toEqual(run.steps.map(({ index }) => index));
  });
});

describe('a tape', () => {
  const run = runSystem(system, { chooser: draws([1, 1, 2]) });

  test('repeats a run that was chosen otherwise', () => {
    const again = runSystem(system, { tape: run.tape });
    expect(again.hash).toBe(run.hash);
    expect(again.steps).toEqual(run.steps);
    expect(again.tape).toEqual(run.tape);
    expect(run.tape.length).toBeGreaterThan(1);
  });

  test('is one line to paste', () => {
    expect(parseTape(formatTape(run.tape))).toEqual(run.tape);
    expect(parseTape('')).toEqual([]);
  });

  test('of another run is a mistake, unless replay is tolerant', () => {
    const alien = [...run.tape, { at: 'end', take: 'crash:nobody#0' }];
    expect(() => runSystem(system, { tape: alien })).toThrow(
      expect.objectContaining({ code: 'kernel/tape-mismatch' }),
    );
    const tolerant = runSystem(system, { replay: 'tolerant', tape: alien });
    expect([tolerant.hash, tolerant.tape]).toEqual([run.hash, run.tape]);
  });

  test('that waits for a point that never comes is a mistake, too', () => {
    const tape = [{ at: '0000000000000000', take: 'crash:nobody#0' }];
    expect(() => runSystem(system, { tape })).toThrow(/After 0 departures, "crash:nobody#0"/);
  });
});

describe('causal names', () => {
  test('do not tell when a message arrived: what it causes is the same a little later', () => {
    const { definition } = defineSystem(pingPong({ rounds: 2 }));
    const late = defineSystem({ ...definition, network: { latency: [ms(1), ms(5)] } });
    const namesOf = (numbers: readonly number[]): readonly (string | undefined)[] =>
      runSystem(late, { chooser: draws(numbers) }).steps.flatMap(({ happened }) =>
        happened.flatMap((happening) => (happening.type === 'sent' ? [happening.name] : [])),
      );
    expect(namesOf([1, 1, 0, 1])).toEqual(namesOf([]));
    expect(new Set(namesOf([])).size).toBe(4);
  });

  test('stay the same when another departure is left out', () => {
    const run = runSystem(system, { chooser: draws([1, 1, 3]) });
    const [first, second, third] = run.tape;
    expect(second?.take).toMatch(/^input:cid/);
    expect(third?.take).toMatch(/^drop:/);
    const other = runSystem(system, { replay: 'tolerant', tape: run.tape.toSpliced(1, 1) });
    expect(other.tape).toEqual([first, third]);
  });
});
