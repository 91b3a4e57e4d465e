/** Takes the figures of backward passes alone, and writes them into the page of benchmarks. */
import { readFileSync, writeFileSync } from 'node:fs';

import { backwardNodes } from './backward-nodes.ts';
import { backwardPasses } from './backward-passes.ts';
import { formatSection } from './section.ts';
import type { Section } from './section.ts';

const file = new URL('../docs/bench.md', import.meta.url);

for (const take of [backwardNodes, backwardPasses]) {
  const section = take();
  writeFileSync(file, withSection(readFileSync(file, 'utf8'), section));
  process.stdout.write(`${formatSection(section)}\n`);
}

/** The page with the section in place of the one of its title, or at the end. */
function withSection(page: string, section: Section): string {
  const parts = page.split(/\n(?=## )/).map((part) => part.trimEnd());
  const text = formatSection(section).trimEnd();
  const at = parts.findIndex((part) => part.startsWith(`## ${section.title}\n`));
  const all = at < 0 ? [...parts, text] : parts.with(at, text);
  return `${all.join('\n\n')}\n`;
}
