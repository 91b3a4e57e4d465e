import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { cli, inFolder, isOneMessage } from './cli.ts';

test('replays what it ran: the same event log, the same hash', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'game.json');
    const ran = await cli(
      'run',
      'two-phase-commit',
      '--param',
      'rms=2',
      '--param',
      'repeats=false',
      '--seed',
      '7',
      '--out',
      file,
    );
    const replayed = await cli('replay', file);
    expect(ran.code).toBe(0);
    expect(replayed.code).toBe(0);
    expect(ran.out.split('\n').length).toBeGreaterThan(10);
    const [log] = ran.out.split('trace ');
    expect(replayed.out).toBe(`${log}the same as recorded\n`);
    expect(log).toMatch(/hash [0-9a-f]{16}\n$/);
  });
});

test('replays up to a step', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'game.json');
    await cli('run', 'ping-pong', '--out', file);
    const { code, out } = await cli('replay', file, '--to', '2');
    expect(code).toBe(0);
    expect(out).toContain('#2 ');
    expect(out).not.toContain('#3 ');
    expect(isOneMessage(await cli('replay', file, '--to', '99', '--quiet'))).toBe(true);
  });
});

test('says at which step a replay differs and why, and exits with 1', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'game.json');
    await cli('run', 'ping-pong', '--out', file);
    edit(file, (trace) => {
      const log = trace['log'] as { hash: string }[];
      log[3] = { ...log[3], hash: '00000000' };
    });
    const { code, out } = await cli('replay', file);
    expect(code).toBe(1);
    expect(out).toMatch(
      /differs from the recording at step 4: after "deliver ball.arrived pong -> ping"/,
    );
    const shown = await cli('show', file);
    expect(shown.code).toBe(1);
    expect(shown.err).toContain('differs from the recording at step 4');
    const asJson = await cli('replay', file, '--json');
    expect(JSON.parse(asJson.out)).toMatchObject({ same: false, step: 4 });
    expect(asJson.code).toBe(1);
  });
});

test('refuses a trace whose departure is from a point that never comes, before it shows anything', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'game.json');
    await cli('run', 'two-phase-commit', '--seed', '3', '--steps-max', '40', '--out', file);
    edit(file, (trace) => {
      const [first, ...others] = trace['departures'] as { at: string }[];
      trace['departures'] = [{ ...first, at: 'never' }, ...others];
    });
    expect(isOneMessage(await cli('replay', file))).toBe(true);
    expect(isOneMessage(await cli('show', file))).toBe(true);
  });
});

test('says how to go on where a system waits for inputs', async () => {
  const { code, out } = await cli('run', 'two-phase-commit');
  expect(code).toBe(0);
  expect(out).toMatch(/\nnothing happened: this system waits for inputs.*try --seed 1\n$/);
  expect((await cli('run', 'ping-pong')).out).not.toContain('nothing happened');
  expect((await cli('run', 'two-phase-commit', '--seed', '1')).out).not.toContain('try --seed');
});

test('follows a tape that another run took', async () => {
  const walked = await cli('run', 'two-phase-commit', '--seed', '5', '--steps-max', '60', '--json');
  const { hash, tape } = JSON.parse(walked.out) as { readonly hash: string; readonly tape: string };
  expect(tape).not.toBe('');
  const again = await cli('run', 'two-phase-commit', '--tape', tape, '--steps-max', '60', '--json');
  expect(JSON.parse(again.out)).toMatchObject({ hash, tape });
});

test('draws a trace for a terminal and for Mermaid', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'game.json');
    await cli('run', 'ping-pong', '--out', file);
    const text = await cli('show', file);
    expect(text.out).toMatch(/├─+ ball\.arrived ─+>│/);
    expect(Math.max(...text.out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    const diagram = await cli('show', file, '--format', 'mermaid');
    expect(diagram.out).toMatch(/^sequenceDiagram\n/);
    const asJson = await cli('show', file, '--format', 'mermaid', '--json');
    expect(JSON.parse(asJson.out)).toMatchObject({ diagram: diagram.out, same: true });
  });
});

test.each([
  ['run', 'ping-pong'],
  ['run', 'two-phase-commit', '--seed', '1', '--steps-max', '60'],
  ['list'],
])('prints exactly one JSON object for %s %s', async (...argv) => {
  const { code, err, out } = await cli(...argv, '--json');
  expect(code).toBe(0);
  expect(out.trimEnd()).not.toContain('\n');
  expect(JSON.parse(out)).toBeTypeOf('object');
  expect(err).not.toBe('');
});

