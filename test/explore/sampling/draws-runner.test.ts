import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { paxos, paxosProperties } from '../../../examples/protocols/paxos.ts';
import { twoPhaseCommit } from '../../../examples/protocols/two-phase-commit.ts';
import { createRandom } from '../../../src/core/random.ts';
import { createWalker } from '../../../src/explore/interned/walker.ts';
import { createDrawsRun } from '../../../src/explore/sampling/draws-run.ts';
import type { DrawnWorld } from '../../../src/explore/sampling/draws-run.ts';
import type { Judge } from '../../../src/explore/sampling/judge.ts';
import {
  atQuiescence,
  createDrawsRunner,
  defineSystem,
  draws,
  never,
  runSystem,
  SimulationError,
} from '../../../src/index.ts';
import type { DrawnRun, System, SystemDefinition, View } from '../../../src/index.ts';
import { fromEnvironment } from '../../../src/testing/environment.ts';
import { tapes } from '../../../src/testing/index.ts';
import { pingPong } from '../../support/ping-pong.ts';
import { contentsOfVector, contentsOfWorld } from '../interned/contents.ts';
import { anyPlay, playOf } from '../interned/random-play.ts';

const systems: readonly SystemDefinition[] = [
  paxos({ clients: 3 }),
  twoPhaseCommit({ rms: 3 }),
  twoPhaseCommit({ repeats: true, rms: 2 }),
  pingPong({ rounds: 5 }),
  { ...paxos({ clients: 2 }), time: 'timed' },
];

describe('runs by draws', () => {
  test.each(systems)('are those of the plain kernel: $name', (definition) => {
    const system = defineSystem(definition);
    const runner = createDrawsRunner(system, { stepsMax: 60 });
    fc.assert(
      fc.property(tapes(), (numbers) => {
        const plain = runSystem(system, { chooser: draws(numbers), stepsMax: 60 });
        const drawn = runner.run(numbers);
        expect(drawn).toMatchObject({ ended: plain.ended, steps: plain.steps.length - 1 });
        expect(drawn.run().hash).toBe(plain.hash);
      }),
      fromEnvironment(25),
    );
  });

  test('are made over interned worlds where nothing but the order of sending counts', () => {
    expect(systems.map(isQuick)).toEqual([true, true, true, true, true]);
    const [paxosOfThree] = systems;
    const faulty = { ...paxos({ clients: 2 }), faults: { drop: 1 } };
    const together = paxosOfThree?.actors.map((actor) => ({ ...actor, node: 'one' })) ?? [];
    expect(isQuick(faulty)).toBe(false);
    expect(isQuick({ ...paxos({ clients: 3 }), actors: together })).toBe(false);
  });

  test('come to the same worlds in any small system', () => {
    let quick = 0;
    fc.assert(
      fc.property(anyPlay, fc.array(fc.nat({ max: 4 }), { maxLength: 20 }), (random, numbers) => {
        const definition = playOf({ ...random, faults: {}, isTogether: false, plan: [] });
        const [plain, drawn] = [
          attempt(() => worldsOf(defineSystem(definition), numbers)),
          attempt(() => worldsDrawn(defineSystem(definition), numbers)),
        ];
        if (drawn === undefined) return;
        quick += 1;
        expect(drawn).toEqual(plain);
      }),
      fromEnvironment(300),
    );
    expect(quick).toBeGreaterThan(30);
  });

  test('break what the plain run breaks, at the same step', () => {
    const system = defineSystem(paxos({ bug: 'forgets-promises', clients: 2 }));
    const runner = createDrawsRunner(system, { properties: paxosProperties() });
    const random = createRandom(1);
    let broken: DrawnRun | undefined;
    for (let run = 0; run < 20_000 && broken === undefined; run += 1) {
      const drawn = runner.run(Array.from({ length: 30 }, () => random.below(8)));
      if (drawn.broken !== undefined) broken = drawn;
    }
    expect(broken?.broken).toBe('linearizable');
    expect(broken?.run().steps).toHaveLength((broken?.steps ?? 0) + 1);
    expect(runner.reached()).toEqual(['value chosen']);
  });

  test('are judged where they rest', () => {
    const system = defineSystem(twoPhaseCommit({ rms: 2 }));
    const decided = atQuiescence(
      'decided',
      (view: View) => view.actor('tm')?.value !== 'collecting',
    );
    const drawn = createDrawsRunner(system, { properties: [decided] }).run([]);
    expect(drawn).toMatchObject({ steps: 0 });
    const not = never('no', () => true);
    expect(createDrawsRunner(system, { properties: [not] }).run([1])).toMatchObject({
      broken: 'no',
      ended: 'until',
      steps: 0,
    });
  });
});

function isQuick(definition: SystemDefinition): boolean {
  return worldsDrawn(defineSystem(definition), [1, 2, 1]) !== undefined;
}

/** What the worlds of a run hold. */
function worldsOf(system: System, numbers: readonly number[]): readonly string[] {
  const worlds: string[] = [];
  runSystem(system, {
    chooser: draws(numbers),
    onStep: (_, world) => {
      worlds.push(contentsOfWorld(system, world));
    },
    stepsMax: 30,
  });
  return worlds;
}

/** The same over interned worlds; `undefined` where that cannot be. */
function worldsDrawn(system: System, numbers: readonly number[]): readonly string[] | undefined {
  const worlds: string[] = [];
  const start = system.start().world;
  const walker = createWalker(system.mechanics);
  const judge: Judge<DrawnWorld> = {
    begin: nothing,
    end: nothing,
    look: ({ full }) => {
      worlds.push(contentsOfVector(walker.space, full()));
      return undefined;
    },
    rest: nothing,
    settle: nothing,
  };
  const drawn = createDrawsRun({ judge, start, stepsMax: 30, walker })(numbers);
  return drawn === undefined ? undefined : worlds;
}

function nothing(): undefined {
  return undefined;
}

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof SimulationError) return undefined;
    throw error;
  }
}
