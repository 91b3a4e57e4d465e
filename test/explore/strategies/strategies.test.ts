import { describe, expect, test } from 'vitest';

import { twoPhaseCommit } from '../../../examples/protocols/two-phase-commit.ts';
import {
  defineSystem,
  describeChoice,
  draws,
  fifo,
  randomWalk,
  runSystem,
} from '../../../src/index.ts';
import { pingPong } from '../../support/ping-pong.ts';

const commit = defineSystem(twoPhaseCommit({ rms: 2 }));

describe('fifo', () => {
  test('makes the run of the empty tape', () => {
    const system = defineSystem(pingPong({ rounds: 3 }));
    const run = runSystem(system, { chooser: fifo });
    expect(run.tape).toEqual([]);
    expect(run.hash).toBe(runSystem(system).hash);
  });
});

describe('draws', () => {
  test('answers in turn, and with the dullest when they are used up', () => {
    const run = runSystem(commit, { chooser: draws([2, 1]) });
    expect(run.steps.flatMap(({ choice }) => (choice ? [describeChoice(choice)] : []))).toEqual([
      'input prepare.decided to rm1',
      'input abort.decided to tm',
      'deliver tm.aborted tm -> rm1',
      'deliver tm.aborted tm -> rm2',
    ]);
  });

  test('clamps what is too large or too small, and takes what is no number for the dullest', () => {
    const last = runSystem(commit, { chooser: draws([1_000]) });
    expect(last.hash).toBe(runSystem(commit, { chooser: draws([5]) }).hash);
    const dull = runSystem(commit, { chooser: draws([-5, Number.NaN]) });
    expect(dull.tape).toEqual([]);
  });
});

describe('random walk', () => {
  test('is the same for the same seed', () => {
    const hashes = [7, 7].map((seed) => runSystem(commit, { chooser: randomWalk(seed) }).hash);
    expect(hashes[0]).toBe(hashes[1]);
  });

  test('reaches many ends from many seeds', () => {
    const ends = Array.from({ length: 200 }, (_, seed) =>
      runSystem(commit, { chooser: randomWalk(seed) }),
    );
    expect(new Set(ends.map(({ hash }) => hash)).size).toBeGreaterThan(10);
  });

  test('takes faults at its rate: none at 0, only these at 1', () => {
    const system = defineSystem({ ...pingPong({ rounds: 20 }), faults: { drop: 1, duplicate: 5 } });
    const kinds = (faultRate: number): readonly unknown[] =>
      runSystem(system, { chooser: randomWalk(1, { faultRate }) }).steps.map(
        ({ choice }) => choice?.type,
      );
    expect(kinds(0)).not.toContain('drop');
    expect(kinds(0)).not.toContain('duplicate');
    expect(kinds(1).slice(1, 7)).not.toContain('deliver');
  });
});
