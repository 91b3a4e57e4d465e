/** The command line as it is built, for tests that start many threads and processes. */
import { buildSync } from 'esbuild';
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

import type { ExitCode } from '../../../src/app/cli/cli.ts';
import type { Spoken } from '../cli.ts';

/** A build that is gone afterwards. */
export interface Built {
  /** Carries out one command in a process of its own. */
  readonly cli: (...argv: readonly string[]) => Spoken;
  readonly remove: () => void;
  /** Begins a command. */
  readonly start: (...argv: readonly string[]) => ChildProcess;
}

/** Builds; packages are found from there as from here. */
export function buildOrrery(): Built {
  const folder = join(
    'node_modules',
    '.cache',
    `orrery-${process.pid}-${String(performance.now()).replace('.', '')}`,
  );
  buildSync({
    bundle: true,
    chunkNames: 'src/app/cli/[name]-[hash]',
    entryPoints: ['src/app/cli/main.ts', 'src/app/cli/campaign-thread.ts'],
    format: 'esm',
    logLevel: 'warning',
    outbase: '.',
    outdir: folder,
    packages: 'external',
    platform: 'node',
    splitting: true,
    target: 'node20',
  });
  const main = join(folder, 'src/app/cli/main.js');
  const { ORRERY_AUDIT: _audit, ...env } = process.env;
  return {
    cli: (...argv) => {
      const { status, stderr, stdout } = spawnSync(process.execPath, [main, ...argv], {
        encoding: 'utf8',
        env,
      });
      // cast -- a process that was killed has none, which no test expects
      return { code: status as ExitCode, err: stderr, out: stdout };
    },
    remove: () => rmSync(folder, { force: true, recursive: true }),
    start: (...argv) =>
      spawn(process.execPath, [main, ...argv], { env, stdio: ['ignore', 'pipe', 'pipe'] }),
  };
}
