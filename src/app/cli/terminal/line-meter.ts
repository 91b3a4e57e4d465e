/** How far something has come, on standard error: one line that changes, or a new one now and then. */
import type { Io } from './io.ts';

/** Shows progress. */
export interface LineMeter {
  readonly done: () => void;
  /** A line that stays, above the one that changes. */
  readonly say: (line: string) => void;
  /** Makes the line where it is time for one; told of the seconds since the beginning. */
  readonly show: (lineOf: (seconds: number) => string) => void;
}

const terminalEveryMs = 200;
const fileEveryMs = 5_000;
const clear = '\r\u001B[K';

/** A meter that starts now. */
export function createLineMeter({ progress }: Io): LineMeter {
  if (progress === undefined)
    return { done: () => undefined, say: () => undefined, show: () => undefined };
  const isTerminal = 'isTTY' in progress && progress.isTTY === true;
  const everyMs = isTerminal ? terminalEveryMs : fileEveryMs;
  const started = performance.now();
  let shown = started;
  let isLineOpen = false;
  const wipe = (): void => {
    if (isLineOpen) progress.write(clear);
    isLineOpen = false;
  };
  return {
    done: wipe,
    say: (line) => {
      wipe();
      progress.write(`${line}\n`);
    },
    show: (lineOf) => {
      const at = performance.now();
      if (at - shown < everyMs) return;
      shown = at;
      const line = lineOf((at - started) / 1_000);
      progress.write(isTerminal ? `${clear}${line}` : `${line}\n`);
      isLineOpen = isTerminal;
    },
  };
}
