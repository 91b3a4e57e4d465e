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
