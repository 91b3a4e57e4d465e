/** The event log as `run` and `replay` print it: the same lines for the same run. */
import type { Run } from '../../kernel/run.ts';
import type { Step } from '../../kernel/step.ts';
import { storyOf } from '../../trace/story.ts';
import { moment } from '../../trace/words.ts';
import type { Scenario } from './scenario.ts';
import type { Session } from './session.ts';

/** Prints the steps as they happen. */
export function createLog(
  { colors, say, width }: Session,
  { label }: Scenario,
): (step: Step) => void {
  const options = label === undefined ? { width } : { label, width };
  return (step) => {
    const [head = '', ...details] = storyOf(step, options);
    say(head);
    for (const line of details) say(colors.dim(line));
  };
}

/** The last line: why the run ended, and the hash that tells whether another run was the same. */
export function closing({ ended, hash, steps }: Run): string {
  const last = steps.at(-1);
  return `${endings[ended]} after step ${last?.index} at ${moment(last?.at ?? 0)}, hash ${hash}`;
}

const endings: Readonly<Record<Run['ended'], string>> = {
  quiescent: 'nothing is left to do',
  'steps-max': 'stopped by the limit',
  until: 'stopped',
};
