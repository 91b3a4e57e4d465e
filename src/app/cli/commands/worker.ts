/** `orrery worker`: carries out jobs of campaigns that are led elsewhere. */
import { availableParallelism } from 'node:os';

import { createPool } from '../campaign-pool.ts';
import { loadQueue, redisOptions, requireQueue } from '../campaign/connection.ts';
import type { QueueAddress } from '../campaign/connection.ts';
import { serve } from '../campaign/serve.ts';
import { whenStopped } from '../campaign/stopped.ts';
import { createVersions } from '../campaign/version.ts';
import { loadScenario } from '../modules/user-module.ts';
import type { Result, Session } from '../session.ts';
import { many } from '../terminal/words.ts';
import { declare } from './command.ts';
import type { CommonOptions, Shell } from './command.ts';
import { millisecondsOf, threadCount, withTls } from './options.ts';

interface Options extends CommonOptions, QueueAddress {
  readonly patience: number;
  readonly threads?: number;
}

/** Adds the command. */
export function addWorker(shell: Shell): void {
  const command = declare(shell, {
    usage: 'worker [modules...]',
    description:
      'carry out jobs of campaigns that are led elsewhere, of listed scenarios and of these modules',
    examples: [
      'orrery worker --engine redis://queue.example:6379',
      'orrery worker ./my-system.ts --engine rediss://queue.example:6379 --threads 8',
    ],
  }).requiredOption(
    '--engine <address>',
    'where the queue is: redis://host:port, rediss:// for TLS',
  );
  withTls(command)
    .option('--threads <number>', 'threads that run; as many as there are cores', threadCount)
    .option(
      '--patience <time>',
      'how long a worker may be silent before its job is given to another one',
      millisecondsOf,
      30_000,
    )
    .action((modules: readonly string[], options: Options) =>
      shell.run(options.json === true, (session) => work(session, modules, options)),
    );
}

async function work(
  session: Session,
  modules: readonly string[],
  { patience, threads = availableParallelism(), ...address }: Options,
): Promise<Result> {
  const redis = redisOptions(address, process.env);
  // What cannot be loaded is said at once, not when the first job comes.
  for (const path of modules) await loadScenario(path);
  const libraries = await loadQueue();
  await requireQueue(libraries, redis);
  const stopping = whenStopped();
  const pool = createPool(threads);
  const said = new Set<string>();
  session.io.err(`waiting for jobs, with ${many(threads, 'thread')}\n`);
  try {
    const jobs = await serve({
      libraries,
      modules,
      onNote: (note) => {
        if (said.has(note)) return;
        said.add(note);
        session.io.err(`${note}\n`);
      },
      patienceMs: patience,
      pool,
      redis,
      stop: stopping.signal,
      versionOf: createVersions(),
    });
    session.say(`${many(jobs, 'job')} done`);
    return { code: 0, report: { jobs } };
  } finally {
    stopping.forget();
    await pool.close();
  }
}
