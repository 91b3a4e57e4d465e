/** Writes the guided tours of the museum, `docs/races/*.md`, from what was measured. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

import type { Exhibit } from '../examples/races/exhibit.ts';
import { rpcMeanings } from '../examples/races/meanings.ts';
import { museum } from '../examples/races/museum.ts';
import { tours } from '../examples/races/tours.ts';
import type { Tour } from '../examples/races/tours.ts';
import { isStillSo, recordedOf } from '../src/app/cli/races/record.ts';
import { amount } from '../src/app/cli/terminal/words.ts';
import { recordedSteps } from './recorded-steps.ts';

/** Writes a page for each tour of which at least two exhibits are recorded as they come out today, and a list of them. */
export function writeTours(): void {
  const shown = tours.filter((tour) => stopsOf(tour).length > 1);
  for (const tour of shown) {
    const text = pageOf(tour).join('\n').trimEnd();
    writeFileSync(new URL(`../docs/races/${tour.slug}.md`, import.meta.url), `${text}\n`);
  }
  const list = shown.map(({ about, slug, title }) => `- [${title}](${slug}.md). ${about}`);
  const head = [
    '# Guided tours of the museum',
    '',
    'A bug, its fix that is a bug itself, and what is right.',
    '',
  ];
  const text = [...head, ...list].join('\n');
  writeFileSync(new URL('../docs/races/tours.md', import.meta.url), `${text}\n`);
}

interface Stop {
  readonly before: string;
  readonly exhibit: Exhibit;
}

function stopsOf({ stops }: Tour): readonly Stop[] {
  return stops.flatMap(({ before, id }) => {
    const exhibit = museum.find((each) => each.id === id);
    return exhibit !== undefined && isStillSo(exhibit) ? [{ before, exhibit }] : [];
  });
}

function pageOf(tour: Tour): readonly string[] {
  const { about, end, title } = tour;
  return [
    `# ${title}`,
    '',
    about,
    '',
    ...stopsOf(tour).flatMap((stop, index) => chapterOf(stop, index + 1)),
    '## What is right',
    '',
    end,
  ];
}

function chapterOf({ before, exhibit }: Stop, number: number): readonly string[] {
  const { fix, happens, id, of, title, when } = exhibit;
  const replay = `replay examples/races/recorded/${id}.trace.json --quiet`;
  return [
    `## ${number}. ${title[0]?.toUpperCase() ?? ''}${title.slice(1)}`,
    '',
    `${before} (${of}, ${when}: \`orrery races ${id}\` finds it.)`,
    '',
    happens,
    '',
    '```text',
    ...recordedSteps(exhibit, rpcMeanings),
    '```',
    '',
    '```text',
    `$ orrery ${replay}`,
    ...printedBy(replay),
    '```',
    '',
    `**The fix.** ${fix}`,
    '',
    ...fixedLines(exhibit),
  ];
}

/** What the command prints, from the sources. */
function printedBy(command: string): readonly string[] {
  const argv = ['--import', 'tsx', 'src/app/cli/main.ts', ...command.split(' ')];
  return execFileSync('node', argv, { encoding: 'utf8' }).trimEnd().split('\n');
}

function fixedLines(exhibit: Exhibit): readonly string[] {
  const fixed = recordedOf(exhibit)?.fixed;
  if (fixed === undefined || !fixed.complete || fixed.broken !== null) return [];
  return [
    '```text',
    `$ orrery check races/${exhibit.id} switch=off`,
    '…',
    `everything holds in all worlds: ${amount(fixed.states)} worlds`,
    '```',
    '',
  ];
}
