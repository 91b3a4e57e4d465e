/** For a program it is known beforehand which messages go from whom to whom; only their order is open. */
import { expect, test } from 'vitest';

import { conformanceSystem, outcomeOf } from '../../actors/conformance/outcome.ts';
import { randomWalk, runSystem } from '../../src/index.ts';
import { recordedPrograms } from '../actors/conformance/recorded.ts';
import { expectedTraffic } from './expected-traffic.ts';
import { countsOf, linesOf, trafficOf } from './traffic.ts';

const schedules = 1;

const programs = recordedPrograms().map(({ program }) => program);

const sound = programs.filter(
  (program) => outcomeOf(program, runSystem(conformanceSystem(program))).error === null,
);

test('all but one of the programs end without an error', () => {
  expect(sound).toHaveLength(11);
});

test.each(sound.map((program) => [program.id, program] as const))(
  'program %s sends what it implies, under every schedule',
  (_, program) => {
    const system = conformanceSystem(program);
    const runs = Array.from({ length: schedules }, (__, seed) =>
      runSystem(system, { chooser: randomWalk(seed) }),
    );
    for (const run of [runSystem(system), ...runs]) {
      expect(countsOf(linesOf(trafficOf(run)))).toEqual(expectedTraffic(program));
    }
  },
);
