/** Measures, prints ratios taken in one run, and writes them down. */
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

import { backwardNodes } from './backward-nodes.ts';
import { backwardPasses } from './backward-passes.ts';
import { drawnRuns } from './drawn-runs.ts';
import { againstSpin, largeSearches } from './exhaustive.ts';
import { plainPath } from './plain-path.ts';
import { randomWalks } from './random-walks.ts';
import { formatSection } from './section.ts';
import { shrinking } from './shrinking.ts';

const measured = [
  plainPath(),
  againstSpin(),
  largeSearches(),
  randomWalks(),
  await drawnRuns(),
  shrinking(),
  backwardNodes(),
  backwardPasses(),
];
const sections = measured.map(formatSection);
const page = [
  '# Benchmarks',
  '',
  'Written by `npm run bench`. Ratios were taken within one run and carry over to other machines; ' +
    'rates do not.',
  '',
  `Node ${process.versions.node}, ${availableParallelism()} cores.`,
  '',
  ...sections,
].join('\n');

writeFileSync(new URL('../docs/bench.md', import.meta.url), page);
process.stdout.write(`${page}\n`);
