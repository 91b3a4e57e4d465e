import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { scenarios } from '../../src/app/cli/scenarios.ts';
import { cli } from './cli.ts';

const folder = 'docs/learn';
const lessons = readdirSync(folder).filter((name) => /^\d/.test(name));

interface Shown {
  readonly command: readonly string[];
  readonly lines: readonly string[];
}

/** The commands of a lesson, and what it shows of their output. */
function shownIn(name: string): readonly Shown[] {
  const text = readFileSync(join(folder, name), 'utf8');
  return [...text.matchAll(/```text\n([^`]*)```/g)].map(([, block = '']) => {
    const [first = '', ...lines] = block.trimEnd().split('\n');
    return { command: first.replace(/^\$ /, '').split(' ').slice(1), lines };
  });
}

const all = lessons.flatMap((name) => shownIn(name).map((shown) => ({ name, ...shown })));

test('has five lessons, each with a run to walk along', () => {
  expect(lessons).toHaveLength(5);
  const walks = all.filter(({ command }) => command[0] === 'step');
  expect(new Set(walks.map(({ name }) => name)).size).toBe(5);
  for (const { command } of walks) expect(Object.keys(scenarios)).toContain(command[1]);
});

const quoted = all.filter(({ lines }) => lines.length > 0);

test.each(quoted)('shows in $name what $command prints', async ({ command, lines }) => {
  const { code, out } = await cli(...command);
  expect(code).toBe(0);
  let from = 0;
  for (const line of lines) {
    const at = out.indexOf(line, from);
    expect({ isShown: at >= from, line }).toEqual({ isShown: true, line });
    from = at + line.length;
  }
});
