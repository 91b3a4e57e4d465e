import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

import { cli, inFolder, isOneMessage } from './cli.ts';

interface CheckJson {
  readonly violations: readonly { readonly steps: number; readonly trace: string }[];
}

// The counts of Stateright 0.31.
test.each([
  ['two-phase-commit', 'rms=3', 288, 1146, 11],
  ['two-phase-commit', 'rms=4', 1568, 8258, 14],
  ['single-copy-register', 'clients=2', 93, 121, 9],
  ['dining-philosophers', 'philosophers=5', 67, 336, 29],
])('gives the published counts of %s %s in JSON', async (...row) => {
  const [name, param, states, transitions, depth] = row;
  const { code, out } = await cli('check', name, '--param', param, '--json');
  expect(code).toBe(0);
  const report = JSON.parse(out) as Readonly<Record<string, unknown>>;
  expect(report).toMatchObject({
    complete: true,
    depth,
    scenario: name,
    schedules: 0,
    states,
    strategy: 'exhaustive',
    transitions,
    violations: [],
  });
  expect(report['reached']).not.toEqual([]);
  expect(report['elapsedMs']).toBeTypeOf('number');
});

test('says what holds, and which transitions were never taken', async () => {
  const { code, out } = await cli('check', 'two-phase-commit');
  expect(code).toBe(0);
  expect(out).toContain('✓ consistent\n');
  expect(out).toContain('✓ all commit (reached)\n');
  expect(out).toMatch(/everything holds in all worlds: 288 worlds, 1,146 transitions, depth 11, /);
  expect(out).toContain('never takes prepared: abort.decided [breaksItsWord] -> aborted');
});

test('says what share of the worlds that there are runs have seen', async () => {
  const words = ['check', 'two-phase-commit', '--strategy', 'random', '--schedules', '50'];
  const { out } = await cli(...words, '--known', '288');
  expect(out).toMatch(/Of the 288 worlds that there are, \d+ were seen: a share of [\d.]+ %\./);
  const json = JSON.parse((await cli(...words, '--known', '288', '--json')).out) as {
    readonly share: number;
    readonly states: number;
  };
  expect(json.share).toBeCloseTo(json.states / 288);
  expect((await cli(...words, '--known', '3')).out).toContain('there should only be 3');
});

test.each([
  ['--depth', '0'],
  ['--schedules', '0'],
  ['--known', 'many'],
])('names the option that is wrong: %s %s', async (option, value) => {
  const { code, err } = await cli('check', 'two-phase-commit', option, value);
  expect(code).toBe(2);
  expect(err).toContain(`'${option} <number>'`);
});

test.each(['./x.json', 'folder/system', 'some.trace.json'])(
  'says which files are systems, where it is given %s',
  async (path) => {
    const { code, err } = await cli('check', path);
    expect(code).toBe(2);
    expect(err).toContain('a system of your own comes from a file that ends in .ts');
  },
);

test('exits with 1 where not everything was looked at, if that is asked', async () => {
  const runs = ['check', 'two-phase-commit', '--strategy', 'fifo'];
  const some = await cli(...runs, '--json');
  expect(some.code).toBe(0);
  expect(JSON.parse(some.out)).toMatchObject({
    complete: false,
    undecided: ['all commit', 'all abort'],
  });
  const { code, out } = await cli(...runs, '--complete');
  expect(code).toBe(1);
  expect(out).toContain('  · all commit (not reached)\n');
  expect((await cli('check', 'two-phase-commit', '--complete')).code).toBe(0);
});

test('does not say that everything holds where nothing is stated', async () => {
  const { code, out } = await cli('check', 'ping-pong');
  expect(code).toBe(0);
  expect(out).toContain('no properties are stated');
  expect(out).toContain('no mistake shows in all worlds, and nothing is stated to hold: ');
  expect(out).not.toContain('everything holds');
});

