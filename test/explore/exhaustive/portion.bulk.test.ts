import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { paxos } from '../../../examples/protocols/paxos.ts';
import { twoPhaseCommit } from '../../../examples/protocols/two-phase-commit.ts';
import { isOfWorlds } from '../../../src/explore/exhaustive/of-worlds.ts';
import { searchPortion } from '../../../src/explore/exhaustive/portion.ts';
import type { PortionResult } from '../../../src/explore/exhaustive/portion.ts';
import { defineSystem, runSystem, search, SimulationError } from '../../../src/index.ts';
import type { SystemDefinition } from '../../../src/index.ts';
import { fromEnvironment } from '../../../src/testing/environment.ts';
import { anyPlay, playOf } from '../interned/random-play.ts';
import { anyPlain } from '../reduction/random-system.ts';

interface Asked {
  readonly headsMin?: number;
  readonly portions: number;
  readonly statesMax?: number;
}

/** All portions, and the different worlds that they have looked at. */
function searchAll(definition: SystemDefinition, { statesMax = 10_000, ...asked }: Asked) {
  const worlds = new Set<string>();
  const properties = (definition.properties ?? []).filter(isOfWorlds);
  const results = Array.from({ length: asked.portions }, (_, index): PortionResult =>
    searchPortion(defineSystem(definition), {
      ...asked,
      index,
      onWorld: ({ a, b }) => worlds.add(`${a} ${b}`),
      properties,
      statesMax,
    }),
  );
  return { results, worlds: worlds.size };
}

/** The first worlds of a system; `undefined` where it has more, or is mistaken. */
function countOf(definition: SystemDefinition): number | undefined {
  try {
    const found = search(defineSystem(definition), { statesMax: 2_000 });
    return found.complete ? found.states : undefined;
  } catch (error) {
    if (error instanceof SimulationError) return undefined;
    throw error;
  }
}

describe('the portions of a search', () => {
  const anyAsked = fc.record({
    headsMin: fc.integer({ max: 12, min: 1 }),
    portions: fc.integer({ max: 5, min: 1 }),
  });
  const anySystem = fc.oneof(anyPlain, anyPlay.map(playOf));

  test('have all worlds, whatever the system is and however it is divided', () => {
    let several = 0;
    fc.assert(
      fc.property(anySystem, anyAsked, (definition, asked) => {
        const states = countOf({ ...definition, properties: [] });
        fc.pre(states !== undefined);
        const { results, worlds } = searchAll({ ...definition, properties: [] }, asked);
        expect(worlds).toBe(states);
        expect(results.some(({ isCut }) => isCut)).toBe(false);
        if (results.filter(({ transitions }) => transitions > 0).length > 1) several += 1;
      }),
      fromEnvironment(150),
    );
    expect(several).toBeGreaterThan(10);
  });

  test('count each transition of the first levels once', () => {
    const definition = paxos({ clients: 1, servers: 3 });
    const whole = search(defineSystem(definition));
    const { results } = searchAll(definition, { portions: 1 });
    expect(results.map(({ transitions }) => transitions)).toEqual([whole.transitions]);
    expect(results.map(({ depth }) => depth)).toEqual([whole.depth]);
  });

  test('find what is broken, in one of them or in the levels that they share', () => {
    const definition = twoPhaseCommit({ bug: 'aborts-after-preparing', repeats: true, rms: 3 });
    for (const headsMin of [1, 8, 64, 100_000]) {
      const { results } = searchAll(definition, { headsMin, portions: 4 });
      const violations = results.flatMap((one) => one.violations);
      expect(new Set(violations.map(({ property }) => property))).toEqual(new Set(['consistent']));
      for (const { run } of violations) {
        const steps = run?.steps.length ?? 0;
        const again = runSystem(defineSystem(definition), {
          replay: 'strict',
          stepsMax: steps - 1,
          tape: run?.tape ?? [],
        });
        expect(again.hash).toEqual(run?.hash);
      }
    }
  });

  test('say so where they are cut', () => {
    const definition = paxos({ clients: 1, servers: 3 });
    const { results } = searchAll(definition, { portions: 3, statesMax: 60 });
    expect(results.every(({ isCut }) => isCut)).toBe(true);
    expect(results.flatMap(({ violations }) => violations)).toEqual([]);
  });

  test('are numbered', () => {
    const system = defineSystem(paxos({ clients: 1, servers: 3 }));
    const options = { portions: 2, properties: [], statesMax: 10 };
    expect(() => searchPortion(system, { ...options, index: 2 })).toThrow(/Portion 2 of 2/);
  });
});
