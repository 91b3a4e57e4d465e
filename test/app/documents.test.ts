import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { cli, inFolder } from './cli.ts';

test('shows in the README what the command prints', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'sharing.json');
    await cli('run', 'sharing-among-users', '--out', file);
    const { out } = await cli('show', file);
    expect(readFileSync('README.md', 'utf8')).toContain(`\`\`\`text\n${out}\`\`\``);
  });
});

test('shows in docs/cli.md what a run prints', async () => {
  const { out } = await cli('run', 'ping-pong', '--param', 'hits=1');
  expect(readFileSync('docs/cli.md', 'utf8')).toContain(`--param hits=1\n${out}\`\`\``);
});

test('shows in docs/cli.md how a replay ends', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'ping-pong.json');
    await cli('run', 'ping-pong', '--param', 'hits=1', '--out', file);
    const { out } = await cli('replay', file, '--quiet');
    const [, shown = ''] =
      /\$ orrery replay traces\/ping-pong\.trace\.json\n…\n([^`]*)```/.exec(
        readFileSync('docs/cli.md', 'utf8'),
      ) ?? [];
    expect(shown).toMatch(/hash [0-9a-f]{16}\n/);
    expect(out).toContain(shown);
  });
});

test('shows in docs/cli.md how a trace is made small', async () => {
  await inFolder(async (folder) => {
    const [long, small] = [join(folder, 'long.trace.json'), join(folder, 'small.trace.json')];
    const [, command = '', shown = ''] =
      /\$ orrery (run [^\n]*) --out long\.trace\.json\n…\n\$ orrery shrink [^\n]*\n…\n([^`]*)trace small/.exec(
        readFileSync('docs/cli.md', 'utf8'),
      ) ?? [];
    expect(shown).toContain('is broken');
    await cli(...command.split(' '), '--out', long);
    const { out } = await cli('shrink', long, '--property', 'consistent', '--out', small);
    expect(out).toContain(shown);
  });
});

const timeless = (text: string): string => text.replaceAll(/\d+\.\d s\n/g, '? s\n');

test.each(['README.md', 'docs/cli.md'])('shows in %s what a check prints', async (page) => {
  const { out } = await cli('check', 'two-phase-commit');
  expect(timeless(readFileSync(page, 'utf8'))).toContain(`${timeless(out)}\`\`\``);
});

test('shows in the README a test that is one', () => {
  const [, shown = ''] =
    /```ts\n(import [^`]*toHold[^`]*)```/.exec(readFileSync('README.md', 'utf8')) ?? [];
  const tested = readFileSync('test/testing/ten-lines.test.ts', 'utf8')
    .replace('../../src/index.ts', 'orrery')
    .replace('../../src/testing/index.ts', 'orrery/testing')
    .replace('../../examples/tutorials/', './');
  // The formatter puts imports in the order of their places.
  expect(shown.split('\n').toSorted()).toEqual(tested.split('\n').toSorted());
});
