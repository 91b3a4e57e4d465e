/** Files in and out. What is written appears whole or not at all. */
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

import { messageOf, SimulationError } from '../../core/errors.ts';

/**
 * The text of a file.
 *
 * @throws {SimulationError} `cli/unreadable`.
 */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (thrown) {
    throw new SimulationError('cli/unreadable', `"${path}" cannot be read: ${messageOf(thrown)}.`, {
      cause: thrown,
    });
  }
}

/** The text of a file, whatever it is; `undefined` where there is none. */
export function textIn(path: string): string | undefined {
  try {
    return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  } catch {
    // A folder is there, and no text.
    return '';
  }
}

/**
 * Writes a file beside its place and moves it there.
 *
 * @throws {SimulationError} `cli/unwritable`.
 */
export function writeText(path: string, text: string): void {
  const draft = `${path}.${process.pid}.tmp`;
  try {
    makeFolder(dirname(path));
    writeFileSync(draft, text);
    renameSync(draft, path);
  } catch (thrown) {
    rmSync(draft, { force: true });
    throw new SimulationError(
      'cli/unwritable',
      `"${path}" cannot be written: ${messageOf(thrown)}.`,
      { cause: thrown },
    );
  }
}

/**
 * Makes a folder that is to be written to, so that a long command fails before its work and not after.
 *
 * @throws {SimulationError} `cli/unwritable`.
 */
export function prepareFolder(path: string): void {
  try {
    makeFolder(path);
    // A file of that name is found by what would lie in it.
    accessSync(`${path}/.`, constants.W_OK);
  } catch (thrown) {
    throw new SimulationError(
      'cli/unwritable',
      `"${path}" is no folder that can be written to: ${messageOf(thrown)}.`,
      { cause: thrown },
    );
  }
}

/**
 * Makes a folder and those above it. Node's own way never ends where a file system refuses a folder as if the one
 * above were missing, as /proc does.
 */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (thrown) {
    // Another process may have made it meanwhile.
    if (!existsSync(path)) throw thrown;
  }
}

/** A line of a JSONL file, and where it stands. */
export interface JsonLine {
  readonly line: number;
  readonly value: unknown;
}

/**
 * The values of a JSONL file; empty lines are passed over.
 *
 * @throws {SimulationError} `cli/not-json` with the number of the line.
 */
export function readJsonLines(path: string): readonly JsonLine[] {
  return readText(path)
    .split('\n')
    .flatMap((text, index) => (text.trim() === '' ? [] : [parseLine(path, text, index + 1)]));
}

function parseLine(path: string, text: string, line: number): JsonLine {
  try {
    return { line, value: JSON.parse(text) };
  } catch (thrown) {
    throw new SimulationError(
      'cli/not-json',
      `Line ${line} of "${path}" is not JSON: ${messageOf(thrown)}.`,
      { cause: thrown },
    );
  }
}
