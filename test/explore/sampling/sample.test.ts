import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createMachine } from 'xstate';

import { paxos } from '../../../examples/protocols/paxos.ts';
import {
  twoPhaseCommit,
  twoPhaseCommitProperties,
} from '../../../examples/protocols/two-phase-commit.ts';
import {
  agree,
  always,
  atQuiescence,
  byCoverage,
  byDelays,
  byFifo,
  byPct,
  byPos,
  byRandom,
  bySurw,
  byTape,
  deadlockFree,
  defineSystem,
  eventually,
  leadsTo,
  never,
  runSystem,
  sample,
  sometimes,
} from '../../../src/index.ts';
import type { Strategy, View } from '../../../src/index.ts';
import { pingPong } from '../../support/ping-pong.ts';
import { campaignLines } from './campaigns.ts';

const commit = defineSystem(twoPhaseCommit({ rms: 3 }));
const isCommitted = (view: View): boolean => view.actor('rm1')?.value === 'committed';

describe('a campaign of samples', () => {
  test('runs as many schedules as it is told, and finds nothing where nothing is', () => {
    const report = sample(commit, {
      properties: twoPhaseCommitProperties({ rms: 3 }),
      schedules: 200,
    });
    expect(report).toMatchObject({ cut: 0, exhausted: false, schedules: 200, strategy: 'random' });
    expect(report.violations).toEqual([]);
    expect(report.states).toBeLessThanOrEqual(288);
    expect(report.depth).toBeGreaterThan(5);
  });

  test('is the same for the same seed, and another for another', () => {
    const [first, second, third] = [3, 3, 4].map((seed) => sample(commit, { schedules: 50, seed }));
    expect(first).toEqual(second);
    expect(first).not.toEqual(third);
  });

  test('is the same in another process, by every strategy', () => {
    const script = fileURLToPath(new URL('campaigns-elsewhere.ts', import.meta.url));
    const { stderr, stdout } = spawnSync(process.execPath, ['--import', 'tsx', script], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    const lines = campaignLines();
    expect(stdout.trimEnd().split('\n')).toEqual(lines);
    // Something was found that could have differed.
    expect(lines.join()).toContain('"property":"prepared"');
  });

  test('stops at the first violation, whose tape makes the run again', () => {
    const properties = [never('committed', isCommitted)];
    const report = sample(commit, { properties, schedules: 1_000 });
    const [violation] = report.violations;
    expect(violation?.property).toBe('committed');
    expect(violation?.schedule).toBe(report.schedules - 1);
    expect(violation?.difference).toBeUndefined();
    const { run } = violation ?? {};
    const stepsMax = (run?.steps.length ?? 0) - 1;
    expect(runSystem(commit, { stepsMax, tape: run?.tape ?? [] }).hash).toBe(run?.hash);
  });

  test('goes on until it has as many violations as were asked for', () => {
    const properties = [never('committed', isCommitted)];
    const report = sample(commit, { properties, schedules: 1_000, violationsMax: 3 });
    expect(report.violations).toHaveLength(3);
    expect(new Set(report.violations.map(({ schedule }) => schedule)).size).toBe(3);
  });

  test('makes the one run that there is, and says that the strategy has no other', () => {
    const report = sample(commit, { schedules: 10, strategy: byFifo() });
    expect(report).toMatchObject({ exhausted: true, schedules: 1, states: 1 });
  });

  test('makes the run of a tape, and counts what does not fit', () => {
    const found = sample(commit, { properties: [never('c', isCommitted)] }).violations[0]?.run;
    const tape = found?.tape ?? [];
    const again = sample(commit, {
      properties: [never('c', isCommitted)],
      strategy: byTape(tape),
    });
    expect(again.violations[0]?.run?.hash).toBe(found?.hash);
    expect(again.notes).toEqual([]);
    const odd = byTape([
      { at: 'end', take: 'nothing of that name' },
      ...tape,
      { at: 'x', take: 'y' },
    ]);
    expect(sample(commit, { strategy: odd }).notes[0]).toMatch(
      /^\d+ of \d+ departures did not fit/,
    );
  });

  test('cuts runs that do not end, and says how many', () => {
    const system = defineSystem(pingPong({ rounds: 100 }));
    expect(sample(system, { schedules: 5, stepsMax: 7 })).toMatchObject({ cut: 5, depth: 8 });
  });

  test('counts no more worlds than it may', () => {
    const report = sample(commit, { schedules: 100, statesMax: 20 });
    expect(report.states).toBe(20);
    expect(report.notes).toEqual(['Only the first 20 worlds were counted.']);
    expect(sample(commit, { schedules: 5, statesMax: 0 }).estimate).toBeUndefined();
  });

  test('estimates what the next run would show: less and less', () => {
    const few = sample(commit, { schedules: 20 }).estimate;
    const many = sample(commit, { schedules: 1_500 }).estimate;
    expect(few?.showsNew).toBeGreaterThan(0.3);
    expect(many?.showsNew).toBeLessThan(0.1);
    expect(many?.newWorlds).toBeLessThan(0.1);
  });

  test('refuses what is no limit', () => {
    expect(() => sample(commit, { schedules: -1 })).toThrow(/`schedules` is -1/);
  });
});

function isServed(view: View): boolean {
  return view.actor('a')?.value === 'served';
}

describe('what a campaign says of properties', () => {
  const system = defineSystem(paxos({ clients: 2 }));

  test('that it reached what it speaks of', () => {
    const committed = sometimes('committed', isCommitted);
    const both = sometimes('both', (view) => isCommitted(view) && view.actor('rm2') === undefined);
    const report = sample(commit, { properties: [committed, both], schedules: 300 });
    expect(report.reached).toEqual(['committed']);
    // Another run may come to it.
    expect(report).toMatchObject({ undecided: ['both'], vacuous: [], violations: [] });
  });

  test('that nothing came to rest', () => {
    const ping = defineSystem(pingPong({ rounds: 100 }));
    const done = atQuiescence('done', () => false);
    expect(sample(ping, { properties: [done], schedules: 3, stepsMax: 5 })).toMatchObject({
      vacuous: ['done'],
      violations: [],
    });
    expect(sample(ping, { properties: [deadlockFree()] }).violations[0]?.property).toBe(
      'deadlock freedom',
    );
  });

  test('that something owed never came, where a run has ended', () => {
    const served = eventually('served', (view) => view.actor('client1')?.value === 'served');
    const asked = leadsTo('asked', {
      from: (view) => view.actor('client1')?.value === 'writing',
      to: (view) => view.actor('client1')?.value === 'served',
    });
    // Two proposers can block one another.
    for (const property of [served, asked]) {
      const [violation] = sample(system, { properties: [property] }).violations;
      expect(violation).toMatchObject({ property: property.name, run: { ended: 'quiescent' } });
    }
    const never1 = leadsTo('never', { from: () => false, to: () => false });
    expect(sample(system, { properties: [never1], schedules: 10 }).vacuous).toEqual(['never']);
  });

  test('that something owed is missed wherever the system rests, beside all else that breaks there', () => {
    const asker = createMachine({
      initial: 'idle',
      states: { idle: { on: { ask: 'waiting' } }, waiting: {}, served: {} },
    });
    const properties = [
      deadlockFree(() => false),
      eventually('served', isServed),
      leadsTo('asked', { from: (view) => view.actor('a')?.value === 'waiting', to: isServed }),
    ];
    const deaf = defineSystem({
      name: 'deaf',
      // The environment could ask for ever, but owes nothing.
      actors: [{ address: 'a', inputs: [{ event: { type: 'ask' } }], machine: asker }],
    });
    const brokenBy = (strategy: Strategy, asked = properties): readonly string[] =>
      sample(deaf, { properties: asked, strategy }).violations.map(({ property }) => property);
    for (const strategy of [
      byFifo(),
      byRandom(),
      byPct(),
      byPos(),
      bySurw(),
      byCoverage(),
      byDelays(),
    ]) {
      expect(brokenBy(strategy)).toEqual(['deadlock freedom', 'served']);
      expect(brokenBy(strategy, properties.slice(1))).toEqual(['served']);
    }
    // What a run that was ended by something else did not get to is left open, not held in vain.
    expect(sample(deaf, { properties })).toMatchObject({ undecided: ['asked'], vacuous: [] });
    expect(brokenBy(byRandom(), properties.slice(2))).toEqual(['asked']);
  });

  test('that two ends differ, and which', () => {
    const one = agree('one value', (view) => view.actor('client1')?.value);
    const [violation] = sample(system, { properties: [one] }).violations;
    expect(violation?.property).toBe('one value');
    expect(violation?.other?.run.hash).not.toBe(violation?.run?.hash);
  });

  test('that one threw, by its name', () => {
    const bad = always('bad', () => {
      throw new Error('no such field');
    });
    expect(() => sample(commit, { properties: [bad] })).toThrow(/"bad" threw: no such field/);
  });
});
