/**
 * A tape: the departures of a run from its dullest course. Everywhere else the dullest choice is taken,
 * so the empty tape is the run in which nothing goes wrong and messages arrive in order, and leaving a
 * departure out never changes what the others mean.
 */
import { invariant } from '../core/errors.ts';

/** At the point where `at` would be next, `take` was taken. Both are causal names. */
export interface Departure {
  /** The choice that would have been next; `end` where the system had nothing left to do. */
  readonly at: string;
  readonly take: string;
}

/** The departures of one run, in order. */
export type Tape = readonly Departure[];

/** The point at which the system has nothing left to do of its own. */
export const endPoint = 'end';

/** One line to paste into a test. */
export function formatTape(tape: Tape): string {
  return tape.map(({ at, take }) => `${at}>${take}`).join(' ');
}

/**
 * The tape that `formatTape` wrote.
 *
 * @throws {SimulationError} `kernel/bad-tape` for what is no list of departures.
 */
export function parseTape(text: string): Tape {
  return text
    .split(/\s+/)
    .filter((part) => part !== '')
    .map((part) => {
      const cut = part.indexOf('>');
      const [at, take] = [part.slice(0, Math.max(0, cut)), part.slice(cut + 1)];
      invariant(
        at !== '' && take !== '',
        'kernel/bad-tape',
        `"${part}" is no departure. A tape is a list of them with spaces between, each written ` +
          '`point>choice` with the names that a run or a trace shows, such as `end>input:a:go#0`.',
      );
      return { at, take };
    });
}
