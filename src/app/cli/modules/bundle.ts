/**
 * Somebody's own module made ready to run: TypeScript or JavaScript, in a package of modules or not, with
 * all that it imports by a path, as one file. What it imports by name stays outside. Node 20 runs no
 * TypeScript, and takes a file for a module only if a package says so.
 */
import { build } from 'esbuild';
import type {
  BuildFailure,
  BuildOptions,
  OnResolveArgs,
  OnResolveResult,
  Plugin,
  PluginBuild,
} from 'esbuild';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { SourceMap } from '../../viewer/build/source-table.ts';
import { moduleGlobal } from '../../viewer/embedded.ts';
import { packageRoot, runsFromSource } from '../package-root.ts';

/**
 * The text of a module that needs no other file, only packages, by their places.
 *
 * @throws {Error} with what is wrong and where, in one line.
 */
export async function bundle(path: string): Promise<string> {
  const { code } = await textsOf({
    // Without XState's own "module", which Node does not take.
    conditions: [],
    entryPoints: [path],
    format: 'esm',
    platform: 'node',
    plugins: [packages(outside)],
    sourcemap: 'inline',
    sourceRoot: pathToFileURL(join(process.cwd(), '/')).href,
    target: 'node20',
  });
  return code;
}

/**
 * The text of a script for a browser that leaves the module's exports in a global name. It needs no other file.
 *
 * @throws {Error} with what is wrong and where, in one line.
 */
export async function bundleForPage(path: string): Promise<PageScript> {
  const { code, map } = await textsOf({
    define: { 'process.env.NODE_ENV': '"production"' },
    entryPoints: [path],
    format: 'iife',
    globalName: moduleGlobal,
    minify: true,
    outfile: 'module.js',
    platform: 'browser',
    plugins: [packages(inside)],
    sourcemap: 'external',
    target: 'es2023',
  });
  return { code, map: JSON.parse(map) };
}

/** A script, and where its lines come from. */
export interface PageScript {
  readonly code: string;
  readonly map: SourceMap;
}

interface Texts {
  readonly code: string;
  /** Empty unless it was asked for beside the code. */
  readonly map: string;
}

async function textsOf(options: BuildOptions): Promise<Texts> {
  try {
    const made = await build({ ...options, bundle: true, logLevel: 'silent', write: false });
    const textOf = (isMap: boolean): string =>
      made.outputFiles?.find(({ path }) => path.endsWith('.map') === isMap)?.text ?? '';
    return { code: textOf(false), map: textOf(true) };
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

/** What becomes of a package that was found, or of one of Node's own modules. */
type Take = (path: string) => OnResolveResult;

function packages(take: Take): Plugin {
  return {
    name: 'packages',
    setup: (made) => {
      made.onResolve({ filter: /^[^./]/ }, async (args) => resolvePackage(made, take, args));
    },
  };
}

const asked = Symbol('asked');

async function resolvePackage(
  made: PluginBuild,
  take: Take,
  { importer, kind, path, pluginData, resolveDir }: OnResolveArgs,
): Promise<OnResolveResult | undefined> {
  if (pluginData === asked || kind === 'entry-point') return undefined;
  if (isBuiltin(path)) return take(path);
  const source = runsFromSource ? doors[path] : undefined;
  if (source !== undefined) return { path: join(packageRoot, source) };
  const find = async (from: string) =>
    made.resolve(path, { importer, kind, pluginData: asked, resolveDir: from });
  const found = await find(resolveDir);
  if (found.errors.length === 0) return take(found.path);
  const [name = ''] = path.split('/');
  if (!brought.includes(name)) return { errors: found.errors };
  const own = await find(packageRoot);
  return own.errors.length === 0 ? take(own.path) : { errors: found.errors };
}

function outside(path: string): OnResolveResult {
  return { external: true, path: isBuiltin(path) ? path : pathToFileURL(path).href };
}

function inside(path: string): OnResolveResult {
  if (!isBuiltin(path)) return { path };
  return { errors: [{ text: `it imports "${path}", which only Node has: a page has it not` }] };
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
