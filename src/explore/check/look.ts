/** Looks at a system in the way that is asked for. */
import { defined } from '../../core/defined.ts';
import type { Property } from '../../runtime/property.ts';
import type { System } from '../../runtime/system.ts';
import type { Limit } from '../exhaustive/limits.ts';
import { search } from '../exhaustive/search.ts';
import type { SearchResult } from '../exhaustive/search.ts';
import type { Estimate } from '../sampling/report.ts';
import { sample } from '../sampling/sample.ts';
import type { Violation } from '../violation.ts';
import type { CheckOptions, CheckProgress } from './options.ts';
import { isSearch, samplerOf } from './strategy-names.ts';
import type { SearchName } from './strategy-names.ts';

/** What was seen. */
export interface Seen extends CheckProgress {
  /** Whether all there is was looked at; else it ended at a limit, or at a violation. */
  readonly complete: boolean;
  /** What one more run would show. */
  readonly estimate?: Estimate;
  /** What there is to know besides: bounds, limits that were reached. */
  readonly notes: readonly string[];
  /** Properties that say that something can happen, and were seen to be right. */
  readonly reached: readonly string[];
  readonly strategy: string;
  /** Properties of whole runs that a limit or a violation left open. */
  readonly undecided: readonly string[];
  /** Properties that no run has put to the test. */
  readonly vacuous: readonly string[];
  readonly violations: readonly Violation[];
}

/** What is looked at. */
export interface Subject {
  readonly properties: readonly Property[];
  readonly system: System;
}

/** Looks. */
export function look(subject: Subject, options: CheckOptions): Seen {
  const { strategy = 'exhaustive' } = options;
  if (typeof strategy === 'string' && isSearch(strategy)) {
    return bySearch(subject, options, strategy);
  }
  const { properties, system } = subject;
  const { onProgress, schedules, seed, statesMax, stepsMax } = options;
  const seen = sample(system, {
    ...defined({ onProgress, schedules, seed, statesMax, stepsMax }),
    properties,
    strategy: typeof strategy === 'string' ? samplerOf(strategy, options) : strategy,
  });
  return { ...seen, undecided: [] };
}

function bySearch({ properties, system }: Subject, options: CheckOptions, name: SearchName): Seen {
  const { bytesMax, depthMax, onProgress, statesMax } = options;
  const found = search(system, {
    order: name === 'dfs' ? 'depth' : 'breadth',
    properties,
    ...defined({ bytesMax, depthMax, statesMax }),
    ...(onProgress === undefined
      ? {}
      : { onProgress: (progress) => onProgress({ ...progress, schedules: 0 }) }),
  });
  return { ...found, notes: notesOf(found), schedules: 0, strategy: name };
}

const limitWords = {
  'bytes-max': 'The memory that it may use was used up.',
  'depth-max': 'It did not look further than it was told to.',
  'states-max': 'It stopped at the number of worlds that it was told.',
} as const satisfies Readonly<Record<Limit, string>>;

function notesOf({ ended }: SearchResult): readonly string[] {
  return ended === 'done' || ended === 'violation' ? [] : [limitWords[ended]];
}
