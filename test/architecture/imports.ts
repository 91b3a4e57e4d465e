import { posix } from 'node:path';

import { lineAt } from './source.ts';
import type { Source } from './source.ts';

export interface Import {
  readonly line: number;
  readonly target: Target;
}

export type Target =
  /** A file of this repository, from its root. */
  | { readonly type: 'file'; readonly path: string }
  /** A package, without the path inside it; all of Node's own modules are `node:`. */
  | { readonly type: 'package'; readonly name: string };

const importPattern =
  /\b(?:import|export)\b[^;'"`]*?\bfrom\s*(?<quote>['"])|\bimport\s*(?:\(\s*)?(?<bare>['"])/g;

/** Every module that a file names: static, dynamic, for its types, or re-exported. */
export function importsOf({ path, text, code }: Source): readonly Import[] {
  return [...code.matchAll(importPattern)].map((found) => {
    const open = found.index + found[0].length;
    const specifier = text.slice(open, text.indexOf(text[open - 1] ?? "'", open));
    return { line: lineAt(text, open), target: targetOf(path, specifier) };
  });
}

function targetOf(from: string, specifier: string): Target {
  if (specifier.startsWith('.')) {
    return { type: 'file', path: posix.join(posix.dirname(from), specifier) };
  }
  if (specifier.startsWith('node:')) {
    return { type: 'package', name: 'node:' };
  }
  const depth = specifier.startsWith('@') ? 2 : 1;
  return { type: 'package', name: specifier.split('/').slice(0, depth).join('/') };
}
