import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { cli, inFolder, isOneMessage } from './cli.ts';

const keys = [
  'id',
  'component',
  'property',
  'live',
  'found',
  'schedules',
  'states',
  'steps',
  'faults',
  'fixedHolds',
  'fixedComplete',
  'trace',
];

test('finds a race now, tells it, and writes a trace that comes out again', async () => {
  await inFolder(async (folder) => {
    const argv = ['races', 'self-remote-timeout', '--seeds', '1', '--out', folder];
    const { code, out } = await cli(...argv);
    expect(code).toBe(0);
    expect(out).toContain('"P12" is broken');
    expect(out).toContain('FAULT: before anything else comes, a call of worker0 times out');
    expect(out).toContain('holds in all');
    const file = join(folder, 'self-remote-timeout.trace.json');
    expect(await cli('replay', file, '--quiet')).toMatchObject({ code: 0 });
  });
});

test('prints one as an array with one element', async () => {
  await inFolder(async (folder) => {
    const argv = ['races', 'self-remote-timeout', '--seeds', '1', '--json', '--out', folder];
    const { out } = await cli(...argv);
    const [only, ...others] = JSON.parse(out);
    expect(others).toEqual([]);
    expect(Object.keys(only)).toEqual(keys);
    expect(only).toMatchObject({ found: true, live: true, fixedHolds: true, fixedComplete: true });
  });
});

test('names the races that come nearest to what is none', async () => {
  const refused = await cli('races', 'overtake-create');
  expect(isOneMessage(refused)).toBe(true);
  expect(refused.err).toContain('Nearest to it: "delete-overtakes-create"');
  expect(refused.err).toContain('are listed by orrery races.');
  expect(refused.err.length).toBeLessThan(300);
});

test('says before it measures that its traces cannot be written', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'no-folder');
    writeFileSync(file, '');
    // Where nothing can be made: Node's own way to make folders would never end.
    for (const out of [file, join(file, 'below'), '/proc/orrery/traces']) {
      const refused = await cli('races', 'late-duplicate-fork-request', '--out', out);
      expect(isOneMessage(refused)).toBe(true);
      expect(refused.err).toContain('is no folder that can be written to');
    }
  });
});
