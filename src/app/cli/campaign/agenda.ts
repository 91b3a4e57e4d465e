/** What is to be done next: which stream, and how many of its schedules at once. */
import { firstGap, withSpan } from '../../../explore/campaign/ranges.ts';
import type { Span, Spans } from '../../../explore/campaign/ranges.ts';
import { jobOf } from './plan.ts';
import type { Job, Stream } from './plan.ts';
import type { Standing } from './standing.ts';

/** Hands out jobs. */
export interface Agenda {
  /** Takes a job as handed out by somebody else, or before. */
  readonly adopt: (job: Job) => void;
  /** A job is over, whatever came of it. */
  readonly back: (job: Job) => void;
  /** The next job; `undefined` where nothing is left to hand out. */
  readonly next: () => Job | undefined;
}

/** How jobs are cut. */
export interface AgendaOptions {
  /** Whether a stream is left out: of a scenario that is broken, or mistaken. */
  readonly isOver: (stream: Stream) => boolean;
  /** How long a job should take, in milliseconds. */
  readonly jobMs: () => number;
}

/** The first job of a stream, of which nothing is known: so many schedules, or so small a part of them. */
const firstCount = 32;
/** A job is so many times as long as all before it, at most. */
const growth = 4;
const countMax = 100_000_000;

/** Streams get time alike. Which schedules are in one job changes nothing of what they show. */
export function createAgenda(standing: Standing, { isOver, jobMs }: AgendaOptions): Agenda {
  const { plan, streams } = standing;
  const out = new Map<string, Span[]>();
  const taken = ({ key }: Stream): Spans =>
    (out.get(key) ?? []).reduce(withSpan, standing.stateOf(key).done);
  const gapOf = (stream: Stream): Span | undefined =>
    isOver(stream) ? undefined : firstGap(taken(stream), stream.max);
  /** Milliseconds, what is under way included as far as it can be known. */
  const costOf = ({ key }: Stream): number =>
    standing.stateOf(key).ms + (out.get(key)?.length ?? 0) * jobMs();
  return {
    adopt: (job) => out.set(job.stream, [...(out.get(job.stream) ?? []), spanOf(job)]),
    back: (job) => {
      const { end, from } = spanOf(job);
      const left = (out.get(job.stream) ?? []).filter(
        (span) => span.from !== from || span.end !== end,
      );
      out.set(job.stream, left);
    },
    next: () => {
      const open = streams.filter((stream) => gapOf(stream) !== undefined);
      const [first, ...others] = open;
      if (first === undefined) return undefined;
      const stream = others.reduce(
        (one, other) => (costOf(other) < costOf(one) ? other : one),
        first,
      );
      const gap = gapOf(stream) ?? { end: 0, from: 0 };
      const count = Math.min(gap.end - gap.from, countFor(standing, stream, jobMs()));
      const job = jobOf(plan, stream, { count, from: gap.from });
      out.set(stream.key, [...(out.get(stream.key) ?? []), spanOf(job)]);
      return job;
    },
  };
}

function spanOf({ count, from }: Job): Span {
  return { end: from + count, from };
}

/** As many schedules as take so long, in whole blocks. */
function countFor(standing: Standing, { block, key, max }: Stream, jobMs: number): number {
  const { findings, ms } = standing.stateOf(key);
  const { schedules } = findings;
  const wanted =
    schedules === 0
      ? Math.min(firstCount, max / firstCount)
      : Math.min((schedules / Math.max(1, ms)) * jobMs, schedules * growth);
  return Math.min(countMax, Math.max(1, Math.round(wanted / block)) * block);
}
