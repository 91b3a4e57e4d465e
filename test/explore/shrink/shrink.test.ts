import { describe, expect, test } from 'vitest';
import { sendTo, setup } from 'xstate';

import { pingPong } from '../../../examples/protocols/ping-pong.ts';
import { plantedBugs } from '../../../examples/protocols/planted-bugs.ts';
import { twoPhaseCommit } from '../../../examples/protocols/two-phase-commit.ts';
import { viewOfWorld } from '../../../src/explore/view-of-world.ts';
import {
  deadlockFree,
  defineSystem,
  describeChoice,
  ms,
  never,
  runSystem,
  search,
  shrink,
  sometimes,
} from '../../../src/index.ts';
import type { Run, System, World } from '../../../src/index.ts';
import { brokenRun } from './broken-run.ts';

const hasty = defineSystem(twoPhaseCommit({ rms: 4, bug: 'commits-without-all-votes' }));
const [consistent = never('nothing', () => true)] = hasty.definition.properties ?? [];

function wordsOf(run: Run): readonly string[] {
  return run.steps.flatMap(({ choice }) => (choice === undefined ? [] : [describeChoice(choice)]));
}

/** A game over a network that loses, repeats and crashes. */
function game(): System {
  return defineSystem({
    ...pingPong({ hits: 4 }),
    faults: { crash: 2, drop: 2, duplicate: 2, pause: 2, restart: 2 },
  });
}

