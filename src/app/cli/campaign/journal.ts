/**
 * The journal of a campaign: what it is to do, and then a line for each job that is done. A process may be
 * killed at any moment: what is written whole counts, and a line that is not whole was never written.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';

import { SimulationError } from '../../../core/errors.ts';
import { readText, writeText } from '../files.ts';
import { planFormat, planVersion } from './plan.ts';
import type { Plan } from './plan.ts';
import { createStanding } from './standing.ts';
import type { Done, Mistake, Standing, StreamState } from './standing.ts';

/** What is written down. */
export type Line =
  | { readonly type: 'done'; readonly done: Done }
  | { readonly type: 'mistake'; readonly mistake: Mistake }
  | {
      readonly type: 'states';
      readonly states: Readonly<Record<string, StreamState>>;
    };

/** A journal that is kept by this process alone. */
export interface Journal {
  readonly append: (line: Line) => void;
  readonly close: () => void;
}

/** Lines after which all is written anew, in one. */
const linesMax = 500;

/**
 * Begins a journal, or goes on with what was read of it.
 *
 * @throws {SimulationError} `cli/in-use`, `cli/unwritable`.
 */
export function keepJournal(path: string, standing: Standing): Journal {
  const unlock = lock(path);
  let lines = 0;
  let file = begin(path, standing);
  return {
    append: (line) => {
      writeSync(file, `${JSON.stringify(line)}\n`);
      lines += 1;
      if (lines < linesMax) return;
      closeSync(file);
      file = begin(path, standing);
      lines = 0;
    },
    close: () => {
      fsyncSync(file);
      closeSync(file);
      unlock();
    },
  };
}

/** Whether there is a journal. */
export function hasJournal(path: string): boolean {
  return existsSync(path);
}

/**
 * What a journal says.
 *
 * @throws {SimulationError} `cli/unreadable`, `cli/bad-journal`.
 */
export function readJournal(path: string): Standing {
  const [head = '', ...rest] = readText(path).split('\n');
  const plan = parsed(path, head, 1);
  if (!isPlan(plan))
    throw badJournal(path, 1, 'it does not begin with the plan of a campaign of this version');
  const standing = createStanding(plan);
  // What comes behind the last end of a line was being written when the process ended.
  for (const [index, text] of rest.slice(0, -1).entries()) {
    if (!take(standing, parsed(path, text, index + 2)))
      throw badJournal(path, index + 2, 'it is no line of a journal');
  }
  return standing;
}

function take(standing: Standing, line: unknown): boolean {
  if (!isLine(line)) return false;
  if (line.type === 'states') standing.restore(line.states);
  else if (line.type === 'done') standing.add(line.done);
  else standing.fail(line.mistake);
  return true;
}

/** Everything in one line behind the plan, in place of what was there. */
function begin(path: string, standing: Standing): number {
  const lines: readonly object[] = [
    standing.plan,
    { states: standing.states(), type: 'states' } satisfies Line,
    ...standing.mistakes().map((mistake): Line => ({ mistake, type: 'mistake' })),
  ];
  writeText(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return openSync(path, 'a');
}

/** Two processes must not go on with one campaign; whoever was killed holds no lock. */
function lock(path: string): () => void {
  const file = `${path}.lock`;
  if (existsSync(file) && isAlive(Number(readFileSync(file, 'utf8')))) {
    throw new SimulationError(
      'cli/in-use',
      `"${path}" is being written by process ${readFileSync(file, 'utf8')}. Wait for it, end it, or give ` +
        'another folder with --out.',
    );
  }
  writeText(file, String(process.pid));
  return () => rmSync(file, { force: true });
}

function isAlive(pid: number): boolean {
  if (pid === process.pid || !Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
}

function parsed(path: string, text: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badJournal(path, line, 'it is not JSON');
  }
}

function isPlan(value: unknown): value is Plan {
  return (
    isRecord(value) &&
    value['format'] === planFormat &&
    value['version'] === planVersion &&
    Array.isArray(value['entries'])
  );
}

function isLine(value: unknown): value is Line {
  if (!isRecord(value)) return false;
  const { type } = value;
  if (type === 'done' || type === 'mistake' || type === 'states') return isRecord(value[type]);
  return false;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function badJournal(path: string, line: number, why: string): SimulationError {
  return new SimulationError(
    'cli/bad-journal',
    `Line ${line} of "${path}" cannot be gone on with: ${why}. Begin anew in another folder, with --out.`,
  );
}
