/** Follows all traces of live hazards, and says of each whether it breaks what it was recorded to break. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { cli } from '../../app/cli.ts';

const folder = new URL('../../../examples/hazards', import.meta.url).pathname;
const ends: Record<string, unknown> = {};
for (const file of readdirSync(folder)) {
  const { out } = await cli('replay', join(folder, file), '--tolerant', '--json');
  const { broken, skipped } = JSON.parse(out);
  ends[file] = { broken, skipped };
}
process.stdout.write(JSON.stringify(ends));
