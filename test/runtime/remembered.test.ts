import { array, assert, nat, property } from 'fast-check';
import { expect, test } from 'vitest';
import { assign, createMachine } from 'xstate';

import { twoPhaseCommit } from '../../examples/protocols/two-phase-commit.ts';
import { tracedCall } from '../../examples/tutorials/traced-call.ts';
import { defineSystem, draws, randomWalk, runSystem } from '../../src/index.ts';
import type { Chooser, Run, SystemDefinition } from '../../src/index.ts';

// Also too small for all steps, so that it forgets.
const memories = [1, 7, 10_000];

/** What a run shows: its hash, its tape, and what happened in each of its steps. */
function shown({ hash, steps, tape }: Run): unknown {
  return { happened: steps.map(({ happened }) => happened), hash, tape };
}

/** The runs of one system under these choosers, one after another. */
function runsOf(
  definition: SystemDefinition,
  choosers: readonly (() => Chooser)[],
): readonly unknown[] {
  const system = defineSystem(definition);
  return choosers.map((chooser) => shown(runSystem(system, { chooser: chooser() })));
}

test('a system that remembers its steps runs as one that does not, whatever it remembers', () => {
  assert(
    property(array(nat({ max: 12 }), { maxLength: 40 }), (numbers) => {
      const definition = twoPhaseCommit({ rms: 2 });
      const choosers = [() => draws(numbers), () => draws(numbers.toReversed())];
      const expected = runsOf(definition, choosers);
      for (const rememberedMax of memories) {
        expect(runsOf({ ...definition, rememberedMax }, choosers)).toEqual(expected);
      }
    }),
    { numRuns: 40 },
  );
});

test.each(memories)('so does one of workers that remembers %i of them', (rememberedMax) => {
  const choosers = [1, 2, 3].map((seed) => () => randomWalk(seed));
  const definition = tracedCall();
  expect(runsOf({ ...definition, rememberedMax }, choosers)).toEqual(runsOf(definition, choosers));
});

test('an actor that stays as it was has not moved, though an equal state was remembered', () => {
  const lamp = createMachine({
    initial: 'off',
    on: { noise: { actions: assign({}) } },
    states: { off: { on: { pressed: 'on' } }, on: { on: { pressed: 'off' } } },
  });
  const system = defineSystem({
    actors: [
      {
        address: 'lamp',
        inputs: ['noise', 'pressed'].map((type) => ({ event: { type } })),
        machine: lamp,
      },
    ],
    name: 'lamp',
    rememberedMax: 10,
  });
  let { world } = system.start();
  // It is off at the start, and off again later: equal states that came about in two ways.
  const happened = ['noise', 'pressed', 'pressed', 'noise'].map((type) => {
    const choice = system.choices(world).find((one) => 'event' in one && one.event.type === type);
    if (choice === undefined) throw new Error(`Nobody offers "${type}".`);
    const applied = system.apply(world, choice);
    ({ world } = applied);
    return applied.step.happened.map((one) => one.type);
  });
  expect(happened).toEqual([
    ['received'],
    ['received', 'moved'],
    ['received', 'moved'],
    ['received'],
  ]);
});
