/** Waits for helpers, but not for ever: a thread that dies hard cannot say so. */
import { SimulationError } from '../../core/errors.ts';
import { word } from './control.ts';
import type { Team } from './team.ts';

/** Somebody's patience with helpers. */
export interface Patience {
  /**
   * Rests until something is said that was not `seen`, or for a moment.
   *
   * @throws {SimulationError} `explore/helper-failed` where no helper has given a sign of life for long.
   */
  readonly rest: (seen: number) => void;
  /** Rests until something is done. */
  readonly until: (isDone: () => boolean) => void;
}

// Half a minute where a rest is 20 ms; no step and no property should take so long.
const restsMaxDefault = 1500;

/** Patience that was not yet tried. */
export function createPatience({ control, crew, helpers }: Team): Patience {
  const { restsMax = restsMaxDefault } = crew;
  let beats = 0;
  let rests = 0;
  const rest = (seen: number): void => {
    crew.rest(control, seen);
    const now = helpers.reduce((sum, { beat }) => (sum + Atomics.load(control, beat)) | 0, 0);
    rests = now === beats ? rests + 1 : 0;
    beats = now;
    if (rests > restsMax) throw helperFailed('it no longer gives a sign of life');
  };
  return {
    rest,
    until: (isDone) => {
      for (;;) {
        const seen = Atomics.load(control, word.signal);
        if (isDone()) return;
        rest(seen);
      }
    },
  };
}

/** The error of a helper that cannot go on. */
export function helperFailed(why: string): SimulationError {
  return new SimulationError(
    'explore/helper-failed',
    `A thread that helps the search failed: ${why}. Search with one thread.`,
  );
}
