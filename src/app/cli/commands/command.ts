/** How a command is declared: its options, an example, and `--json`. */
import type { Command } from 'commander';

import type { Result, Session } from '../session.ts';

/** Carries out commands and keeps what they end with. */
export interface Shell {
  readonly program: Command;
  /** Runs a command's body in a session; `isJson` says where its words go. */
  readonly run: (
    isJson: boolean,
    body: (session: Session) => Promise<Result> | Result,
  ) => Promise<void>;
}

/** Options that every command has. */
export interface CommonOptions {
  readonly json?: true;
}

/** What a command is declared with. */
export interface Declaration {
  /** Its name and arguments, as `run <scenario>`. */
  readonly usage: string;
  readonly description: string;
  readonly examples: readonly string[];
}

/** Adds a command with its help. */
export function declare(
  { program }: Shell,
  { usage, description, examples }: Declaration,
): Command {
  const lines = examples.map((example) => `  $ ${example}`).join('\n');
  return program
    .command(usage)
    .description(description)
    .option('--json', 'print one JSON object to standard output, all else to standard error')
    .addHelpText('after', `\n${examples.length === 1 ? 'Example' : 'Examples'}:\n${lines}`);
}
