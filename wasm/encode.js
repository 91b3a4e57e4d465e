/** Writes what was compiled from this folder to a module, with the digest of what it was compiled from. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';

import { digestOfSources } from './sources.js';

const at = (path) => new URL(path, import.meta.url);
const compiled = readFileSync(at('core.wasm')).toString('base64');
const lines = compiled.match(/.{1,100}/g) ?? [];
const text = `// Made by \`npm run core\` from the folder \`wasm\`.

/** What it was made from; see \`wasm/sources.js\`. */
export const codeDigest = '${digestOfSources()}';

/** Compiled code, in base 64. */
export const code = [
  ${lines.map((line) => `'${line}',`).join('\n  ')}
].join('');
`;
writeFileSync(at('../src/explore/native/code.ts'), text);
rmSync(at('core.wasm'));
