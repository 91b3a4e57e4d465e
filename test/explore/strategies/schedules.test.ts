import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMachine } from 'xstate';

import { twoPhaseCommit } from '../../../examples/protocols/two-phase-commit.ts';
import {
  byCoverage,
  byDelays,
  byFifo,
  byPct,
  byPos,
  byRandom,
  bySurw,
  byTape,
  defineSystem,
  ms,
  never,
  runSystem,
  sample,
  SimulationError,
  sometimes,
} from '../../../src/index.ts';
import type { Chooser, Strategy, System, SystemDefinition, View } from '../../../src/index.ts';
import { fromEnvironment } from '../../../src/testing/environment.ts';
import { pingPong } from '../../support/ping-pong.ts';
import { anyPlay, playOf } from '../interned/random-play.ts';
import { counted, letters, ordersOf } from './letters.ts';

const strategies: readonly Strategy[] = [
  byFifo(),
  byRandom(),
  byPct(),
  byPos(),
  bySurw(),
  byDelays(),
  byCoverage(),
  byTape([{ at: 'end', take: 'nothing' }]),
];

describe.each(strategies)('$name', (strategy) => {
  test('takes what is offered, and its runs have tapes that make them again', () => {
    fc.assert(
      fc.property(anyPlay, fc.nat(), (random, seed) => {
        const system = defineSystem(playOf(random));
        expect(attempt(() => unlawful(system, strategy, seed))).toEqual([]);
      }),
      fromEnvironment(30),
    );
  });

  test('makes the same runs from the same seed', () => {
    const system = defineSystem({ ...twoPhaseCommit({ rms: 2 }), faults: { crash: 1, drop: 2 } });
    const reports = [7, 7].map((seed) => sample(system, { schedules: 30, seed, strategy }));
    expect(reports[0]).toEqual(reports[1]);
  });
});

describe('pct', () => {
  test('puts the last letter first with its bound: one of n chains, whichever it is', () => {
    const orders = ordersOf(defineSystem(letters(5)), byPct({ depth: 1 }), { runs: 1_000 });
    const first = counted(orders.map((order) => order.charAt(0)));
    // Each of five chains is the highest with probability 1/5; 1,000 runs are within 5 deviations.
    expect([...first.values()].every((count) => Math.abs(count - 200) < 64)).toBe(true);
  });

  test('finds a bug of depth 2 at least as often as its bound says', () => {
    // The first letter comes last: all others are before it.
    const orders = ordersOf(defineSystem(letters(6)), byPct({ depth: 2 }), { runs: 700 });
    const found = orders.filter((order) => order.endsWith('1')).length;
    expect(found).toBeGreaterThan(700 / (6 * 6));
  });

  test('prints its bound', () => {
    const system = defineSystem(letters(4));
    expect(sample(system, { schedules: 5, strategy: byPct({ depth: 3 }) }).notes).toEqual([
      'With 4 causal chains and 4 steps, each run shows a bug of depth 3 with a probability of at ' +
        'least 1/(4 · 4^2) = 1/64.',
    ]);
    expect(notesOf({ ...letters(3), faults: { drop: 1 } })).toMatch(/ Runs drew faults as well: /);
    const latency = [ms(1), ms(2)];
    expect(notesOf({ ...letters(3), network: { latency }, time: 'timed' })).toMatch(
      /a run in which all else is as a bug of depth 3 needs it .* Runs drew moments of events as/,
    );
    expect(notesOf(lock('ab'))).toMatch(/ Runs drew inputs as well/);
  });
});

/** What is told of a few runs by priorities. */
function notesOf(definition: SystemDefinition): string {
  return sample(defineSystem(definition), { schedules: 20, strategy: byPct() }).notes.join();
}

describe('partial-order sampling', () => {
  test('takes the orders of independent letters alike', () => {
    const orders = counted(ordersOf(defineSystem(letters(3)), byPos(), { runs: 1_200 }));
    expect(orders.size).toBe(6);
    // 200 each are expected; five deviations are 65.
    expect([...orders.values()].every((count) => Math.abs(count - 200) < 65)).toBe(true);
  });
});

