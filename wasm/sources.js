/** The digest of what the compiled part of a search is made from. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

/** Changes whenever `npm run core` has to be run again. */
export function digestOfSources() {
  const folder = new URL('./', import.meta.url);
  const names = readdirSync(folder).filter((name) => /^[a-z]+\.ts$/.test(name));
  const hash = createHash('sha256');
  for (const name of names.toSorted()) hash.update(readFileSync(new URL(name, folder)));
  hash.update(readFileSync(new URL('../src/explore/native/fields.ts', import.meta.url)));
  return hash.digest('hex').slice(0, 16);
}
