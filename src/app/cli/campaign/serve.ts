/** A worker: it takes jobs from the queue and carries out those whose scenario it has in that very version. */
import type { Job as QueuedJob } from 'bullmq';

import { plain } from '../../../trace/words.ts';
import type { Pool } from '../campaign-pool.ts';
import { isModulePath } from '../modules/user-module.ts';
import { queueName } from './connection.ts';
import type { QueueLibraries, RedisAccess } from './connection.ts';
import { isJob, publicName } from './parcel.ts';
import type { Job } from './plan.ts';
import type { VersionOf } from './version.ts';

/** What a worker works with. */
export interface ServeOptions {
  readonly libraries: QueueLibraries;
  /** Modules that it has, by their paths. */
  readonly modules: readonly string[];
  /** Told of what it does not do, and of what goes wrong. */
  readonly onNote: (note: string) => void;
  /** How long a worker may be silent before its job is given to another one, in milliseconds. */
  readonly patienceMs: number;
  readonly pool: Pool;
  readonly redis: RedisAccess;
  readonly stop: AbortSignal;
  readonly versionOf: VersionOf;
}

/** A job that is refused comes again after a while, to whoever is free then. */
const refusedForMs = 500;
/** Workers may die as often as they like. */
const stalledMax = 1_000_000;

/** Works until it is told to stop; what it has begun, it ends. Returns how many jobs it has done. */
export async function serve(options: ServeOptions): Promise<number> {
  const { libraries, onNote, patienceMs, pool, redis, stop } = options;
  const { DelayedError, Worker } = libraries.bullmq;
  let done = 0;
  const worker = new Worker(
    queueName,
    async (queued, token) => {
      const order = await orderOf(options, queued);
      if (typeof order === 'string') {
        onNote(order);
        await queued.updateProgress({ refused: order });
        await queued.moveToDelayed(Date.now() + refusedForMs, token);
        throw new DelayedError();
      }
      const reply = await pool.run({ job: order, type: 'batch' });
      done += 1;
      return reply;
    },
    {
      concurrency: pool.threads,
      connection: redis,
      lockDuration: patienceMs,
      maxStalledCount: stalledMax,
      name: `threads-${pool.threads}`,
      stalledInterval: patienceMs,
    },
  );
  const notes = new Set<string>();
  worker.on('error', ({ message }) => {
    if (notes.has(message)) return;
    notes.add(message);
    onNote(message);
  });
  await new Promise<void>((resolve) => {
    if (stop.aborted) resolve();
    stop.addEventListener('abort', () => resolve(), { once: true });
  });
  await worker.close();
  return done;
}

/** The job as it is carried out here, or why it is not. */
async function orderOf(
  { modules, versionOf }: ServeOptions,
  { data }: QueuedJob<unknown>,
): Promise<Job | string> {
  if (!isJob(data))
    return 'There is something in the queue that is no job of this version of Orrery.';
  const { code, scenario } = data.entry;
  const name = plain(scenario);
  // A name never becomes a path: only what this worker was started with is loaded.
  const module = modules.find((path) => publicName(path) === scenario);
  if (module === undefined && isModulePath(scenario)) {
    return `This worker has no module "${name}": start it with the module, as orrery worker ./${name}.`;
  }
  const here = module ?? scenario;
  const own = await versionOf(here);
  if (own !== code) {
    return `This worker has version ${own} of "${name}", and the campaign is about version ${plain(code)}: install the same.`;
  }
  return { ...data, entry: { ...data.entry, scenario: here } };
}
