#!/usr/bin/env node
import { runCli } from './cli.ts';
import { processIo } from './io.ts';

// Whoever reads the output may stop reading it, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

process.exitCode = await runCli(process.argv.slice(2), processIo());
