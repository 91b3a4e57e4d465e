import { array, assert, nat, property } from 'fast-check';
import { expect, test } from 'vitest';

import { twoPhaseCommit } from '../../examples/protocols/two-phase-commit.ts';
import { tracedCall } from '../../examples/tutorials/traced-call.ts';
import { defineSystem, draws, randomWalk, runSystem } from '../../src/index.ts';
import type { Chooser, Run, SystemDefinition } from '../../src/index.ts';

// Also too small for all steps, so that it forgets.
const memories = [1, 7, 10_000];

/** What a run shows: its hash, its tape, and what happened in each of its steps. */
function shown({ hash, steps, tape }: Run): unknown {
  return { happened: steps.map(({ happened }) => happened), hash, tape };
}

/** The runs of one system under these choosers, one after another. */
function runsOf(
  definition: SystemDefinition,
  choosers: readonly (() => Chooser)[],
): readonly unknown[] {
  const system = defineSystem(definition);
  return choosers.map((chooser) => shown(runSystem(system, { chooser: chooser() })));
}

test('a system that remembers its steps runs as one that does not, whatever it remembers', () => {
  assert(
    property(array(nat({ max: 12 }), { maxLength: 40 }), (numbers) => {
      const definition = twoPhaseCommit({ rms: 2 });
      const choosers = [() => draws(numbers), () => draws(numbers.toReversed())];
      const expected = runsOf(definition, choosers);
      for (const rememberedMax of memories) {
        expect(runsOf({ ...definition, rememberedMax }, choosers)).toEqual(expected);
      }
    }),
    { numRuns: 40 },
  );
});

test.each(memories)('so does one of workers that remembers %i of them', (rememberedMax) => {
  const choosers = [1, 2, 3].map((seed) => () => randomWalk(seed));
  const definition = tracedCall();
  expect(runsOf({ ...definition, rememberedMax }, choosers)).toEqual(runsOf(definition, choosers));
});
