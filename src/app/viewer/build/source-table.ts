/** From a source map to what a page needs of it: the files that somebody wants to see, and their lines. */
import { decode } from '@jridgewell/sourcemap-codec';

import type { SourceFile, Sources } from '../sources.ts';

/** What of a source map is used. */
export interface SourceMap {
  readonly mappings: string;
  readonly sources: readonly (string | null)[];
  readonly sourcesContent?: readonly (string | null)[] | undefined;
}

/** Which files are wanted, and where the script begins. */
export interface SourceTableOptions {
  /** What the file is called; `undefined` where nobody wants to see it. */
  readonly nameOf: (source: string, text: string) => string | undefined;
  /** The line of the page in which the script's first line stands, from 1. */
  readonly firstLine: number;
}

/** The sources of a script. */
export function sourceTable(
  { mappings, sources, sourcesContent = [] }: SourceMap,
  { firstLine, nameOf }: SourceTableOptions,
): Sources {
  const files: SourceFile[] = [];
  const places = sources.map((source, at) => {
    const text = sourcesContent[at];
    const file = source === null || typeof text !== 'string' ? undefined : nameOf(source, text);
    return file === undefined || typeof text !== 'string' ? -1 : files.push({ file, text }) - 1;
  });
  const spots: [number, number, number, number][] = [];
  for (const [line, segments] of decode(mappings).entries()) {
    let before = '';
    for (const [column, source, sourceLine] of segments) {
      const place = source === undefined ? -1 : (places[source] ?? -1);
      const from = place < 0 ? 0 : (sourceLine ?? 0) + 1;
      const now = `${place} ${from}`;
      if (now !== before) spots.push([firstLine + line, column + 1, place, from]);
      before = now;
    }
  }
  return { files, spots };
}

/** Whether a text has user code in it: functions whose state is their history. */
export function hasPrograms(text: string): boolean {
  return /\bfunction\s*\*|\*\s*\w+\s*\(/.test(text);
}
