/** What came of an exhibit when it was measured. */

/** The strategies that an exhibit is looked for with, each by itself. */
export const racingStrategies = ['random', 'pct', 'pos', 'coverage'] as const;

/** The name of one of them. */
export type RacingStrategy = (typeof racingStrategies)[number];

/** Schedules until the first violation, for each seed; `null` where there was none within the limit. */
export type ScheduleCounts = Readonly<Record<RacingStrategy, readonly (number | null)[]>>;

/** What was measured of one exhibit. */
export interface Finding {
  readonly id: string;
  /** Whether the search with the bug switched on broke the property. */
  readonly found: boolean;
  /** Worlds that the search came to until then. */
  readonly states: number;
  /** Choices of the shrunk run that depart from FIFO, faults among them. */
  readonly departures: number;
  /** Steps of the shrunk run. */
  readonly steps: number;
  /** Faults of the shrunk run. */
  readonly faults: number;
  readonly schedules: ScheduleCounts;
  /** The same system with the bug switched off. */
  readonly fixed: FixedFinding;
}

/** What a search of the fixed variant came to, all properties in force. */
export interface FixedFinding {
  /** The property that broke all the same, if one did. */
  readonly broken: string | null;
  /** Whether all worlds were looked at. */
  readonly complete: boolean;
  /** Levels that were looked at, the start being the first. */
  readonly depth: number;
  readonly states: number;
}

/** The middle one of the counts; `null` where half of the campaigns or more found nothing. */
export function medianOf(counts: readonly (number | null)[]): number | null {
  const sorted = counts
    .map((count) => count ?? Number.POSITIVE_INFINITY)
    .toSorted((one, other) => one - other);
  const middle = sorted[(sorted.length - 1) >> 1];
  return middle === undefined || !Number.isFinite(middle) ? null : middle;
}
