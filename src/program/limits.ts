/** How far a user function may go before it is stopped with an error. */
export interface Limits {
  /** Local requests, calls and checkpoints between two remote requests. */
  readonly stepsMax: number;
  /** Answers in the history of one function since it began or made a checkpoint. */
  readonly historyMax: number;
  /** Recorded calls within one another. */
  readonly depthMax: number;
}

/**
 * Generous for programs, small for computers: replaying the longest history takes milliseconds. The
 * depth is that of CPython (`sys.getrecursionlimit`).
 */
export const defaultLimits: Limits = { stepsMax: 1_000_000, historyMax: 10_000, depthMax: 1_000 };
