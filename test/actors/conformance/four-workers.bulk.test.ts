import { expect, test } from 'vitest';

import { conformanceSystem, outcomeOf } from '../../../actors/conformance/outcome.ts';
import { backwardModes } from '../../../actors/index.ts';
import { firstDisagreement } from '../../../src/app/cli/conform/agreement.ts';
import { randomWalk, runSystem } from '../../../src/index.ts';
import { programsOfFour } from './recorded.ts';

const programs = programsOfFour();

test('there are two dozen over four workers, one of them an error', () => {
  expect(programs.map(({ program }) => program.workers)).toEqual(programs.map(() => 4));
  expect(programs).toHaveLength(24);
  expect(programs.filter(({ golden }) => Object(golden).error !== null)).toHaveLength(1);
});

const cases = programs.map(({ golden, program }, index) => {
  const mode = backwardModes[index % backwardModes.length] ?? 'fast';
  return [program.id, { golden, mode, program, seed: index }] as const;
});

test.each(cases)(
  '%s gives what PyTorch gave, in order and under a random schedule',
  (_, { golden, mode, program, seed }) => {
    const system = conformanceSystem(program, { backwardMode: mode });
    for (const options of [{}, { chooser: randomWalk(seed) }]) {
      const outcome = outcomeOf(program, runSystem(system, options));
      expect(firstDisagreement(outcome, Object(golden))).toBeUndefined();
    }
  },
);
