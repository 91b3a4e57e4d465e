import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { defineSystem, never, search, sometimes, SimulationError } from '../../../src/index.ts';
import type { SearchOptions, SearchResult, System } from '../../../src/index.ts';
import { fromEnvironment } from '../../../src/testing/environment.ts';
import { anyPlay, playOf } from '../interned/random-play.ts';

const statesMax = 2_000;

/** What came of a search; nothing where the system is in error, which ends it anywhere. */
function searched(system: System, options: SearchOptions): SearchResult | undefined {
  try {
    return search(system, { statesMax, ...options });
  } catch (error) {
    if (!(error instanceof SimulationError)) throw error;
    return undefined;
  }
}

test('neither the order nor the storage changes a verdict, on any small system', () => {
  const seen = { broken: 0, whole: 0 };
  fc.assert(
    fc.property(anyPlay, fc.nat({ max: 2 }), fc.constantFrom('a', 'b', 'a/k'), (random, n, at) => {
      const system = defineSystem(playOf(random));
      const properties = [
        never('it', (view) => view.actor(at)?.context['n'] === n && view.messages().length === n),
        sometimes('so', (view) => view.actor(at)?.status === 'done'),
      ];
      const first = searched(system, { properties });
      if (first === undefined || first.ended === 'states-max') return;
      const isBroken = first.violations.some(({ property }) => property === 'it');
      seen[isBroken ? 'broken' : 'whole'] += 1;
      for (const options of [{ order: 'depth' }, { storage: 'fingerprints' }] as const) {
        const other = searched(system, { properties, ...options });
        // Another order may come upon a mistake of the system's first.
        if (other === undefined) continue;
        expect(other.violations.some(({ property }) => property === 'it')).toBe(isBroken);
        if (isBroken) continue;
        const { reached, states, transitions } = first;
        expect(other).toMatchObject({ reached, states, transitions });
      }
    }),
    fromEnvironment(150),
  );
  expect(seen.broken).toBeGreaterThan(10);
  expect(seen.whole).toBeGreaterThan(10);
});
