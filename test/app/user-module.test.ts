import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { cli, inFolder, isOneMessage } from './cli.ts';

const modules = 'test/app/modules';

test('runs a scenario from a module, and replays its trace with the module named', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'clocks.json');
    const module = `${modules}/counting.ts`;
    const ran = await cli('run', module, '--param', 'clocks=3', '--seed', '1', '--out', file);
    expect(ran.code).toBe(0);
    expect(ran.out).toContain('clock2');
    expect((await cli('replay', file, '--module', module)).out).toContain('the same as recorded');
    const unnamed = await cli('replay', file);
    expect(unnamed.err).toMatch(/is of "counting".*--module/);
    expect(isOneMessage(unnamed)).toBe(true);
  });
});

test('refuses a machine that awaits a promise, with the remedy', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'never.json');
    const spoken = await cli('run', `${modules}/awaiting.ts`, '--out', file);
    expect(spoken.err).toMatch(/"profile".*"loading".*"fetchUser".*outcomes\(/);
    expect(isOneMessage(spoken)).toBe(true);
    expect(existsSync(file)).toBe(false);
  });
});

test('says what a module should export', async () => {
  const spoken = await cli('run', `${modules}/empty.ts`);
  expect(spoken.err).toMatch(/exports no system: its exports are "nothing"\. Write export default/);
  expect(isOneMessage(spoken)).toBe(true);
});

test('says in one line why a module does not compile', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'broken.ts');
    writeFileSync(file, 'export const system = {{;');
    const spoken = await cli('run', file);
    expect(spoken.err).toMatch(/broken\.ts" cannot be loaded: .*Expected/);
    expect(isOneMessage(spoken)).toBe(true);
  });
});
