import { availableParallelism } from 'node:os';

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
}

/** The process itself. */
export function processIo(): Io {
  const { stderr, stdout } = process;
  return {
    columns: stdout.isTTY ? stdout.columns : undefined,
    command: process.argv[1]?.endsWith('.ts') === true ? 'npm run -s orrery --' : 'npx orrery',
    err: (text) => void stderr.write(text),
    hasColors: stdout.isTTY && process.env['NO_COLOR'] === undefined,
    out: (text) => void stdout.write(text),
    progress: stderr,
    processes: availableParallelism(),
  };
}
