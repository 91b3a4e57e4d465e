/**
 * Measures the exhibits of the museum in full, writes what came out beside them, and the page that shows it:
 * all of them, some (`npm run evidence:races -- id id`), or only the page from what was measured before
 * (`npm run evidence:races -- page`).
 */
import { execFileSync } from 'node:child_process';

import { museum } from '../examples/races/museum.ts';
import { measure } from '../src/app/cli/races/measure.ts';
import { writeRecord } from '../src/app/cli/races/record.ts';
import { nearestWords } from '../src/core/nearest.ts';
import { writePage } from './museum-page.ts';
import { writeStrategies } from './race-strategies.ts';
import { writeTours } from './race-tours.ts';

const asked = process.argv.slice(2);
const ids = museum.map(({ id }) => id);
const unknown = asked.filter((id) => id !== 'page' && !ids.includes(id));
if (unknown.length > 0) {
  for (const id of unknown) {
    process.stderr.write(`There is no race "${id}".${nearestWords(id, ids)}\n`);
  }
  process.exit(2);
}

const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
// What the museum claims is claimed of so many campaigns, runs and worlds.
const measuring = {
  fixedStatesMax: Number(process.env['ORRERY_STATES'] ?? 10_000_000),
  schedulesMax: 10_000,
  seeds: 20,
};

for (const exhibit of museum) {
  if (asked.length > 0 && !asked.includes(exhibit.id)) continue;
  const measured = measure(exhibit, measuring);
  writeRecord(measured, commit);
  process.stdout.write(`${JSON.stringify(measured.finding)}\n`);
}
if (asked.length === 0 || asked.includes('page')) {
  writePage();
  writeStrategies();
  writeTours();
}
