/** For a program it is known beforehand which messages go from whom to whom; only their order is open. */
import { expect, test } from 'vitest';

import { conformanceSystem, outcomeOf } from '../../actors/conformance/outcome.ts';
import { firstDisagreement } from '../../src/app/cli/conform/agreement.ts';
import { randomWalk, runSystem } from '../../src/index.ts';
import { allRecordedPrograms, recordedPrograms } from '../actors/conformance/recorded.ts';
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

const all = allRecordedPrograms().map((recorded) => [recorded.program.id, recorded] as const);
const [failing, faultless] = [all.filter(hasFailed), all.filter((one) => !hasFailed(one))];

test.each(faultless)(
  'program %s gives what PyTorch gave, by the messages that it implies',
  (_, { golden, program }) => {
    const run = runSystem(conformanceSystem(program));
    expect(firstDisagreement(outcomeOf(program, run), Object(golden))).toBeUndefined();
    expect(countsOf(linesOf(trafficOf(run)))).toEqual(expectedTraffic(program));
  },
);

// How far the messages of a program come that fails depends on who hears of it first.
test.each(failing)('program %s fails as it did in PyTorch', (_, { golden, program }) => {
  const run = runSystem(conformanceSystem(program));
  expect(firstDisagreement(outcomeOf(program, run), Object(golden))).toBeUndefined();
});

test('most of those that were recorded do not fail', () => {
  expect([faultless.length, failing.length]).toEqual([126, 34]);
});

function hasFailed([, { golden }]: (typeof all)[number]): boolean {
  return Object(golden).error !== null;
}
