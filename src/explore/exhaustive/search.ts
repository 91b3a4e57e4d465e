/**
 * All worlds that a system can come to, each looked at once. Breadth first finds the shortest way to
 * what breaks a property; depth first holds fewer worlds at a time.
 */
import type { System } from '../../runtime/system.ts';
import { omissionOdds } from '../interned/visited/fingerprint.ts';
import type { Violation } from '../violation.ts';
import type { Limit } from './limits.ts';
import { survey } from './survey.ts';
import type { Progress, SearchOptions } from './survey.ts';
import { createVerdicts } from './verdicts.ts';

/** What came of a search. */
export interface SearchResult extends Omit<Progress, 'waiting'> {
  /** Whether all worlds were looked at, and nothing is left open. A world that breaks something ends a search. */
  readonly complete: boolean;
  /** Why it ended: all was seen, something is broken, or a limit. */
  readonly ended: 'done' | 'violation' | Limit;
  /** Bytes for each world that was stored. */
  readonly bytesPerState: number;
  /** The odds that a world was left out because it was taken for another one; 0 where worlds are stored. */
  readonly omissionOdds: number;
  /** The `sometimes` properties that were seen to hold. */
  readonly reached: readonly string[];
  /** Threads that looked; those of a crew that was not ready in time are not among them. */
  readonly threads: number;
  /** What a limit or a violation left open: properties of whole runs, and `sometimes` that it did not come to. */
  readonly undecided: readonly string[];
  /** Properties that hold because what they speak of never came about. */
  readonly vacuous: readonly string[];
  readonly violations: readonly Violation[];
}

/**
 * Searches all worlds of a system.
 *
 * @throws {SimulationError} `explore/property-threw`, or whatever the system's own mistake is.
 * @see Clarke, Grumberg and Peled, "Model Checking", 1999, chapter 2; Holzmann, "State Compression in
 * SPIN", 1997.
 */
export function search(system: System, options: SearchOptions = {}): SearchResult {
  const found = survey(system, options);
  const { bytes, depth, states, threads, transitions, watch } = found;
  const { ended, isWhole, undecided, violations } = createVerdicts(found);
  return {
    bytesPerState: Math.round(bytes / states),
    complete: isWhole,
    depth,
    ended,
    omissionOdds: options.storage === 'fingerprints' ? omissionOdds(states) : 0,
    reached: watch.reached(),
    states,
    threads,
    transitions,
    undecided,
    vacuous: isWhole ? watch.vacuous() : [],
    violations,
  };
}
