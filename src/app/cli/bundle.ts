/**
 * Somebody's own module made ready to run: TypeScript or JavaScript, in a package of modules or not, with
 * all that it imports by a path, as one file. What it imports by name stays outside. Node 20 runs no
 * TypeScript, and takes a file for a module only if a package says so.
 */
import { build } from 'esbuild';
import type { BuildFailure, OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from 'esbuild';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { packageRoot, runsFromSource } from './package-root.ts';

/**
 * The text of a module that needs no other file, only packages, by their places.
 *
 * @throws {Error} with what is wrong and where, in one line.
 */
export async function bundle(path: string): Promise<string> {
  try {
    const { outputFiles } = await build({
      bundle: true,
      // Without XState's own "module", which Node does not take.
      conditions: [],
      entryPoints: [path],
      format: 'esm',
      logLevel: 'silent',
      platform: 'node',
      plugins: [packagesOutside],
      sourcemap: 'inline',
      sourceRoot: pathToFileURL(join(process.cwd(), '/')).href,
      target: 'node20',
      write: false,
    });
    return outputFiles[0]?.text ?? '';
  } catch (thrown) {
    throw inOneLine(thrown);
  }
}

const doors: Readonly<Record<string, string>> = {
  orrery: 'src/index.ts',
  'orrery/testing': 'src/testing/index.ts',
  'orrery/rpc': 'actors/index.ts',
};

/** What this package brings along for modules that have no packages of their own. */
const brought: readonly string[] = ['orrery', 'xstate', 'immer'];

const packagesOutside: Plugin = {
  name: 'packages-outside',
  setup: (made) => {
    made.onResolve({ filter: /^[^./]/ }, async (args) => resolvePackage(made, args));
  },
};

const asked = Symbol('asked');

async function resolvePackage(
  made: PluginBuild,
  { importer, kind, path, pluginData, resolveDir }: OnResolveArgs,
): Promise<OnResolveResult | undefined> {
  if (pluginData === asked || kind === 'entry-point') return undefined;
  if (isBuiltin(path)) return { external: true, path };
  const source = runsFromSource ? doors[path] : undefined;
  if (source !== undefined) return { path: join(packageRoot, source) };
  const find = async (from: string) =>
    made.resolve(path, { importer, kind, pluginData: asked, resolveDir: from });
  const found = await find(resolveDir);
  if (found.errors.length === 0) return outside(found.path);
  const [name = ''] = path.split('/');
  if (!brought.includes(name)) return { errors: found.errors };
  const own = await find(packageRoot);
  return own.errors.length === 0 ? outside(own.path) : { errors: found.errors };
}

function outside(path: string): OnResolveResult {
  return { external: true, path: pathToFileURL(path).href };
}

function inOneLine(thrown: unknown): unknown {
  if (!isBuildFailure(thrown)) return thrown;
  const [first] = thrown.errors;
  if (first === undefined) return thrown;
  const { location, text } = first;
  const place = location === null ? '' : `${location.file}:${location.line}: `;
  return new Error(`${place}${text}`, { cause: thrown });
}

function isBuildFailure(thrown: unknown): thrown is BuildFailure {
  return thrown instanceof Error && 'errors' in thrown && Array.isArray(thrown.errors);
}
