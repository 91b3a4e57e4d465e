/** The command line as a test sees it: arguments in, exit code and both streams out. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runCli } from '../../src/app/cli/cli.ts';
import type { ExitCode } from '../../src/app/cli/cli.ts';
import type { Terminal } from '../../src/app/cli/terminal/io.ts';

/** What a command did. */
export interface Spoken {
  readonly code: ExitCode;
  readonly err: string;
  readonly out: string;
}

/** Carries out one command in this process, without a terminal. */
export async function cli(...argv: readonly string[]): Promise<Spoken> {
  return spokenTo(undefined, argv);
}

/** Carries out one command in this process, with somebody at a terminal or with none. */
export async function spokenTo(
  terminal: Terminal | undefined,
  argv: readonly string[],
): Promise<Spoken> {
  let out = '';
  let err = '';
  const code = await runCli(argv, {
    columns: undefined,
    command: 'orrery',
    err: (text) => {
      err += text;
    },
    hasColors: false,
    out: (text) => {
      out += text;
    },
    progress: undefined,
    processes: 1,
    terminal,
  });
  return { code, err, out };
}

/** What a mistake must look like: exit code 2, one message, no stack, nothing on standard output. */
export function isOneMessage({ code, err, out }: Spoken): boolean {
  return code === 2 && out === '' && /^error: [^\n]+\n$/.test(err) && !/\n\s+at /.test(err);
}

/** Gives `body` a folder that is gone afterwards. */
export async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-'));
  try {
    await body(folder);
  } finally {
    rmSync(folder, { force: true, recursive: true });
  }
}
