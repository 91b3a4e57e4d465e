import { readFileSync } from 'node:fs';

/** What a file with one JSON value a line holds. */
export function jsonLines(file: URL): readonly unknown[] {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
}
