/** How far a check has come, on standard error: one line, or a new one now and then. */
import type { CheckProgress } from '../../explore/check/options.ts';
import type { Io } from './io.ts';
import { amount } from './words.ts';

/** Shows progress. */
export interface Meter {
  readonly done: () => void;
  readonly show: (progress: CheckProgress) => void;
}

const terminalEveryMs = 200;
const fileEveryMs = 5_000;

/** A meter that starts now. */
export function createMeter({ progress }: Io): Meter {
  if (progress === undefined) return { done: () => undefined, show: () => undefined };
  const isTerminal = 'isTTY' in progress && progress.isTTY === true;
  const everyMs = isTerminal ? terminalEveryMs : fileEveryMs;
  const started = performance.now();
  let shown = started;
  let isLineOpen = false;
  return {
    done: () => {
      if (isLineOpen) progress.write('\r\u001B[K');
    },
    show: (now) => {
      const at = performance.now();
      if (at - shown < everyMs) return;
      shown = at;
      const line = lineOf(now, (at - started) / 1_000);
      progress.write(isTerminal ? `\r\u001B[K${line}` : `${line}\n`);
      isLineOpen = isTerminal;
    },
  };
}

function lineOf(progress: CheckProgress, seconds: number): string {
  const { depth, schedules, states, transitions, waiting } = progress;
  const rateOf = (count: number): string => amount(Math.round(count / seconds));
  return waiting === undefined
    ? `${amount(schedules)} runs, ${rateOf(transitions)} steps a second, ${amount(states)} worlds, depth ${depth}`
    : `${amount(states)} worlds, ${rateOf(states)} a second, ${amount(waiting)} waiting, depth ${depth}`;
}
