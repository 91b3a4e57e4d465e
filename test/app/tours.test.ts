import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

import { museum } from '../../examples/races/museum.ts';
import { tours } from '../../examples/races/tours.ts';
import { isStillSo, recordedOf } from '../../src/app/cli/races/record.ts';
import { cli } from './cli.ts';

// What searches more than that is looked at by `npm run evidence:races`.
const statesMax = 1_000;

const pages = tours
  .map(({ slug, title }) => ({
    page: new URL(`../../docs/races/${slug}.md`, import.meta.url),
    title,
  }))
  .filter(({ page }) => existsSync(page))
  .map(({ page, title }) => ({ text: readFileSync(page, 'utf8'), title }));

describe.each(pages)('the tour "$title"', ({ text, title }) => {
  test('begins with its title and shows at least two exhibits', () => {
    expect(text.startsWith(`# ${title}\n`)).toBe(true);
    expect(text.match(/^## \d/gm)?.length).toBeGreaterThan(1);
  });

  test('shows what its commands print', async () => {
    for (const { argv, id, shown } of commandsIn(text)) {
      if (!isCheap(id)) continue;
      const { code, out } = await cli(...argv);
      expect({ argv, code }).toEqual({ argv, code: 0 });
      for (const line of shown) expect(out).toContain(line);
    }
  });
});

test('each stop of each tour is named once', () => {
  for (const { stops } of tours) {
    const ids = stops.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  }
});

interface Command {
  readonly argv: readonly string[];
  readonly id: string;
  readonly shown: readonly string[];
}

function commandsIn(text: string): readonly Command[] {
  return [...text.matchAll(/```text\n\$ orrery ([^\n]*)\n([^`]*)```/g)].map(
    ([, command = '', printed = '']) => ({
      argv: command.split(' '),
      id: /(?:recorded|races)\/(?!recorded)([\w-]+)/.exec(command)?.[1] ?? '',
      shown: printed.split('\n').filter((line) => line !== '' && line !== '…'),
    }),
  );
}

/** Recordings of what has changed since are made anew by `npm run evidence:races`. */
function isCheap(id: string): boolean {
  const exhibit = museum.find((each) => each.id === id);
  if (exhibit === undefined) throw new Error(`A tour shows "${id}", which the museum has not.`);
  return isStillSo(exhibit) && (recordedOf(exhibit)?.fixed.states ?? statesMax) < statesMax;
}