describe('shrinking', () => {
  test('leaves what is needed to break the property, and nothing else', () => {
    const run = brokenRun(hasty, consistent, { seed: 6 });
    expect(run.steps.length).toBeGreaterThan(5);
    const { complete, run: small, size } = shrink(hasty, { property: consistent, run });
    expect(complete).toBe(true);
    expect(wordsOf(small)).toHaveLength(3);
    expect(wordsOf(small)).toContain('input commit.decided to tm');
    expect(size).toMatchObject({ departures: 2, faults: 0, steps: 3 });
  });

  test('gives a run that replays strictly', () => {
    const run = brokenRun(hasty, consistent, { seed: 6 });
    const small = shrink(hasty, { property: consistent, run }).run;
    const again = runSystem(hasty, {
      replay: 'strict',
      stepsMax: small.steps.length - 1,
      tape: small.tape,
    });
    expect(again.hash).toBe(small.hash);
  });

  test('comes to the smallest run there is, also where latencies decide', () => {
    const client = setup({
      actions: {
        ask: sendTo(({ system }) => system.get('server'), { type: 'ask' }),
        hum: sendTo(({ system }) => system.get('server'), { type: 'hum' }),
      },
    }).createMachine({
      initial: 'waiting',
      states: {
        waiting: { entry: ['hum', 'ask', 'hum'], on: { answer: 'served' }, after: { 10: 'late' } },
        late: { on: { answer: 'confused' }, after: { 3: 'gone' } },
        served: {},
        confused: {},
        gone: {},
      },
    });
    const server = setup({
      actions: { answer: sendTo(({ system }) => system.get('client'), { type: 'answer' }) },
    }).createMachine({ on: { ask: { actions: 'answer' } } });
    const system = defineSystem({
      name: 'late',
      actors: [
        { address: 'client', machine: client },
        { address: 'server', machine: server },
      ],
      network: { latency: [ms(1), ms(4), ms(8)], links: 'unordered' },
      rememberedMax: 10_000,
    });
    const isConfused = (world: World): boolean =>
      viewOfWorld(system.mechanics.rules, world).actor('client')?.value === 'confused';
    // All runs, one by one: what is in flight was sent in another order in each.
    const sizes: { readonly departures: number; readonly steps: number }[] = [];
    const visit = (world: World, departures: number, steps: number): void => {
      if (isConfused(world)) sizes.push({ departures, steps });
      else if (steps < 5) {
        for (const [index, choice] of system.choices(world).entries())
          visit(system.apply(world, choice).world, departures + (index > 0 ? 1 : 0), steps + 1);
      }
    };
    visit(system.start().world, 0, 0);
    const [smallest] = sizes.toSorted(
      (one, other) => one.departures - other.departures || one.steps - other.steps,
    );
    const property = never('confused', (view) => view.actor('client')?.value === 'confused');
    for (let seed = 1; seed <= 6; seed += 1) {
      const run = brokenRun(system, property, { seed });
      expect(shrink(system, { property, run }).size).toMatchObject({ ...smallest });
    }
  });

  test('leaves one fault where one is enough, and the run to rest that it spoils', () => {
    const system = game();
    const property = deadlockFree((view) => view.actor('ping')?.status === 'done');
    const run = brokenRun(system, property, { faultRate: 0.6, seed: 3 });
    const faults = wordsOf(run).filter((words) => /^(?:crash|drop|duplicate|pause)/.test(words));
    expect(faults.length).toBeGreaterThan(1);
    const { size } = shrink(system, { property, run });
    expect(size).toMatchObject({ departures: 1, faults: 1 });
  });

  test('cuts a run where the property breaks first', () => {
    const broken = brokenRun(hasty, consistent, { seed: 6 });
    const run = runSystem(hasty, { tape: broken.tape });
    expect(run.steps.length).toBeGreaterThan(broken.steps.length);
    expect(shrink(hasty, { property: consistent, run }).from.steps).toBe(broken.steps.length - 1);
  });

  test('gives what it has when its budget is used up', () => {
    const run = brokenRun(hasty, consistent, { seed: 6 });
    const stepsMax = run.steps.length + 1;
    const { complete, run: small } = shrink(hasty, { property: consistent, run, stepsMax });
    expect(complete).toBe(false);
    expect(small.steps.length).toBeLessThanOrEqual(run.steps.length);
    expect(shrink(hasty, { property: consistent, run: small }).from.steps).toBe(
      small.steps.length - 1,
    );
  });

  test('passes over runs that come to a mistake of the system instead', () => {
    // Who goes without being armed writes to nobody, which is an error and ends the run.
    const machine = setup({
      actions: { write: sendTo(({ system }) => system.get('nobody'), { type: 'help' }) },
    }).createMachine({
      id: 'soldier',
      initial: 'cold',
      states: {
        cold: { on: { arm: 'hot', go: { actions: 'write' }, wait: 'cold' } },
        hot: { on: { go: 'gone', wait: 'hot' } },
        gone: {},
      },
    });
    const inputs = ['arm', 'go', 'wait'].map((type) => ({ event: { type } }));
    const system = defineSystem({ actors: [{ address: 'a', inputs, machine }], name: 'soldier' });
    const property = never('gone', (view) => view.actor('a')?.value === 'gone');
    const plan = ['wait', 'arm', 'wait', 'go'];
    const run = runSystem(system, {
      chooser: (options, { ledger }) =>
        options.findIndex((one) => one?.type === 'input' && one.event.type === plan[ledger.steps]),
      stepsMax: 4,
    });
    expect(wordsOf(shrink(system, { property, run }).run)).toEqual([
      'input arm to a',
      'input go to a',
    ]);
  });

  test('refuses a run that does not break the property', () => {
    const run = runSystem(hasty);
    expect(() => shrink(hasty, { property: consistent, run })).toThrow(
      expect.objectContaining({ code: 'explore/not-broken' }),
    );
  });

  test('refuses a property that no run breaks', () => {
    const run = runSystem(hasty);
    expect(() => shrink(hasty, { property: sometimes('s', () => false), run })).toThrow(
      expect.objectContaining({ code: 'explore/nothing-to-shrink' }),
    );
  });
});

test('the fewest departures, or the fewest steps, whichever is asked for', () => {
  const { definition } = plantedBugs.find(({ bug }) => bug === 'two-copies') ?? {
    definition: pingPong({ hits: 1 }),
  };
  const system = defineSystem(definition);
  const [property = consistent] = definition.properties ?? [];
  const run = brokenRun(system, property, { seed: 0 });
  const [shortest] = search(system, { properties: [property] }).violations;
  const few = shrink(system, { property, run }).size;
  const short = shrink(system, { fewest: 'steps', property, run }).size;
  // Nothing needs to be out of turn, but then more happens.
  expect(few).toMatchObject({ departures: 0, steps: 8 });
  expect(short.steps).toBe((shortest?.run?.steps.length ?? 0) - 1);
});
