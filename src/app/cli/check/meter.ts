/** How far a check has come, on standard error. */
import type { CheckProgress } from '../../../explore/check/options.ts';
import type { Io } from '../terminal/io.ts';
import { createLineMeter } from '../terminal/line-meter.ts';
import { amount } from '../terminal/words.ts';

/** Shows progress. */
export interface Meter {
  readonly done: () => void;
  readonly show: (progress: CheckProgress) => void;
}

/** A meter that starts now. */
export function createMeter(io: Io): Meter {
  const { done, show } = createLineMeter(io);
  return { done, show: (now) => show((seconds) => lineOf(now, seconds)) };
}

function lineOf(progress: CheckProgress, seconds: number): string {
  const { depth, schedules, states, transitions, waiting } = progress;
  const rateOf = (count: number): string => amount(Math.round(count / seconds));
  return waiting === undefined
    ? `${amount(schedules)} runs, ${rateOf(transitions)} steps a second, ${amount(states)} worlds, depth ${depth}`
    : `${amount(states)} worlds, ${rateOf(states)} a second, ${amount(waiting)} waiting, depth ${depth}`;
}