describe('what is broken', () => {
  const planted = ['two-phase-commit', 'rms=3', 'bug=commits-without-all-votes'];

  test.each([[], ['--strategy', 'dfs'], ['--strategy', 'random', '--seed', '3']])(
    'is told as a story, written, and replayed: %s %s',
    async (...options) => {
      await inFolder(async (folder) => {
        const found = await cli('check', ...planted, '--out', folder, ...options);
        expect(found.code).toBe(1);
        expect(found.out).toMatch(/✗ consistent\n/);
        expect(found.out).toMatch(/"consistent" is broken by a run of 3 steps/);
        expect(found.out).toMatch(/: aborted\n/);
        const file = join(folder, 'two-phase-commit.consistent.trace.json');
        expect(found.out).toContain(`replay it with: orrery replay ${file}\n`);
        const replayed = await cli('replay', file);
        expect(replayed.out).toContain('the same as recorded');
        const [, tape = ''] = /tape: (.*)\n/.exec(found.out) ?? [];
        const again = await cli(
          'check',
          ...planted,
          '--out',
          folder,
          '--strategy',
          'tape',
          '--tape',
          tape,
        );
        expect(again.code).toBe(1);
      });
    },
  );

  test('comes with its steps and its trace in JSON', async () => {
    await inFolder(async (folder) => {
      const { code, out } = await cli('check', ...planted, '--out', folder, '--json');
      expect(code).toBe(1);
      const { violations } = JSON.parse(out) as CheckJson;
      expect(violations).toEqual([
        {
          property: 'consistent',
          steps: 3,
          trace: join(folder, 'two-phase-commit.consistent.trace.json'),
        },
      ]);
    });
  });

  test('does not take the place of what other parameters broke', async () => {
    await inFolder(async (folder) => {
      const traceOf = async (...params: readonly string[]): Promise<string | undefined> => {
        const { out } = await cli('check', ...planted, ...params, '--out', folder, '--json');
        return (JSON.parse(out) as CheckJson).violations[0]?.trace;
      };
      const place = (name: string): string => join(folder, `two-phase-commit.consistent${name}`);
      expect(await traceOf()).toBe(place('.trace.json'));
      expect(await traceOf('rms=4')).toBe(place('.2.trace.json'));
      expect(await traceOf('--untimed')).toBe(place('.3.trace.json'));
      // The same again has the same place, and a file that is no trace keeps its own.
      expect(await traceOf('rms=4')).toBe(place('.2.trace.json'));
      writeFileSync(place('.trace.json'), 'mine');
      expect(await traceOf()).toBe(place('.4.trace.json'));
      expect(await traceOf()).toBe(place('.4.trace.json'));
    });
  });

  test('by a fault that was asked for is replayed with that fault', async () => {
    await inFolder(async (folder) => {
      const module = join(folder, 'pinging.mts');
      writeFileSync(
        module,
        `import { defineSystem } from '${resolve('src/index.ts')}';
        import { ping } from '${resolve('test/explore/check/pinging.ts')}';
        export default defineSystem(ping());`,
      );
      expect((await cli('check', module)).code).toBe(0);
      const found = await cli('check', module, '--faults', 'drop=1', '--untimed', '--out', folder);
      expect(found.code).toBe(1);
      const file = join(folder, 'ping.answered.trace.json');
      expect(found.out).toContain(`replay ${file} --module ${module}\n`);
      const replayed = await cli('replay', file, '--module', module);
      expect(replayed.out).toContain('the same as recorded');
    });
  });
});

describe('says one message and exits with 2 for', () => {
  test.each([
    ['an unknown scenario', ['nothing'], /no scenario "nothing"/],
    ['an unknown parameter', ['two-phase-commit', 'cms=3'], /no parameter "cms".*"rms"/],
    ['no parameter', ['two-phase-commit', '3'], /name=value/],
    ['a parameter that is negative', ['two-phase-commit', 'rms=-1'], /from 1 to/],
    ['an unknown bug', ['two-phase-commit', 'bug=gremlin'], /"bug" is "gremlin".*commits-without/],
    ['an unknown strategy', ['paxos', '--strategy', 'luck'], /no strategy "luck".*exhaustive/],
    [
      'an unknown property',
      ['paxos', '--properties', 'fair'],
      /no property "fair".*"linearizable"/,
    ],
    ['an unknown fault', ['paxos', '--faults', 'lose=1'], /no fault "lose".*drop/],
    ['a fault without number', ['paxos', '--faults', 'drop'], /kind=number/],
    ['a fault that is negative', ['paxos', '--faults', 'drop=-1'], /0 or more/],
    ['a negative number', ['paxos', '--schedules', '-4'], /1 or more/],
    [
      'no schedule',
      ['paxos', '--schedules', '0', '--strategy', 'random'],
      /schedules <number>.*1 or more/s,
    ],
    ['no symmetry', ['paxos', '--symmetry'], /"paxos" declares no interchangeable actors/],
    ['no actor', ['paxos', '--symmetry', 'client1,client9'], /client9/],
    ['two times', ['paxos', '--timed', '--untimed'], /not both/],
    ['a share that is none', ['paxos', '--fault-rate', '2'], /from 0 to 1/],
  ])('%s', async (_, argv, message) => {
    const spoken = await cli('check', ...argv);
    expect(spoken.code).toBe(2);
    expect(spoken.out).toBe('');
    expect(spoken.err).toMatch(message);
    expect(spoken.err).not.toMatch(/\n\s+at /);
    expect(existsSync('traces')).toBe(false);
  });

  test('a property that throws', async () => {
    const spoken = await cli('check', 'test/app/modules/throwing.ts');
    expect(spoken.err).toMatch(/The property "asks too much" threw: .*non-object/);
    expect(isOneMessage(spoken)).toBe(true);
  });
});
