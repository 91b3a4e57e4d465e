import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { paxos } from '../../../examples/protocols/paxos.ts';
import { twoPhaseCommit } from '../../../examples/protocols/two-phase-commit.ts';
import {
  check,
  defineSystem,
  never,
  search,
  sometimes,
  SimulationError,
} from '../../../src/index.ts';
import type { SearchResult, SystemDefinition } from '../../../src/index.ts';
import { fromEnvironment } from '../../../src/testing/environment.ts';
import { anyPlay, playOf } from '../interned/random-play.ts';
import { stageCrew } from './staged-crew.ts';
import type { Staging } from './staged-crew.ts';

const statesMax = 2_000;
const anyTurns = fc.array(fc.nat({ max: 30 }), { maxLength: 5, minLength: 1 });
const anyCrew = fc.record({
  capacity: fc.constantFrom(64, 256, 4_096),
  helpers: fc.integer({ max: 3, min: 1 }),
  room: fc.constantFrom(1, 1 << 17),
  staged: fc.constantFrom(1, 3, 16, 512),
  turns: anyTurns,
});

/** What came of a search; nothing where the system is in error, which ends it. */
function searched(definition: SystemDefinition, manner?: Staging): SearchResult | undefined {
  const { properties = [] } = definition;
  const crew = manner && stageCrew(manner);
  try {
    return search(defineSystem(definition), { crew, properties, statesMax });
  } catch (error) {
    if (!(error instanceof SimulationError)) throw error;
    return undefined;
  }
}

/** How long the runs are that break something. */
function lengthsOf(result?: SearchResult) {
  return result?.violations.map(({ run }) => run?.steps.length);
}

test('two threads count the worlds of two-phase commit', () => {
  const definition = twoPhaseCommit({ repeats: true, rms: 3 });
  expect(searched(definition, { capacity: 64, helpers: 1, turns: [2] })).toMatchObject({
    complete: true,
    depth: 11,
    states: 288,
    transitions: 1_146,
  });
});

test('with little room, helpers halt often, and leave nothing behind', () => {
  const definition = twoPhaseCommit({ repeats: true, rms: 4 });
  for (const staged of [16, 64]) {
    for (const turn of [1, 3, 8]) {
      const crew = { capacity: 16, helpers: 2, room: 1, staged, turns: [turn] };
      expect(searched(definition, crew)).toMatchObject({ states: 1_568, transitions: 8_258 });
    }
  }
});

test('says why no other thread can help', () => {
  const definition = twoPhaseCommit({ rms: 2 });
  const crew = stageCrew({ helpers: 1, turns: [1] });
  expect(check(defineSystem(definition), { crew, symmetry: true }).notes).toContainEqual(
    expect.stringContaining('without symmetry'),
  );
});

test('helpers do their share', () => {
  const { properties = [], ...definition } = paxos({ clients: 2 });
  let asked = 0;
  const counting = never('never asked to be true', (view) => {
    asked += view.addresses().length;
    return false;
  });
  const crew = stageCrew({ helpers: 1, turns: [64] });
  const found = search(defineSystem(definition), { crew, properties: [...properties, counting] });
  expect(found).toMatchObject({ depth: 21, states: 16_668, threads: 2, transitions: 32_971 });
  // What is known of a world need not be asked in another one.
  expect(asked).toBeGreaterThan(0);
});

test('a helper that falls silent ends the search with an error, wherever that is', () => {
  const definition = twoPhaseCommit({ repeats: true, rms: 3 });
  const { properties = [] } = definition;
  const endOf = (silentAfter: number): unknown => {
    const crew = stageCrew({ capacity: 64, helpers: 1, silentAfter, turns: [1] });
    try {
      return search(defineSystem(definition), { crew, properties }).states;
    } catch (error) {
      return error instanceof SimulationError ? error.code : error;
    }
  };
  const ends = Array.from({ length: 60 }, (_, silentAfter) => endOf(silentAfter));
  expect(new Set(ends)).toEqual(new Set([288, 'explore/helper-failed']));
  // Before it has begun nobody waits for it.
  expect(ends[0]).toBe(288);
});

test('threads change no verdict, no count and no distance, on any small system', () => {
  const seen = { broken: 0, whole: 0 };
  fc.assert(
    fc.property(
      anyPlay,
      fc.record({ at: fc.constantFrom('a', 'b', 'a/k'), n: fc.nat({ max: 2 }) }),
      anyCrew,
      (random, { at, n }, manner) => {
        const properties = [
          never('it', (view) => view.actor(at)?.context['n'] === n && view.messages().length === n),
          sometimes('so', (view) => view.actor(at)?.status === 'done'),
        ];
        const definition = { ...playOf(random), properties };
        const alone = searched(definition);
        const together = searched(definition, manner);
        if (alone?.ended === 'states-max') return;
        expect(lengthsOf(together)).toEqual(lengthsOf(alone));
        if (alone === undefined || alone.violations.some(({ property }) => property === 'it')) {
          seen.broken += 1;
          return;
        }
        const { depth, ended, reached, states, transitions, vacuous } = alone;
        expect(together).toMatchObject({ depth, ended, reached, states, transitions, vacuous });
        seen.whole += 1;
      },
    ),
    fromEnvironment(150),
  );
  expect(seen.broken).toBeGreaterThan(10);
  expect(seen.whole).toBeGreaterThan(10);
});
