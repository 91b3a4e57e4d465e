/**
 * Jobs through a queue on Redis or Valkey, to any number of worker processes. The journal alone says what
 * is done: a job is in the queue until what came of it is written down, and what the queue forgets is put
 * there again. So a worker, Redis or this process may end at any moment.
 */
import type { Queue, QueueEvents } from 'bullmq';

import type { BatchReply, Mistaken } from './carrier.ts';
import { queueName } from './connection.ts';
import type { QueueLibraries, RedisAccess } from './connection.ts';
import type { Engine } from './engine.ts';
import { isJob, isReply, jobName, packed } from './parcel.ts';
import type { Job } from './plan.ts';

/** What the queue is reached with, and who is told of what. */
export interface QueueEngineOptions {
  /** The id of the campaign. */
  readonly campaign: string;
  /** How long a job should take at least, in milliseconds: jobs that are too short keep Redis busy. */
  readonly jobMs: number;
  readonly libraries: QueueLibraries;
  /** Told once of each reason why workers do not take jobs. */
  readonly onRefused: (why: string) => void;
  readonly redis: RedisAccess;
}

const sweepEveryMs = 1_000;
/** How many jobs there may be in a second: with more workers, jobs are longer. */
const jobsPerSecondMax = 100;
const windowMin = 4;
const attemptsMax = 5;
const keptSeconds = 7 * 24 * 3_600;

/** An engine over a queue. */
export function overQueue(options: QueueEngineOptions): Engine {
  const { campaign, jobMs, libraries, onRefused, redis } = options;
  const { bullmq } = libraries;
  const queue = new bullmq.Queue(queueName, { connection: redis });
  const events = new bullmq.QueueEvents(queueName, { connection: redis });
  const waiting = new Map<string, Waiting>();
  let hands = 1;
  queue.on('error', () => undefined);
  events.on('error', () => undefined);
  const look = (name: string): void => {
    const one = waiting.get(name);
    if (one !== undefined) quietly(collect(queue, one));
  };
  events.on('completed', ({ jobId }) => look(jobId));
  events.on('failed', ({ jobId }) => look(jobId));
  listenForRefusals(events, campaign, onRefused);
  const countHands = async (): Promise<void> => {
    hands = await handsOf(queue);
  };
  // What an event does not say, because it was lost or came too early, is found by looking.
  const sweep = setInterval(() => {
    for (const name of waiting.keys()) look(name);
    quietly(countHands());
  }, sweepEveryMs);
  return {
    close: async () => {
      clearInterval(sweep);
      await Promise.all(
        [queue.disconnect(), events.close()].map(async (end) => end.catch(() => undefined)),
      );
    },
    jobMs: () => Math.max(jobMs, (hands / jobsPerSecondMax) * 1_000),
    outstanding: async () => outstandingIn(queue, campaign),
    run: async (job) =>
      new Promise((resolve) => {
        const name = jobName(job);
        waiting.set(name, {
          job,
          name,
          resolve: (reply) => {
            waiting.delete(name);
            resolve(reply);
          },
        });
        quietly(put(queue, job));
      }),
    settle: async (job) => {
      // Whatever goes wrong here leaves something over that is thrown away later.
      await queue.remove(jobName(job)).catch(() => undefined);
    },
    window: () => Math.max(windowMin, hands * 2),
  };
}

interface Waiting {
  readonly job: Job;
  readonly name: string;
  readonly resolve: (reply: BatchReply | Mistaken) => void;
}

/** A job that is there already is not put there again. */
async function put(queue: Queue, job: Job): Promise<void> {
  await queue.add('batch', packed(job), {
    attempts: attemptsMax,
    backoff: { delay: sweepEveryMs, type: 'fixed' },
    jobId: jobName(job),
    removeOnComplete: { age: keptSeconds },
    removeOnFail: { age: keptSeconds },
  });
}

async function collect(queue: Queue, { job, name, resolve }: Waiting): Promise<void> {
  const found = await queue.getJob(name);
  // The queue has lost it, as Redis does that ends before all is on disk.
  if (found === undefined || found === null) return put(queue, job);
  const state = await found.getState();
  if (state === 'completed') {
    const reply: unknown = found.returnvalue;
    if (isReply(reply)) return resolve(reply);
    await found.remove();
    return put(queue, job);
  }
  if (state !== 'failed') return undefined;
  await found.remove();
  const message = `A job of "${job.entry.scenario}" failed ${attemptsMax} times: ${found.failedReason}`;
  return resolve({ code: 'cli/job-failed', message, type: 'mistaken' });
}

/** Threads of all workers. */
async function handsOf(queue: Queue): Promise<number> {
  const workers = await queue.getWorkers();
  const threads = workers.map(({ name = '' }) => Number(/threads-(\d+)/.exec(name)?.[1] ?? 1));
  return Math.max(
    1,
    threads.reduce((sum, count) => sum + count, 0),
  );
}

async function outstandingIn(queue: Queue, campaign: string): Promise<readonly Job[]> {
  const jobs = await queue.getJobs(['active', 'completed', 'delayed', 'failed', 'waiting']);
  return jobs.flatMap((job): readonly Job[] => {
    const data: unknown = job.data;
    return isJob(data) && data.campaign === campaign ? [data] : [];
  });
}

function listenForRefusals(
  events: QueueEvents,
  campaign: string,
  onRefused: QueueEngineOptions['onRefused'],
): void {
  const said = new Set<string>();
  events.on('progress', ({ data, jobId }) => {
    if (!jobId.startsWith(campaign)) return;
    if (typeof data !== 'object' || !('refused' in data)) return;
    const why = String(data.refused);
    if (said.has(why)) return;
    said.add(why);
    onRefused(why);
  });
}

/** What fails now is tried again at the next look. */
function quietly(work: Promise<unknown>): void {
  work.catch(() => undefined);
}