describe('surw', () => {
  test('puts a fault at any step of a run alike, also at the last', () => {
    const system = defineSystem({ ...pingPong({ rounds: 5 }), faults: { crash: 1 } });
    const campaign = bySurw().begin({ seed: 3, stepsMax: 100, system });
    const places: number[] = [];
    for (let index = 0; index < 2_000; index += 1) {
      const chooser = campaign.next(index);
      if (chooser === undefined) break;
      const run = runSystem(system, { asksAlways: true, chooser });
      const place = run.steps.findIndex(({ choice }) => choice?.type === 'crash');
      if (place > 0) places.push(place);
    }
    const counts = counted(places.map(String));
    const steps = runSystem(system).steps.length - 1;
    const expected = places.length / (steps + 1);
    // Half of the runs have a fault.
    expect(places.length).toBeGreaterThan(850);
    for (const place of [1, 5, steps]) {
      expect(Math.abs((counts.get(String(place)) ?? 0) - expected)).toBeLessThan(expected / 2);
    }
  });

  test('takes interleavings of many and few events alike', () => {
    // One letter among five to another actor: it is as likely last as first.
    const system = defineSystem(letters(6, false));
    const orders = ordersOf(system, bySurw(), { runs: 1_200 });
    const places = counted(orders.map((order) => String(order.indexOf('6'))));
    expect([...places.values()].every((count) => Math.abs(count - 200) < 80)).toBe(true);
  });
});

describe('delay-bounded', () => {
  test('makes all schedules with up to so many delays, each once, the dullest first', () => {
    const orders = ordersOf(defineSystem(letters(3)), byDelays({ delaysMax: 1 }), { runs: 100 });
    // The dullest; then the first, or the second, behind all others.
    expect(orders).toEqual(['123', '231', '132']);
    const all = ordersOf(defineSystem(letters(3)), byDelays({ delaysMax: 9 }), { runs: 100 });
    expect(new Set(all)).toEqual(new Set(['123', '132', '213', '231', '312', '321']));
  });

  test('says with how many delays it found what it found, and that it made all', () => {
    const system = defineSystem(letters(3));
    const properties = [never('early', isSecondFirst)];
    const report = sample(system, { properties, strategy: byDelays() });
    expect(report.violations[0]).toMatchObject({ found: 'one delay', schedule: 1 });
    const whole = sample(system, { strategy: byDelays({ delaysMax: 1 }) });
    expect(whole).toMatchObject({ exhausted: true, schedules: 3 });
  });
});

describe('coverage-guided', () => {
  test('goes on from where it came to, and opens a lock that random walks do not', () => {
    const system = defineSystem(lock('abbabaab'));
    const properties = [sometimes('open', (view) => view.actor('lock')?.value === 'open')];
    const [guided, random] = [byCoverage(), byRandom()].map((strategy) =>
      sample(system, { properties, schedules: 1_500, strategy }),
    );
    expect(guided?.reached).toEqual(['open']);
    expect(random?.reached).toEqual([]);
  });
});

/** Opens when its keys are pressed in order; is stuck for ever after a wrong one. */
function lock(keys: string): SystemDefinition {
  const machine = createMachine({
    id: 'lock',
    initial: 'at0',
    states: {
      ...Object.fromEntries(
        Array.from(keys, (key, index) => {
          const next = index === keys.length - 1 ? 'open' : `at${index + 1}`;
          return [`at${index}`, { on: { [key]: next, [key === 'a' ? 'b' : 'a']: 'stuck' } }];
        }),
      ),
      open: {},
      stuck: {},
    },
  });
  return {
    name: 'lock',
    actors: [
      { address: 'lock', inputs: [{ event: { type: 'a' } }, { event: { type: 'b' } }], machine },
    ],
  };
}

function isSecondFirst(view: View): boolean {
  return String(view.actor('reader')?.context['read']).startsWith('w2');
}

/** What one of two runs of a strategy did that it must not. */
function unlawful(system: System, strategy: Strategy, seed: number): readonly unknown[] {
  const found: unknown[] = [];
  const campaign = strategy.begin({ seed, stepsMax: 30, system });
  for (let index = 0; index < 2; index += 1) {
    const choose = campaign.next(index);
    if (choose === undefined) break;
    const watched: Chooser = (options, world) => {
      const answer = choose(options, world);
      if (!Number.isInteger(answer) || answer < 0 || answer >= options.length) found.push(answer);
      return answer;
    };
    const run = runSystem(system, { asksAlways: true, chooser: watched, stepsMax: 30 });
    const again = runSystem(system, { stepsMax: run.steps.length - 1, tape: run.tape });
    if (again.hash !== run.hash) found.push([run.hash, again.hash]);
    campaign.learn?.({ index, newWorlds: 1, run });
  }
  return found;
}

/** A mistake of the system is not the strategy's. */
function attempt(run: () => readonly unknown[]): readonly unknown[] {
  try {
    return run();
  } catch (error) {
    if (error instanceof SimulationError && !error.code.startsWith('kernel/tape')) return [];
    throw error;
  }
}
