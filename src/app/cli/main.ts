#!/usr/bin/env node
// Stacks of what was built name the lines that somebody wrote, also those of programs that come with the package.
process.setSourceMapsEnabled(true);
const { runCli } = await import('./cli.ts');
const { processIo } = await import('./terminal/io.ts');

// Whoever reads the output may stop reading it, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

process.exitCode = await runCli(process.argv.slice(2), processIo());
