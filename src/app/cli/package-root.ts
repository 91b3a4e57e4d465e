import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of this package, wherever it runs from: its sources, or what was built of them. */
export const packageRoot: string = findRoot(dirname(fileURLToPath(import.meta.url)));

/** Whether this runs from its sources. */
export const runsFromSource: boolean = import.meta.url.endsWith('.ts');

function findRoot(from: string): string {
  const up = dirname(from);
  return up === from || existsSync(join(from, 'package.json')) ? from : findRoot(up);
}
