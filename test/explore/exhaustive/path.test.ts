import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { createExpansion } from '../../../src/explore/exhaustive/expansion.ts';
import { createOrigins } from '../../../src/explore/exhaustive/origins.ts';
import { runTo } from '../../../src/explore/exhaustive/path.ts';
import { createWalker } from '../../../src/explore/interned/steps/walker.ts';
import { createVisited } from '../../../src/explore/interned/visited/visited.ts';
import { defineSystem, runSystem, SimulationError } from '../../../src/index.ts';
import type { SystemDefinition } from '../../../src/index.ts';
import { fromEnvironment } from '../../../src/testing/environment.ts';
import { contentsOfVector, contentsOfWorld } from '../interned/contents.ts';
import { mechanisms } from '../interned/mechanisms.ts';
import { anyPlay, playOf } from '../interned/random-play.ts';

/** What the worlds hold that a search meets, and what they hold to which the way there leads. */
function waysThrough(definition: SystemDefinition, order: 'breadth' | 'depth') {
  const system = defineSystem(definition);
  const walker = createWalker(system.mechanics);
  const visited = createVisited(order);
  const origins = createOrigins();
  const { expand } = createExpansion({ origins, visited, walker });
  const vector = new Int32Array(1000);
  const met: { readonly contents: string; readonly state: number }[] = [];
  try {
    visited.seed(walker.first());
    for (let state = visited.next(vector); state >= 0 && met.length < 60;) {
      met.push({ contents: contentsOfVector(walker.space, vector), state });
      expand(vector);
      state = visited.next(vector);
    }
  } catch (error) {
    if (!(error instanceof SimulationError)) throw error;
  }
  const sample = met.slice(-6);
  const runs = sample.map(({ state }) => runTo({ origins, system, walker }, state));
  const replayed = runs.map(({ steps, tape }) =>
    runSystem(system, { replay: 'strict', stepsMax: steps.length - 1, tape }),
  );
  return {
    expected: sample.map(({ contents }) => contents),
    led: runs.map(({ world }) => contentsOfWorld(system, world)),
    hashes: runs.map(({ hash }) => hash),
    replayed: replayed.map(({ hash }) => hash),
  };
}

test.each(mechanisms)('the way to a world leads there and replays: $name', (definition) => {
  for (const order of ['breadth', 'depth'] as const) {
    const { expected, hashes, led, replayed } = waysThrough(definition, order);
    expect(led).toEqual(expected);
    expect(replayed).toEqual(hashes);
  }
});

test('the way to a world of any small system leads there and replays', () => {
  fc.assert(
    fc.property(anyPlay, (random) => {
      const { expected, hashes, led, replayed } = waysThrough(playOf(random), 'breadth');
      expect(led).toEqual(expected);
      expect(replayed).toEqual(hashes);
    }),
    fromEnvironment(60),
  );
});
