import { invariant } from '../../core/errors.ts';
import { isSame } from '../../core/same.ts';
import { always, atQuiescence } from '../../runtime/property.ts';
import type { Observation } from '../../runtime/property.ts';
import type { View } from '../../runtime/view.ts';
import type { Pattern } from './pattern.ts';

/** When two readings of one fact have to agree. */
export interface OneFactOptions {
  /** `always`, unless they may differ while messages are under way: then `at rest`. */
  readonly when?: 'always' | 'at rest';
}

/**
 * What is written down in several places says the same in all of them: a directory and what it lists, a
 * counter and the table that it counts, an owner's list and those who have a reference. It breaks where
 * one fact is two words that are changed one after the other, and somebody looks in between.
 *
 * @throws {SimulationError} `explore/one-reading` for fewer than two readings.
 */
export function oneFact(
  name: string,
  readings: readonly Observation[],
  { when = 'always' }: OneFactOptions = {},
): Pattern {
  invariant(
    readings.length > 1,
    'explore/one-reading',
    `"${name}" compares ${readings.length} readings of one fact. Give two or more.`,
  );
  const holds = (view: View): boolean => {
    const [first, ...others] = readings.map((read) => read(view));
    return others.every((other) => isSame(first, other));
  };
  return {
    monitors: [],
    properties: [when === 'always' ? always(name, holds) : atQuiescence(name, holds)],
  };
}
