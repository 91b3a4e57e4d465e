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
 * Generous for programs, small for computers: to replay 2,000 answers takes some 15 ms, and `JSON.stringify`,
 * which recurses, fails at 4,500. The depth is that of CPython (`sys.getrecursionlimit`).
 */
export const defaultLimits: Limits = { stepsMax: 1_000_000, historyMax: 2_000, depthMax: 1_000 };
