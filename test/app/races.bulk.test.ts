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

test('refuses what is no race', async () => {
  expect(isOneMessage(await cli('races', 'no-such-race'))).toBe(true);
});
