import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

import { plantedBugs } from '../../examples/protocols/planted-bugs.ts';
import { protocolScenarios } from '../../src/app/cli/scenarios/protocols.ts';
import { cli, inFolder } from './cli.ts';

const page = readFileSync('docs/protocols.md', 'utf8');
const guide = readFileSync('docs/writing-a-system.md', 'utf8');

test.each(Object.keys(protocolScenarios))(
  'shows in docs/protocols.md how many worlds %s has',
  (name) => {
    expect(page).toMatch(new RegExp(`^\\| \`${name}[ \`].* [\\d,]+ +\\| [\\d,]+ `, 'm'));
  },
);

test.each(plantedBugs)('says what $protocol that $bug is, and what it breaks', (one) => {
  const row = page.split('\n').find((line) => line.includes(`\`${one.bug}\``)) ?? '';
  expect(row.split('|').map((word) => word.trim())).toEqual(
    expect.arrayContaining([one.protocol, one.mistake, one.breaks]),
  );
});

test('shows in docs/writing-a-system.md the code that runs', () => {
  const [lock, cell] = ['lock', 'cell'].map((name) =>
    readFileSync(`examples/lock/${name}.ts`, 'utf8'),
  );
  const blocks = [...guide.matchAll(/```ts\n(.*?)```/gs)].map(([, block = '']) => block.trim());
  expect(blocks).toHaveLength(5);
  for (const block of blocks.slice(0, 3)) expect(lock).toContain(block);
  for (const block of blocks.slice(3)) expect(cell).toContain(block);
});

test('shows in docs/writing-a-system.md what the checks print', async () => {
  await inFolder(async (folder) => {
    const fine = await cli('check', 'examples/lock/lock.ts');
    const lossy = await cli(
      'check',
      'examples/lock/lock.ts',
      '--faults',
      'drop=1',
      '--out',
      folder,
    );
    const cell = 'examples/lock/cell.ts';
    const stale = await cli('check', cell, 'reads=copy', '--out', folder);
    expect((await cli('check', cell)).out).toContain('everything holds in all worlds');
    const shown = [...guide.matchAll(/```text\n\$ [^\n]*\n(.*?)```/gs)].map(
      ([, text = '']) => text,
    );
    for (const [index, { out }] of [stale, fine, lossy].entries())
      for (const line of (shown[index] ?? 'nothing').trimEnd().split('\n'))
        expect(out).toContain(line);
    expect([stale.code, fine.code, lossy.code]).toEqual([1, 0, 1]);
  });
});
