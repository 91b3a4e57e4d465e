/** A progress bar on standard error; a few plain lines where that is no terminal. */
import { SingleBar } from 'cli-progress';

import type { Io } from './io.ts';

/** Something that takes a while. */
export interface Progress {
  readonly done: () => void;
  readonly tick: (what: string) => void;
}

const linesEveryMs = 5_000;

/** A bar of `total` ticks; `unit` says what they are. */
export function createProgress({ progress }: Io, total: number, unit = 'runs'): Progress {
  if (progress === undefined || total === 0)
    return { done: () => undefined, tick: () => undefined };
  const bar = new SingleBar({
    barsize: 40,
    clearOnComplete: true,
    format: `{bar} {value} of {total} ${unit}, {duration} s  {what}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    noTTYOutput: true,
    notTTYSchedule: linesEveryMs,
    stream: progress,
  });
  bar.start(total, 0, { what: '' });
  return { done: () => bar.stop(), tick: (what) => bar.increment(1, { what }) };
}
