/** What a broken property comes to: the smallest run that was found to break it, told and traced. */
import { mannered, sampledProperties, variantIn } from '../../../explore/campaign/batch.ts';
import { violationOf } from '../../../explore/campaign/witness.ts';
import type { Witness } from '../../../explore/campaign/witness.ts';
import { judged } from '../../../explore/check/violations.ts';
import { describeChoice } from '../../../kernel/choice.ts';
import { traceFileName } from '../../../trace/file-name.ts';
import { formatTrace } from '../../../trace/record.ts';
import { violationStory, violationTrace } from '../../../trace/violation.ts';
import type { Staged } from '../scenario.ts';
import type { Job } from './plan.ts';

/** A run that is to be made small. */
export interface StoryTask extends Pick<Job, 'entry' | 'manner'> {
  readonly property: string;
  readonly witness: Witness;
}

/** A run that was made small. */
export interface Story {
  /** What happens in it, in words: stories that are told alike are one. */
  readonly key: string;
  readonly lines: readonly string[];
  /** How many choices the run takes, and how many the one that was found. */
  readonly steps: number;
  readonly stepsBefore: number;
  /** The trace file and its name; absent where the run does not come out alike twice. */
  readonly trace?: { readonly name: string; readonly text: string };
}

/** Steps of replays: a campaign has many stories, and `orrery shrink` goes on from a trace. */
const shrinkStepsMax = 100_000;

/**
 * Makes a run small, and tells it.
 *
 * @throws {SimulationError} where the run does not fit, or breaks nothing.
 */
export function tellStory(
  { params, scenario: { label }, system }: Staged,
  { entry, manner, property, witness }: StoryTask,
): Story {
  const maker = mannered(system, { manner, ...variantIn({ time: entry.time }) }).system;
  const properties = sampledProperties(maker, entry.properties);
  const [violation] = judged(maker, [violationOf(maker, property, witness)], {
    isMadeSmall: true,
    properties,
    stepsMax: shrinkStepsMax,
  });
  const variant = variantIn({ faults: manner.faults, time: entry.time });
  const checked = { properties, system: maker };
  const { run } = violation ?? {};
  if (violation === undefined || run === undefined)
    return { key: '', lines: [], steps: 0, stepsBefore: witness.steps };
  const trace = violationTrace(checked, violation, {
    params,
    ...(Object.keys(variant).length === 0 ? {} : { variant }),
  });
  return {
    key: run.steps
      .map(({ choice }) => (choice === undefined ? 'start' : describeChoice(choice)))
      .join('\n'),
    lines: violationStory(checked, violation, label === undefined ? {} : { label }),
    steps: run.steps.length - 1,
    stepsBefore: witness.steps,
    ...(trace === undefined
      ? {}
      : { trace: { name: traceFileName(trace), text: formatTrace(trace) } }),
  };
}
