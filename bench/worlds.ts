import { search } from '../src/index.ts';
import type { Property, SearchOptions, SearchResult, System } from '../src/index.ts';

/** What came of a search: the properties that are broken, and the worlds that were looked at without them. */
export interface Worlds {
  readonly broken: readonly string[];
  readonly result: SearchResult;
}

/** Looks at all worlds; again without each property that is broken, until none is. */
export function worldsOf(
  system: System,
  all: readonly Property[],
  limits: Omit<SearchOptions, 'properties'>,
): Worlds {
  const broken: string[] = [];
  for (;;) {
    const properties = all.filter(({ name }) => !broken.includes(name));
    const result = search(system, { ...limits, properties });
    if (result.violations.length === 0) return { broken, result };
    broken.push(...result.violations.map(({ property }) => property));
  }
}
