/** Carries out jobs where the scenario is: the same in a thread, and on another machine. */
import { createBatchMaker } from '../../../explore/campaign/batch-maker.ts';
import type { BatchMaker } from '../../../explore/campaign/batch-maker.ts';
import type { Findings } from '../../../explore/campaign/findings.ts';
import { failureOf } from '../failure.ts';
import { findScenario } from '../find-scenario.ts';
import { stage } from '../scenario.ts';
import type { Staged } from '../scenario.ts';
import type { Entry, Job } from './plan.ts';
import { tellStory } from './story.ts';
import type { Story, StoryTask } from './story.ts';

/** What is to be done: schedules, or a story that is to be made small. */
export type Task =
  | { readonly type: 'batch'; readonly job: Job }
  | { readonly type: 'story'; readonly task: StoryTask };

/** What comes of it. */
export type Reply = BatchReply | Mistaken | { readonly type: 'told'; readonly story: Story };

/** What comes of a job. */
export interface BatchReply {
  readonly type: 'done';
  readonly findings: Findings;
  readonly ms: number;
}

/** A mistake of the scenario: it would come again. */
export interface Mistaken {
  readonly type: 'mistaken';
  readonly code: string;
  readonly message: string;
}

/** Carries out one task after the other. */
export type Carrier = (task: Task) => Promise<Reply>;

const systemsMax = 64;
/** What may be kept of systems between two tasks, in bytes. */
const keptMax = 1 << 29;

/** A system, and what makes its batches. */
interface Known extends Staged {
  readonly maker: BatchMaker;
}

/** A carrier; it makes each system once. */
export function createCarrier(): Carrier {
  const known = new Map<string, Known>();
  const staged = async ({
    params,
    scenario,
  }: Pick<Entry, 'params' | 'scenario'>): Promise<Known> => {
    const key = JSON.stringify([scenario, params]);
    const before = known.get(key);
    if (before !== undefined) return before;
    const made = stage(scenario, await findScenario(scenario), params);
    const kept = { ...made, maker: createBatchMaker(made.system) };
    if (known.size >= systemsMax) known.clear();
    known.set(key, kept);
    return kept;
  };
  const tidy = (): void => {
    const { arrayBuffers, heapUsed } = process.memoryUsage();
    if (arrayBuffers + heapUsed < keptMax) return;
    for (const { maker } of known.values()) maker.forget();
  };
  return async (task) => {
    try {
      if (task.type === 'story') {
        return { story: tellStory(await staged(task.task.entry), task.task), type: 'told' };
      }
      const reply = carryOut(await staged(task.job.entry), task.job);
      tidy();
      return reply;
    } catch (thrown) {
      return { ...failureOf(thrown), type: 'mistaken' };
    }
  };
}

function carryOut({ maker }: Known, job: Job): BatchReply {
  const { count, entry, from, manner, seed, stepsMax } = job;
  const { properties, time } = entry;
  const started = performance.now();
  const findings = maker.make({
    count,
    from,
    manner,
    properties,
    seed,
    stepsMax,
    ...(time === undefined ? {} : { time }),
  });
  return { findings, ms: Math.ceil(performance.now() - started), type: 'done' };
}
