import { availableParallelism } from 'node:os';
import type { Readable, Writable } from 'node:stream';

/** Where questions are asked and answered. */
export interface Terminal {
  readonly input: Readable;
  readonly output: Writable;
}

/** What the command line sees of the process that it runs in; a test gives its own. */
export interface Io {
  /** Columns of the terminal; `undefined` where the output is no terminal. */
  readonly columns: number | undefined;
  /** How a person calls this program, for commands to try next. */
  readonly command: string;
  readonly err: (text: string) => void;
  readonly hasColors: boolean;
  readonly out: (text: string) => void;
  /** Where a progress bar is drawn; `undefined` for none. */
  readonly progress: NodeJS.WritableStream | undefined;
  /** Processes that long work may use. */
  readonly processes: number;
  /** Where a person can be asked; `undefined` where nobody can. */
  readonly terminal: Terminal | undefined;
}

/** The process itself. */
export function processIo(): Io {
  const { stderr, stdin, stdout } = process;
  return {
    // A terminal that does not know its width says 0.
    columns: stdout.isTTY && stdout.columns > 0 ? stdout.columns : undefined,
    command: process.argv[1]?.endsWith('.ts') === true ? 'npm run -s orrery --' : 'npx orrery',
    err: (text) => void stderr.write(text),
    // A pipe has no `isTTY` at all, and picocolors takes what is undefined for its own guess.
    hasColors: stdout.isTTY ? process.env['NO_COLOR'] === undefined : false,
    out: (text) => void stdout.write(text),
    progress: stderr,
    processes: availableParallelism(),
    terminal: stdin.isTTY && stdout.isTTY ? { input: stdin, output: stdout } : undefined,
  };
}
