import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { paxos } from '../../../../examples/protocols/paxos.ts';
import { terminationDetection } from '../../../../examples/protocols/termination-detection.ts';
import { twoPhaseCommit } from '../../../../examples/protocols/two-phase-commit.ts';
import { createExpansion } from '../../../../src/explore/exhaustive/expansion.ts';
import { createOrigins } from '../../../../src/explore/exhaustive/origins.ts';
import { bitOf, everywhere, isIn } from '../../../../src/explore/interned/steps/reach.ts';
import { createSleep } from '../../../../src/explore/interned/steps/sleep.ts';
import { createWalker } from '../../../../src/explore/interned/steps/walker.ts';
import { createVisited } from '../../../../src/explore/interned/visited/visited.ts';
import { defineSystem, SimulationError } from '../../../../src/index.ts';
import type { SystemDefinition } from '../../../../src/index.ts';
import { fromEnvironment } from '../../../../src/testing/environment.ts';
import { anyPlain } from '../../reduction/random-system.ts';
import { anyPlay, playOf } from '../random-play.ts';

const slotsOf = (bits: number): readonly number[] =>
  Array.from({ length: 32 }, (_, slot) => slot).filter((slot) => slot >= 2 && isIn(bits, slot));

test('slots before that of a move sleep after it, unless it has to do with them', () => {
  const sleep = createSleep();
  sleep.begin();
  expect(slotsOf(sleep.after(5, bitOf(5), 0))).toEqual([2, 3, 4]);
  expect(slotsOf(sleep.after(5, bitOf(5) | bitOf(3), bitOf(7)))).toEqual([2, 4]);
  expect(slotsOf(sleep.after(5, bitOf(5), bitOf(2)))).toEqual([3, 4]);
  expect(slotsOf(sleep.after(40, everywhere, 0))).toEqual([]);
});

test('a slot stays awake whose moves have to do with what was moved; two that post to a third need not', () => {
  const sleep = createSleep();
  sleep.begin();
  sleep.note(2, bitOf(2) | bitOf(5), 0);
  sleep.note(3, bitOf(3), bitOf(7));
  sleep.note(4, everywhere, 0);
  expect(slotsOf(sleep.after(5, bitOf(5), bitOf(7)))).toEqual([3]);
  expect(slotsOf(sleep.after(6, bitOf(6) | bitOf(7), 0))).toEqual([2, 5]);
  sleep.begin();
  expect(slotsOf(sleep.after(5, bitOf(5), 0))).toEqual([2, 3, 4]);
});

/** How many moves slept, of how many, in the first worlds of a search; each led to what had been found. */
function sleepIn(definition: SystemDefinition, worldsMax: number) {
  const walker = createWalker(defineSystem(definition).mechanics);
  const visited = createVisited('breadth');
  const { expand, settle } = createExpansion({ origins: createOrigins(), visited, walker });
  const { change, space } = walker;
  const vector = new Int32Array(1000);
  const found = new Set<string>();
  const counts = { all: 0, asleep: 0 };
  const textOf = (cell: (slot: number) => number): string =>
    space.slots
      .map((_, slot) => cell(slot))
      .join()
      .replace(/(?:,0)+$/, '');
  try {
    visited.seed(walker.first());
    for (let world = 0; world < worldsMax && visited.next(vector) >= 0; world += 1) {
      found.add(textOf((slot) => vector[slot] ?? 0));
      const [late, led]: [string[], string[]] = [[], []];
      const asleep = visited.asleep();
      walker.expand(vector, ({ slot }) => {
        const text = textOf(change.at);
        counts.all += 1;
        if (isIn(asleep, slot)) counts.asleep += 1;
        (isIn(asleep, slot) ? late : led).push(text);
      });
      expect(late.filter((text) => !found.has(text))).toEqual([]);
      for (const text of led) found.add(text);
      expand(vector);
      settle();
    }
  } catch (error) {
    if (!(error instanceof SimulationError)) throw error;
  }
  return counts;
}

test.each([
  ['two-phase commit', twoPhaseCommit({ repeats: true, rms: 4 }), 0.4],
  ['paxos', paxos({ clients: 2 }), 0.15],
  ['termination detection', terminationDetection({ gifts: 1, nodes: 3 }), 0],
] as const)('of %s a part sleeps, and leads to what is found', (_, definition, share) => {
  const { all, asleep } = sleepIn(definition, 3_000);
  expect(asleep / all).toBeGreaterThan(share);
});

test.each([
  ['that only races', anyPlain],
  ['at all', anyPlay.map(playOf)],
] as const)('what sleeps leads to what is found, in any small system %s', (_, anySystem) => {
  let slept = 0;
  fc.assert(
    fc.property(anySystem, (definition) => {
      slept += sleepIn(definition, 400).asleep;
    }),
    fromEnvironment(150),
  );
  expect(slept).toBeGreaterThan(10);
});
