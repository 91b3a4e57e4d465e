/** What a check has not looked at, or not come to, it says. */
import { expect, test } from 'vitest';

import { twoPhaseCommit } from '../../../examples/protocols/two-phase-commit.ts';
import { check, defineSystem, sometimes } from '../../../src/index.ts';

const commit = defineSystem(twoPhaseCommit({ repeats: true, rms: 3 }));

test.each([
  ['fifo', {}],
  ['tape', {}],
  ['delay', { delaysMax: 9, schedules: 100_000 }],
] as const)('has not looked at everything by runs, not even at all of %s', (strategy, more) => {
  const small = defineSystem(twoPhaseCommit({ rms: 1 }));
  const never1 = sometimes('two commit', (view) => view.actor('rm2')?.value === 'committed');
  const properties = [sometimes('one aborts', () => false), never1];
  const report = check(small, { properties, strategy, ...more });
  expect(report).toMatchObject({ complete: false, undecided: ['one aborts', 'two commit'] });
  expect(report.notes.join(' ')).toContain('There is no other run that');
  // A name that is misspelt is told of all the same.
  expect(report.vacuous).toEqual([
    { property: 'two commit', why: 'it only asked for actors that never were: rm2' },
  ]);
});

test('says what it did not come to where it was cut short', () => {
  const far = sometimes('far', (view) => view.actor('rm1')?.value === 'committed');
  const cut = check(commit, { depthMax: 2, properties: [far] });
  expect(cut).toMatchObject({ complete: false, undecided: ['far'], violations: [] });
  const runs = check(commit, { properties: [far], schedules: 1, strategy: 'dpor' });
  expect(runs.undecided).toEqual(runs.reached.length === 0 ? ['far'] : []);
  const whole = check(commit, { properties: [sometimes('x', () => false)] });
  expect(whole).toMatchObject({ complete: true, undecided: [], violations: [{ property: 'x' }] });
});
