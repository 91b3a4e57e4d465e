/**
 * The version of a scenario: a hash of all code that its runs depend on. Who has another one makes other
 * runs of the same numbers.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

import { isModulePath } from '../modules/user-module.ts';
import { codeRoot, packageRoot, runsFromSource } from '../package-root.ts';

/** Tells versions of scenarios apart; each is found out once, as it is loaded once. */
export type VersionOf = (scenario: string) => Promise<string>;

/** 16 hexadecimal digits for a listed scenario, or for a module with all that it imports by a path. */
export function createVersions(): VersionOf {
  let own: string | undefined;
  const known = new Map<string, Promise<string>>();
  return async (scenario) => {
    own ??= hashOf(ownCode());
    if (!isModulePath(scenario)) return own;
    const version = known.get(scenario) ?? ofModule(scenario, own);
    known.set(scenario, version);
    return version;
  };
}

async function ofModule(path: string, own: string): Promise<string> {
  const { bundle } = await import('../modules/bundle.ts');
  return hashOf([own, portable(await bundle(resolve(path)))]);
}

/** Where packages lie, and where modules lay before they were bundled, is each machine's own affair. */
function portable(text: string): string {
  const here = pathToFileURL(packageRoot).href;
  return text
    .replaceAll(/^\s*\/\/ .*$/gm, '')
    .replaceAll(/file:\/\/[^"'`]*\/node_modules\//g, '')
    .replaceAll(here, 'orrery:');
}

const folders = runsFromSource ? ['src', 'machines', 'actors', 'examples'] : ['.'];
const ending = runsFromSource ? '.ts' : '.js';

function ownCode(): readonly string[] {
  const files = folders.flatMap((folder) => filesIn(join(codeRoot, folder)));
  const named = files.filter((file) => file.endsWith(ending)).toSorted();
  return [
    readFileSync(join(packageRoot, 'package.json'), 'utf8'),
    ...named.flatMap((file) => [
      relative(codeRoot, file).split(sep).join('/'),
      readFileSync(file, 'utf8'),
    ]),
  ];
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) =>
    join(folder, file),
  );
}

const digits = 16;

function hashOf(texts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(`${text.length}:`).update(text);
  return hash.digest('hex').slice(0, digits);
}
