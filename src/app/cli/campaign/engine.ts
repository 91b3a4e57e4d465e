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

const embeddedJobMs = 500;

/** The threads of a pool. */
export function embedded(pool: Pool, jobMs = embeddedJobMs): Engine {
  return {
    close: () => Promise.resolve(),
    jobMs: () => jobMs,
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
    window: () => pool.threads * 2,
  };
}

const mixedUp: Mistaken = {
  code: 'cli/unexpected',
  message: 'A thread answered what it was not asked. Please report this.',
  type: 'mistaken',
};
