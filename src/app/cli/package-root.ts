import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

/** The folder of the code itself: that of the sources, or what the build has written. */
export const codeRoot: string = resolve(here, '../../..');

/** The root of this package, wherever it runs from: its sources, or what was built of them. */
export const packageRoot: string = findRoot(here);

/** Whether this runs from its sources. */
export const runsFromSource: boolean = import.meta.url.endsWith('.ts');

function findRoot(from: string): string {
  const up = dirname(from);
  return up === from || existsSync(join(from, 'package.json')) ? from : findRoot(up);
}
