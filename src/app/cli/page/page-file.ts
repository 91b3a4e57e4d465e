/** The page as one file, with what it is to bring along. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';

import { invariant } from '../../../core/errors.ts';
import { hasPrograms, sourceTable } from '../../viewer/build/source-table.ts';
import { inScript, withModule, withTrace } from '../../viewer/embedded.ts';
import { readText } from '../files.ts';
import { scriptOf } from '../modules/user-module.ts';
import { packageRoot } from '../package-root.ts';
import type { StagedTrace } from '../staging/staged-trace.ts';

/** What a page brings along. */
export interface Luggage {
  /** A module of somebody's own system, and what traces call its scenario. */
  readonly module?: { readonly name: string; readonly path: string };
  /** The text of a trace. */
  readonly trace?: string;
}

/**
 * The text of the page.
 *
 * @throws {SimulationError} `cli/no-page` where it was not built, and `cli/bad-module`.
 */
export async function pageFile({ module, trace }: Luggage): Promise<string> {
  const plain = builtPage();
  const own = module === undefined ? plain : await withOwn(plain, module);
  return trace === undefined ? own : withTrace(own, trace);
}

/**
 * The text of the page with a trace inside, and with the module of its system if that is somebody's own.
 *
 * @throws {SimulationError} as `pageFile` does.
 */
export async function pageOfTrace(
  { path, trace }: Pick<StagedTrace, 'path' | 'trace'>,
  module: string | undefined,
): Promise<string> {
  const own = module === undefined ? {} : { module: { name: trace.system.name, path: module } };
  return pageFile({ ...own, trace: readText(path) });
}

async function withOwn(html: string, module: NonNullable<Luggage['module']>): Promise<string> {
  const script = await scriptOf(module.path);
  // On lines of its own, so that stacks name its columns as they are.
  const code = `\n${inScript(script.code)}`;
  const sha256 = createHash('sha256').update(code).digest('base64');
  return withModule(html, {
    code,
    name: module.name,
    sha256,
    sources: (line) => sourceTable(script.map, { firstLine: line + 1, nameOf: nameOfOwn }),
  });
}

/** What belongs to somebody's own system: all that has user code, and is neither a package nor this one. */
function nameOfOwn(source: string, text: string): string | undefined {
  const path = resolve(source);
  const isForeign =
    path.includes(`${sep}node_modules${sep}`) || ours.some((at) => path.startsWith(at));
  return isForeign || !hasPrograms(text) ? undefined : relative('.', path);
}

const ours = ['actors', 'dist', 'machines', 'src'].map((at) => join(packageRoot, at) + sep);

/** It was built beside the command line, and beside the sources too. */
function builtPage(): string {
  const path = join(packageRoot, 'dist/viewer/index.html');
  invariant(
    existsSync(path),
    'cli/no-page',
    `There is no page at "${path}". Build it with "npm run build:viewer".`,
  );
  return readText(path);
}