test.each([
  [],
  ['check'],
  ['run'],
  ['replay'],
  ['shrink'],
  ['show'],
  ['list'],
  ['conform'],
  ['demo'],
])('shows help with an example for "%s"', async (...command) => {
  const { code, out } = await cli(...command, '--help');
  expect(code).toBe(0);
  expect(out).toContain(`Usage: ${['orrery', ...command].join(' ')} [options]`);
  expect(out).toMatch(/Examples?:\n {2}\$ orrery /);
});

test.each([
  ['an unknown scenario', ['run', 'pong-ping'], /no scenario "pong-ping".*"ping-pong"/],
  [
    'an unknown parameter',
    ['run', 'ping-pong', '--param', 'balls=2'],
    /no parameter "balls".*"hits"/,
  ],
  ['a parameter without value', ['run', 'ping-pong', '--param', 'hits'], /name=value/],
  [
    'a parameter of another type',
    ['run', 'ping-pong', '--param', 'hits=many'],
    /should be a number/,
  ],
  ['a tape that is none', ['run', 'ping-pong', '--tape', 'nonsense'], /"nonsense" is no departure/],
  ['a parameter out of bounds', ['run', 'ping-pong', '--param', 'hits=0'], /from 1 to/],
  [
    'a parameter named like a part of objects',
    ['run', 'ping-pong', '--param', '__proto__=1'],
    /no parameter/,
  ],
  ['a tape and a seed', ['run', 'ping-pong', '--seed', '1', '--tape', 'a>b'], /not both/],
  ['a tape that does not fit', ['run', 'ping-pong', '--tape', 'end>b'], /"b" was to be taken/],
  ['a trace that is not there', ['replay', '/no/such/file.json'], /cannot be read/],
  ['a module that is not there', ['run', './no-such-module.ts'], /cannot be loaded/],
])('says one message for %s', async (_, argv, message) => {
  const spoken = await cli(...argv, '--quiet');
  expect(spoken.err).toMatch(message);
  expect(isOneMessage(spoken)).toBe(true);
});

test('says in JSON too what was wrong', async () => {
  const { code, err, out } = await cli('run', 'pong-ping', '--json');
  expect(code).toBe(2);
  expect(JSON.parse(out)).toMatchObject({ error: { code: 'cli/unknown-scenario' } });
  expect(err).toContain('no scenario');
});

test.each([
  ['no JSON', () => '{', /not JSON/],
  ['no trace', () => '[1]', /no trace/],
  ['a newer version', change((trace) => (trace['version'] = 2)), /version 2.*Update Orrery/],
  [
    'another scenario',
    change(
      (trace) =>
        (trace['system'] = { ...Object(trace['system']), name: 'two-phase-commit', params: {} }),
    ),
    /another version of the system/,
  ],
  [
    'a scenario that nobody knows',
    change((trace) => (trace['system'] = { ...Object(trace['system']), name: './evil.ts' })),
    /none of the scenarios/,
  ],
  [
    'a parameter that nobody knows',
    change((trace) => (trace['system'] = { ...Object(trace['system']), params: { x: 1 } })),
    /no parameter "x"/,
  ],
  [
    'a choice that does not exist',
    change((trace) => {
      trace['departures'] = [{ at: 'end', take: 'crash:moon#0' }];
      trace['tape'] = 'end>crash:moon#0';
    }),
    /Step 7 of 6 cannot be replayed.*"crash:moon#0"/,
  ],
] as const)('says one message for a trace that is %s', async (_, broken, message) => {
  await inFolder(async (folder) => {
    const file = join(folder, 'game.json');
    await cli('run', 'ping-pong', '--out', file);
    writeFileSync(file, broken(readFileSync(file, 'utf8')));
    for (const command of ['replay', 'show']) {
      const spoken = await cli(command, file, ...(command === 'replay' ? ['--quiet'] : []));
      expect(spoken.err).toMatch(message);
      expect(isOneMessage(spoken)).toBe(true);
    }
  });
});

test('writes nothing when the input was bad', async () => {
  await inFolder(async (folder) => {
    await cli('run', 'ping-pong', '--param', 'hits=0', '--out', join(folder, 'a.json'));
    await cli('run', 'ping-pong', '--tape', 'end>b', '--out', join(folder, 'b.json'));
    expect(readdirSync(folder)).toEqual([]);
  });
});

type Edit = (trace: Record<string, unknown>) => void;

function change(how: Edit): (text: string) => string {
  return (text) => {
    const trace = JSON.parse(text) as Record<string, unknown>;
    how(trace);
    return JSON.stringify(trace);
  };
}

function edit(file: string, how: Edit): void {
  writeFileSync(file, change(how)(readFileSync(file, 'utf8')));
}
