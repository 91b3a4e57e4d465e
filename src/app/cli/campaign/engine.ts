/** What carries out the jobs of a campaign: threads of this process, or processes anywhere. */
import { messageOf } from '../../../core/errors.ts';
import type { Pool } from '../campaign-pool.ts';
import type { BatchReply, Mistaken } from './carrier.ts';
import type { Job } from './plan.ts';

/** Carries out jobs. */
export interface Engine {
  readonly close: () => Promise<void>;
  /** How long a job should take, in milliseconds. */
  readonly jobMs: () => number;
  /** Jobs that were handed out before and are not forgotten. */
  readonly outstanding: () => Promise<readonly Job[]>;
  /** Carries out a job, once or more often. */
  readonly run: (job: Job) => Promise<BatchReply | Mistaken>;
  /** What came of a job is written down: it may be forgotten. */
  readonly settle: (job: Job) => Promise<void>;
  /** How many jobs there should be under way. */
  readonly window: () => number;
}

/** How long the jobs of threads take. */
export interface EmbeddedOptions {
  /** How long the campaign takes, in milliseconds; until everything is done unless given. */
  readonly forMs?: number | undefined;
  /** How long each job takes, in milliseconds; the older the campaign, the longer unless given. */
  readonly jobMs?: number | undefined;
}

const firstJobMs = 500;
const longestJobMs = 4_000;
const shortestJobMs = 100;
/** Each job learns a system anew: that it is learnt so often should cost little of the time in all. */
const jobsOfAge = 8;

/** The threads of a pool, from now on. */
export function embedded(pool: Pool, { forMs, jobMs }: EmbeddedOptions = {}): Engine {
  const started = performance.now();
  const window = pool.threads * 2;
  return {
    close: () => Promise.resolve(),
    jobMs: () => {
      if (jobMs !== undefined) return jobMs;
      const age = performance.now() - started;
      // Each thread has one job under way and one that waits: both should end in time.
      const left = Math.max(shortestJobMs, ((forMs ?? Number.POSITIVE_INFINITY) - age) / 2);
      return Math.min(left, longestJobMs, Math.max(firstJobMs, age / jobsOfAge));
    },
    outstanding: () => Promise.resolve([]),
    run: async (job) => {
      try {
        const reply = await pool.run({ job, type: 'batch' });
        return reply.type === 'told' ? mixedUp : reply;
      } catch (thrown) {
        const message = `A thread that ran "${job.entry.scenario}" ended: ${messageOf(thrown)}`;
        return { code: 'cli/thread-ended', message, type: 'mistaken' };
      }
    },
    settle: () => Promise.resolve(),
    window: () => window,
  };
}

const mixedUp: Mistaken = {
  code: 'cli/unexpected',
  message: 'A thread answered what it was not asked. Please report this.',
  type: 'mistaken',
};
