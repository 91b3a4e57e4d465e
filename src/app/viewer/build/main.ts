/** `npm run build:viewer`. */
import { gzipSync } from 'node:zlib';

import { buildPage } from './build.ts';

const { layout, script, sources, style } = await buildPage('dist/viewer');
for (const [name, text] of Object.entries({ script, layout, sources, style })) {
  process.stdout.write(`${name} ${text.length} bytes, ${gzipSync(text).length} gzipped\n`);
}
