/** One command under way: where its words go, and what it ends with. */
import picocolors from 'picocolors';

import type { Io } from './terminal/io.ts';

/** What a command is given. */
export interface Session {
  readonly colors: ReturnType<typeof picocolors.createColors>;
  readonly io: Io;
  /** A line for people: to standard output, or to standard error where JSON is asked for. */
  readonly say: (line?: string) => void;
  /** Columns for diagrams and logs. */
  readonly width: number;
}

/** What a command ends with. */
export interface Result {
  /**
   * 0 for fine, 1 where a violation or a mismatch was found, 2 where a scenario is mistaken, 130 where it
   * was interrupted.
   */
  readonly code: 0 | 1 | 2 | 130;
  /** What `--json` prints. */
  readonly report: Readonly<Record<string, unknown>> | readonly unknown[];
}

const widthDefault = 100;

/** A session on these streams. */
export function createSession(io: Io, isJson: boolean): Session {
  const write = isJson ? io.err : io.out;
  return {
    colors: picocolors.createColors(io.hasColors && !isJson),
    io,
    say: (line = '') => write(`${line}\n`),
    width: Math.min(widthDefault, io.columns ?? widthDefault),
  };
}
