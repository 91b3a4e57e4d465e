import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assign, sendTo, setup } from 'xstate';

import { paxos, paxosProperties } from '../../../examples/protocols/paxos.ts';
import { twoPhaseCommit } from '../../../examples/protocols/two-phase-commit.ts';
import { createRandom } from '../../../src/core/random.ts';
import { createWalker } from '../../../src/explore/interned/steps/walker.ts';
import { createDrawsRun } from '../../../src/explore/sampling/draws-run.ts';
import type { DrawnWorld, DrawsRunOptions } from '../../../src/explore/sampling/draws-run.ts';
import type { Judge } from '../../../src/explore/sampling/judge.ts';
import { createPlainSampler } from '../../../src/explore/sampling/plain-sampler.ts';
import { createSightings } from '../../../src/explore/sampling/sightings.ts';
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

  test.each([
    { breaks: false, definition: paxos({ clients: 2 }), properties: paxosProperties() },
    {
      breaks: true,
      definition: paxos({ clients: 2 }),
      // Asks for messages only now and then.
      properties: [
        never('a crowd', (view) => {
          const isOld = JSON.stringify(view.actor('server1')?.context ?? '').includes('1');
          return isOld && view.messages().length > 5;
        }),
      ],
    },
  ])('are judged as by the plain kernel', ({ breaks, definition, properties }) => {
    const system = defineSystem(definition);
    const runner = createDrawsRunner(system, { properties, stepsMax: 40 });
    const memory = { reached: new Set<string>(), tested: new Set<string>() };
    const sightings = createSightings(0);
    const plain = createPlainSampler(system, { memory, properties, sightings, stepsMax: 40 });
    const found = new Set<string | undefined>();
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 7 }), { maxLength: 30, size: 'max' }), (numbers) => {
        const { broken, ended, steps } = plain.make(0, draws(numbers));
        expect(runner.run(numbers)).toMatchObject({ broken: broken?.[0], ended, steps });
        found.add(broken?.[0]);
      }),
      { ...fromEnvironment(150), seed: 7 },
    );
    expect(found.has(undefined)).toBe(true);
    expect(found.size > 1).toBe(breaks);
  });

  test('are made over interned worlds again after one that could not be', () => {
    const system = defineSystem(counting({ rounds: 3 }));
    const run = createDrawsRun({ ...runOptionsOf(system), stepsMax: 50 });
    expect(run([])).toMatchObject({ ended: 'quiescent', steps: 12 });
    // The last choice of the first world is the input that sets a timer.
    expect(run([9])).toBeUndefined();
    expect(run([1, 1, 1])).toMatchObject({ steps: 12 });
    const runner = createDrawsRunner(system, { stepsMax: 50 });
    const steps = [[], [9], [1, 1, 1]].map((numbers) => runner.run(numbers).steps);
    expect(steps).toEqual([12, runSystem(system, { chooser: draws([9]) }).steps.length - 1, 12]);
  });

  test('do not remember every mix of mail', () => {
    const system = defineSystem(counting({ rounds: 20 }));
    const options = runOptionsOf(system);
    const run = createDrawsRun({ ...options, stepsMax: 1_000 });
    const random = createRandom(1);
    for (let count = 0; count < 200; count += 1) {
      run(Array.from({ length: 80 }, () => random.below(3)));
    }
    const cells = options.walker.space.slots.map((slot) => slot?.cells.all.length ?? 0);
    expect(Math.max(...cells)).toBeGreaterThan(20);
    // Local states times messages, of which there are 20 to each and from each.
    expect(Math.max(...cells)).toBeLessThan(200);
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
  const options = runOptionsOf(system, ({ full }) => {
    worlds.push(contentsOfVector(options.walker.space, full()));
  });
  const drawn = createDrawsRun({ ...options, stepsMax: 30 })(numbers);
  return drawn === undefined ? undefined : worlds;
}

/** Told of every world; nothing is broken. */
function runOptionsOf(
  system: System,
  look: (world: DrawnWorld) => void = nothing,
): Omit<DrawsRunOptions, 'stepsMax'> {
  const judge: Judge<DrawnWorld> = {
    begin: nothing,
    look: (world) => {
      look(world);
      return undefined;
    },
    rest: nothing,
    settle: nothing,
  };
  return {
    judge,
    readsMail: () => true,
    start: system.start().world,
    walker: createWalker(system.mechanics),
  };
}

/** Two clients that count with a server; one may be told to wait. */
function counting({ rounds }: { readonly rounds: number }): SystemDefinition {
  const client = setup({
    types: {
      context: {} as { readonly name: string; readonly round: number },
      input: {} as { readonly name: string },
    },
    actions: {
      ask: sendTo(
        ({ system }) => system.get('server'),
        ({ context: { name, round } }) => ({ name, round, type: 'ask' }),
      ),
      count: assign({ round: ({ context }) => context.round + 1 }),
    },
    guards: { hasMore: ({ context }) => context.round < rounds - 1 },
  }).createMachine({
    context: ({ input }) => ({ name: input.name, round: 0 }),
    entry: 'ask',
    initial: 'busy',
    on: { answer: { actions: ['count', 'ask'], guard: 'hasMore' } },
    states: { busy: { on: { wait: 'waiting' } }, waiting: { after: { 5: 'busy' } } },
  });
  const server = setup({
    actions: {
      answer: sendTo(
        ({ system }, { name }: { readonly name: string; readonly round: number }) =>
          system.get(name),
        (_, { round }) => ({ round, type: 'answer' }),
      ),
    },
  }).createMachine({
    on: {
      ask: {
        actions: {
          params: ({ event }) => ({ name: String(event['name']), round: Number(event['round']) }),
          type: 'answer',
        },
      },
    },
  });
  return {
    actors: [
      { address: 'server', machine: server },
      {
        address: 'one',
        input: { name: 'one' },
        inputs: [{ event: { type: 'wait' } }],
        machine: client,
      },
      { address: 'two', input: { name: 'two' }, machine: client },
    ],
    name: 'counting',
    time: 'untimed',
  };
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
