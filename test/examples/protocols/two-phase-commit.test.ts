import { expect, test } from 'vitest';

import {
  twoPhaseCommit,
  twoPhaseCommitProperties,
} from '../../../examples/protocols/two-phase-commit.ts';
import { defineSystem, runSystem } from '../../../src/index.ts';
import { explored } from './explored.ts';

// The counts of Stateright 0.31; the unique ones are also those of TLC and SPIN.
test.each([
  { rms: 2, counts: [56, 154, 8] },
  { rms: 3, counts: [288, 1146, 11] },
  { rms: 4, counts: [1568, 8258, 14] },
  { rms: 5, counts: [8832, 58_146, 17] },
])('$rms resource managers have the published counts and agree', ({ rms, counts }) => {
  expect(
    explored(twoPhaseCommit({ repeats: true, rms }), twoPhaseCommitProperties({ rms })),
  ).toEqual({
    complete: true,
    counts,
    violated: [],
  });
});

test.each(['commits-without-all-votes', 'aborts-after-preparing'] as const)(
  'some disagree when one %s',
  (bug) => {
    const { violated } = explored(
      twoPhaseCommit({ bug, rms: 3 }),
      twoPhaseCommitProperties({ rms: 3 }),
    );
    expect(violated).toEqual(['consistent']);
  },
);

test('a run comes to rest when nothing is obeyed twice', () => {
  // 384 steps fewer than with them, which lead back to where they began.
  expect(explored(twoPhaseCommit({ rms: 3 })).counts).toEqual([288, 762, 11]);
  expect(runSystem(defineSystem(twoPhaseCommit({ rms: 3 }))).ended).toBe('quiescent');
});
