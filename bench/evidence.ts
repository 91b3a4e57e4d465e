/** Takes the figures in full and writes them down with the commit that they were taken on. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

import { interleavings } from './interleavings.ts';
import { foundHazards } from './live-hazards.ts';
import { plantedMistakes } from './planted-bugs.ts';
import { recordedPrograms } from './recorded-programs.ts';
import { formatSection } from './section.ts';
import { stateCounts } from './state-counts.ts';

const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
const sections = [
  stateCounts(),
  interleavings(),
  foundHazards(),
  plantedMistakes(),
  await recordedPrograms(),
].map(formatSection);
const page = [
  '# Evidence',
  '',
  `Written by \`npm run evidence\` on commit ${commit}. \`npm run bench\` writes the figures of speed.`,
  '',
  ...sections,
].join('\n');

writeFileSync(new URL('../docs/evidence.md', import.meta.url), page);
process.stdout.write(`${page}\n`);
