/** The command line as a function: arguments and streams in, an exit code out. */
import { Command, CommanderError } from 'commander';

import { orreryVersion } from '../../trace/version.ts';
import type { Shell } from './commands/command.ts';
import { failureOf } from './failure.ts';
import { createSession } from './session.ts';
import type { Io } from './terminal/io.ts';

/** 0: fine; 1: a violation or a mismatch was found; 2: the input was bad; 130: it was interrupted. */
export type ExitCode = 0 | 1 | 2 | 130;

/** Carries out one command. */
export async function runCli(argv: readonly string[], io: Io): Promise<ExitCode> {
  let code: ExitCode = 0;
  const program = createProgram(io);
  const shell: Shell = {
    program,
    run: async (isJson, body) => {
      const result = await body(createSession(io, isJson));
      if (isJson) io.out(`${JSON.stringify(result.report)}\n`);
      code = result.code;
    },
  };
  for (const add of await commandsFor(argv)) add(shell);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (thrown) {
    return report(thrown, argv, io);
  }
}

type Add = (shell: Shell) => void;

/** In the order in which they are listed. */
const commands: Readonly<Record<string, () => Promise<Add>>> = {
  check: async () => (await import('./commands/check.ts')).addCheck,
  conform: async () => (await import('./commands/conform.ts')).addConform,
  campaign: async () => (await import('./commands/campaign.ts')).addCampaign,
  worker: async () => (await import('./commands/worker.ts')).addWorker,
  run: async () => (await import('./commands/run.ts')).addRun,
  replay: async () => (await import('./commands/replay.ts')).addReplay,
  show: async () => (await import('./commands/show.ts')).addShow,
  open: async () => (await import('./commands/open.ts')).addOpen,
  step: async () => (await import('./commands/step.ts')).addStep,
  shrink: async () => (await import('./commands/shrink.ts')).addShrink,
  list: async () => (await import('./commands/list.ts')).addList,
  races: async () => (await import('./commands/races.ts')).addRaces,
  demo: async () => (await import('./commands/demo.ts')).addDemo,
};

/** The command that is asked for, which need not wait for what others load; all where none is. */
async function commandsFor([name = '']: readonly string[]): Promise<readonly Add[]> {
  const known = Object.hasOwn(commands, name) ? commands[name] : undefined;
  const asked = known === undefined ? Object.values(commands) : [known];
  return Promise.all(asked.map(async (load) => load()));
}

function createProgram(io: Io): Command {
  return new Command('orrery')
    .description(
      'A clockwork model of distributed systems: run one, replay it, look at it, and hold it against ' +
        'what PyTorch does.',
    )
    .version(orreryVersion)
    .exitOverride()
    .showHelpAfterError('(add --help for what is possible)')
    .configureOutput({ writeErr: io.err, writeOut: io.out })
    .addHelpText(
      'after',
      '\nExample:\n  $ orrery run ping-pong\n\nExit codes: 0 fine, 1 a violation or a mismatch was found, 2 bad input.',
    );
}

function report(thrown: unknown, argv: readonly string[], io: Io): ExitCode {
  if (thrown instanceof CommanderError) {
    if (thrown.exitCode === 0) return 0;
    if (argv.includes('--json')) printFailure(io, { code: thrown.code, message: thrown.message });
    return 2;
  }
  const failure = failureOf(thrown);
  io.err(`error: ${failure.message}\n`);
  if (argv.includes('--json')) printFailure(io, failure);
  return 2;
}

function printFailure(io: Io, error: { readonly code: string; readonly message: string }): void {
  io.out(`${JSON.stringify({ error })}\n`);
}
