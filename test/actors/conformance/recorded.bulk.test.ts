import { describe, expect, test } from 'vitest';

import { conformanceSystem, outcomeOf } from '../../../actors/conformance/outcome.ts';
import type { ConformanceProgram } from '../../../actors/conformance/program.ts';
import { clusterView } from '../../../actors/index.ts';
import { firstDifference, firstDisagreement } from '../../../src/app/cli/conform/agreement.ts';
import { randomWalk, runSystem } from '../../../src/index.ts';
import type { Run } from '../../../src/index.ts';
import { recordedPrograms } from './recorded.ts';

const schedules = 8;
const recorded = recordedPrograms();

test('there are a dozen, one of them an error and two with two passes', () => {
  expect(recorded).toHaveLength(12);
  expect(recorded.filter(({ program }) => program.backward_passes === 2)).toHaveLength(2);
});

describe.each(recorded.map(({ golden, program }) => [program.id, { golden, program }] as const))(
  'program %s',
  (_, { golden, program }) => {
    const system = conformanceSystem(program);

    test('gives what PyTorch gave, in the order of its keys', () => {
      const run = runSystem(system);
      expect(leftBehind(run)).toEqual([]);
      const { message, outcome: kind, ...record } = outcomeOf(program, run);
      expect(firstDifference(record, golden)).toBeUndefined();
      expect([kind, message]).toEqual(
        record.error === null ? ['ok', undefined] : ['error', record.error.message],
      );
      expect(Object.keys(record)).toEqual(Object.keys(Object(golden)));
    });

    test(`gives it under ${schedules} random schedules, and leaves nothing behind`, () => {
      for (let seed = 1; seed <= schedules; seed += 1) {
        const run = runSystem(system, { chooser: randomWalk(seed) });
        expect(leftBehind(run)).toEqual([]);
        expect(firstDisagreement(outcomeOf(program, run), Object(golden))).toBeUndefined();
      }
    });
  },
);

test('a relay to the owner of what does not exist yet hangs in PyTorch, and here where its bugs are on', () => {
  const program = recorded.find(({ program: { id } }) => id === 'p11-92')?.program;
  const system = conformanceSystem(programOf(program), { profile: 'pytorch-2.6' });
  const outcomes = Array.from({ length: 6 }, (_, seed) =>
    outcomeOf(programOf(program), runSystem(system, { chooser: randomWalk(seed) })),
  );
  expect(outcomes.some(({ error }) => error !== null)).toBe(true);
});

function programOf(program: ConformanceProgram | undefined): ConformanceProgram {
  return program ?? { id: 'none', roots: [], values: [], workers: 1 };
}

/** The workers on which something is left, once nothing is left to do. */
function leftBehind({ ended, world }: Run): readonly unknown[] {
  return ended === 'quiescent' ? clusterView(world).filter(({ isQuiet }) => !isQuiet) : [ended];
}
