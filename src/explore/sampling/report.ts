/** What a campaign of samples has to say. */
import type { Divergence } from '../divergence.ts';
import type { Violation } from '../violation.ts';

/** How far a campaign has come. */
export interface SampleProgress {
  /** The worlds of the longest run, the start being the first. */
  readonly depth: number;
  /** Runs that were made. */
  readonly schedules: number;
  /** Different worlds that the runs came to, as far as they were counted. */
  readonly states: number;
  /** Steps of all runs. */
  readonly transitions: number;
}

/** What came of a campaign. */
export interface SampleReport extends SampleProgress {
  /** Runs that were cut at `stepsMax`, which says nothing of their ends. */
  readonly cut: number;
  /** What a run more would show; absent where no world was counted. */
  readonly estimate?: Estimate;
  /** Whether there is no schedule left that the strategy would make. That is not all that there are. */
  readonly exhausted: boolean;
  /** What there is to know besides: bounds, limits that were reached. */
  readonly notes: readonly string[];
  /** The `sometimes` properties that were seen to hold. */
  readonly reached: readonly string[];
  readonly strategy: string;
  /** The properties that were to be seen in some run and were not: more runs may show them. */
  readonly undecided: readonly string[];
  /** The properties that no run has put to the test: what they speak of never came. */
  readonly vacuous: readonly string[];
  readonly violations: readonly SampleViolation[];
}

/** A broken property, and the run that breaks it. */
export interface SampleViolation extends Violation {
  /** Where the run's tape does not make it again: something hidden has a say. */
  readonly difference?: Divergence;
  /** The schedule in the strategy's words: `one delay`. */
  readonly found?: string;
  /** Which run it was; the first is 0. */
  readonly schedule: number;
}

/**
 * What the next run would show, if it were drawn like those before it.
 *
 * @see Good, "The Population Frequencies of Species and the Estimation of Population Parameters", 1953,
 * section 2; for runs that each show several worlds: Chao and Colwell, "Thirty years of progeny from
 * Chao's inequality", 2017, section 3.
 */
export interface Estimate {
  /** How many new worlds the next run shows on average: those that one run has shown, by runs. */
  readonly newWorlds: number;
  /** The probability that it shows any: the share of runs that have shown a world of their own. */
  readonly showsNew: number;
}
