import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { createRandom } from '../../../../src/core/random.ts';
import { choiceOf } from '../../../../src/explore/interned/steps/label.ts';
import { createPlace } from '../../../../src/explore/interned/steps/place.ts';
import { defineSystem, SimulationError } from '../../../../src/index.ts';
import type { Choice, SystemDefinition, World } from '../../../../src/index.ts';
import { fromEnvironment } from '../../../../src/testing/environment.ts';
import { contentsOfVector, contentsOfWorld } from '../contents.ts';
import { anyPlay, playOf } from '../random-play.ts';

const stepsMax = 40;

test('a walk is offered what the kernel offers, and comes to the same worlds', () => {
  fc.assert(
    fc.property(anyPlay, fc.nat(), (random, seed) => {
      expect(differencesOf(playOf(random), seed)).toEqual([]);
    }),
    fromEnvironment(300),
  );
});

/** Walks at random in both worlds at once; what is not alike. */
function differencesOf(definition: SystemDefinition, seed: number): readonly unknown[] {
  const system = defineSystem(definition);
  const random = createRandom(seed);
  const [place, start] = [
    attempt(() => createPlace(system.mechanics)),
    attempt(() => system.start().world),
  ];
  if (place === undefined || start === undefined) return place === start ? [] : ['the start'];
  let world: World = start;
  for (let step = 0; step < stepsMax; step += 1) {
    const choices = system.choices(world);
    const [offered, menu] = [
      countsOf(choices),
      { faults: place.faults(), inputs: place.inputs(), own: place.own() },
    ];
    if (JSON.stringify(offered) !== JSON.stringify(menu)) return [step, offered, menu];
    const contents = contentsOfWorld(system, world);
    if (contents !== contentsOfVector(place.space, place.cells())) return [step, contents];
    if (choices.length === 0) return [];
    const move = attempt(() => place.take(random.below(choices.length)));
    // A mistake of the machine ends the walk: the kernel meets it too, at whichever choice it was.
    if (move === undefined)
      return choices.every((choice) => attempt(() => system.apply(world, choice)))
        ? ['no mistake']
        : [];
    const choice = choiceOf(place.space, move.label, { choices, world });
    if (choice === undefined) return [step, 'not offered', move.label];
    ({ world } = system.apply(world, choice));
  }
  return [];
}

function countsOf(choices: readonly Choice[]): unknown {
  const inputs = choices.filter(({ type }) => type === 'input').length;
  const own = choices.filter(
    (choice) => choice.type === 'deliver' || choice.type === 'fire' || 'planned' in choice,
  ).length;
  return { faults: choices.length - own - inputs, inputs, own };
}

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof SimulationError) return undefined;
    throw error;
  }
}
