/**
 * Takes figures in full and writes them down with the commit that they were taken on. Each section can be
 * taken by itself, `npm run evidence -- counts bugs`: the others stay as they are.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

import { gradientOrders } from './gradient-orders.ts';
import { interleavings } from './interleavings.ts';
import { foundHazards } from './live-hazards.ts';
import { plantedMistakes } from './planted-bugs.ts';
import { recordedModes } from './recorded-modes.ts';
import { recordedPrograms } from './recorded-programs.ts';
import { formatSection } from './section.ts';
import type { Section } from './section.ts';
import { stateCounts } from './state-counts.ts';

/** In the order of the page. */
const sections: Readonly<Record<string, () => Promise<Section> | Section>> = {
  counts: stateCounts,
  reduction: interleavings,
  gradients: gradientOrders,
  hazards: foundHazards,
  bugs: plantedMistakes,
  programs: recordedPrograms,
  modes: recordedModes,
};

const file = new URL('../docs/evidence.md', import.meta.url);
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
const names = Object.keys(sections);
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no section ${unknown.join(', ')}. There are ${names.join(', ')}.\n`,
  );
  process.exit(2);
}

for (const name of asked.length === 0 ? names : asked) {
  const take = sections[name];
  if (take === undefined) continue;
  const { method, ...rest } = await take();
  const text = formatSection({ ...rest, method: `${method} (Taken on commit ${commit}.)` });
  // Each is written as soon as it is there: what comes after may take long.
  writeFileSync(file, withSection(readFileSync(file, 'utf8'), name, text));
  process.stdout.write(`${text}\n`);
}

/** The page with a section in its place, which a comment marks. */
function withSection(page: string, name: string, text: string): string {
  const known = new Map(
    [...page.matchAll(/<!-- (\w+) -->\n([^]*?)(?=<!-- \w+ -->|$)/g)].map(
      ([, key = '', body = '']) => [key, body.trim()] as const,
    ),
  );
  known.set(name, text.trim());
  const head = [
    '# Evidence',
    '',
    'Written by `npm run evidence`, in all or section by section (`npm run evidence -- ' +
      `${names.join(' ')}\`). \`npm run bench\` writes the figures of speed.`,
    '',
  ];
  const body = names.flatMap((key) => {
    const one = known.get(key);
    return one === undefined ? [] : [`<!-- ${key} -->`, '', one, ''];
  });
  return [...head, ...body].join('\n');
}
