import { search } from '../../../src/explore/exhaustive/search.ts';
import { defineSystem } from '../../../src/index.ts';
import type { Property, SystemDefinition } from '../../../src/index.ts';

/** What came of an exhaustive search, as a line of numbers and names. */
export interface Explored {
  readonly complete: boolean;
  /** Unique worlds, generated worlds with the first one, and the longest shortest way in worlds. */
  readonly counts: readonly [states: number, transitions: number, depth: number];
  readonly violated: readonly string[];
}

/** Searches all worlds of a system, or as far as the first violation. */
export function explored(
  definition: SystemDefinition,
  properties: readonly Property[] = definition.properties ?? [],
  order: 'breadth' | 'depth' = 'breadth',
): Explored {
  const { complete, depth, states, transitions, violations } = search(defineSystem(definition), {
    order,
    properties,
  });
  return {
    complete,
    counts: [states, transitions, depth],
    violated: violations.map(({ property }) => property),
  };
}
