import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assign, createMachine, sendTo } from 'xstate';

import { createDrawsRunner } from '../../src/explore/sampling/draws-runner.ts';
import { viewOfWorld } from '../../src/explore/view-of-world.ts';
import {
  always,
  check,
  defineSystem,
  eventually,
  never,
  reduce,
  sample,
  search,
} from '../../src/index.ts';
import type { CheckOptions, System, SystemDefinition, View } from '../../src/index.ts';
import { fromEnvironment } from '../../src/testing/environment.ts';
import { anyPlay, playOf } from './interned/random-play.ts';
import { stageCrew } from './native/staged-crew.ts';

/** Two that count whatever they are told, for ever, and tell each other. */
const counter = createMachine({
  id: 'counter',
  context: ({ input }) => ({ n: 0, other: input }),
  on: {
    more: {
      actions: [
        assign({ n: ({ context }) => context['n'] + 1 }),
        sendTo(
          ({ context, system }) => system.get(context['other']),
          () => ({ type: 'told' }),
        ),
      ],
    },
    told: {},
  },
});

const counters: SystemDefinition = {
  name: 'counters',
  actors: [
    { address: 'a', machine: counter, input: 'b', inputs: [{ event: { type: 'more' } }] },
    { address: 'b', machine: counter, input: 'a', inputs: [{ event: { type: 'more' } }] },
  ],
  network: { links: 'fifo' },
  time: 'untimed',
  within: (view) => sumOf(view) <= 3 && view.messages().length <= 2,
};

function sumOf(view: View): number {
  return ['a', 'b'].reduce((sum, name) => sum + Number(view.actor(name)?.context['n'] ?? 0), 0);
}

/** What there is by the kernel alone: worlds within, and ways from them. */
function plainly(system: System, statesMax = 2000): Readonly<Record<string, number>> | undefined {
  const { rules } = system.mechanics;
  const isWithin = system.definition.within ?? (() => true);
  const first = system.start().world;
  const seen = new Set([system.hash(first)]);
  let transitions = 1;
  let [depth, level] = [0, [first]];
  while (level.length > 0) {
    const next: (typeof level)[number][] = [];
    depth += 1;
    for (const world of level) {
      for (const choice of system.choices(world)) {
        const after = system.apply(world, choice).world;
        transitions += 1;
        const hash = system.hash(after);
        if (seen.has(hash) || !isWithin(viewOfWorld(rules, after))) continue;
        seen.add(hash);
        next.push(after);
      }
    }
    if (seen.size > statesMax) return undefined;
    level = next;
  }
  return { depth, states: seen.size, transitions };
}

describe('with a bound on worlds a search', () => {
  const system = defineSystem(counters);
  const expected = plainly(system);

  test('keeps the worlds within, and counts the steps that lead out', () => {
    expect(search(system)).toMatchObject({ complete: true, ...expected });
    expect(search(system, { order: 'depth' })).toMatchObject({
      complete: true,
      states: expected?.['states'],
      transitions: expected?.['transitions'],
    });
    expect(search(system, { storage: 'fingerprints' })).toMatchObject({ ...expected });
  });

  test('counts the same with several threads', () => {
    const crew = stageCrew({ helpers: 2, turns: [1, 3] });
    expect(search(system, { crew })).toMatchObject({ ...expected });
  });

  test('takes worlds that differ by an exchange for one', () => {
    const { complete, states } = search(system, { symmetry: [['a', 'b']] });
    expect(complete).toBe(true);
    expect(states).toBeLessThan(Number(expected?.['states']));
    const lopsided = defineSystem({
      ...counters,
      within: (view) => Number(view.actor('a')?.context['n']) < 2,
    });
    expect(() => search(lopsided, { symmetry: [['a', 'b']] })).toThrow('within');
  });

  test('judges nothing outside, and takes its edge for no end', () => {
    const properties = [
      always('few', (view) => sumOf(view) <= 3),
      never('four', (view) => sumOf(view) === 4),
    ];
    const beyond = always('fewer', (view) => sumOf(view) <= 2);
    expect(search(system, { properties })).toMatchObject({ complete: true, violations: [] });
    expect(check(system, { properties: [beyond] }).violations[0]?.run?.steps).toHaveLength(5);
  });

  test('does not take what leads out for a run that ends', () => {
    const busy = createMachine({
      id: 'busy',
      context: { n: 0 },
      entry: sendTo(({ self }) => self, { type: 'go' }),
      on: {
        go: {
          actions: [
            assign({ n: ({ context }) => context['n'] + 1 }),
            sendTo(({ self }) => self, { type: 'go' }),
          ],
        },
      },
    });
    const toFive = eventually('five', (view) => view.actor('busy')?.context['n'] === 5);
    const definition: SystemDefinition = {
      name: 'busy',
      actors: [{ address: 'busy', machine: busy }],
      within: (view) => Number(view.actor('busy')?.context['n']) < 4,
    };
    expect(search(defineSystem(definition), { properties: [toFive] })).toMatchObject({
      complete: true,
      states: 4,
      transitions: 5,
      violations: [],
    });
  });

  test('says that it has one', () => {
    expect(check(system).notes.join(' ')).toContain('bound');
  });
});

describe('with a bound on worlds', () => {
  const system = defineSystem(counters);
  const four = never('four', (view) => sumOf(view) >= 4);
  const three = never('three', (view) => sumOf(view) >= 3);

  test.each(['random', 'pct', 'pos', 'surw', 'coverage'] as const)(
    'runs by %s end there and break nothing outside',
    (strategy) => {
      const { notes, violations } = check(system, {
        properties: [four],
        schedules: 50,
        stepsMax: 50,
        strategy,
      });
      expect(violations).toEqual([]);
      expect(notes.join(' ')).toContain('runs ended where the bound');
      const found = check(system, { properties: [three], schedules: 300, stepsMax: 50, strategy });
      expect(found.violations).toHaveLength(1);
      // What is made small stays within.
      expect(found.violations[0]?.run?.steps).toHaveLength(5);
    },
  );

  test('a reduction finds what a search finds, and nothing outside', () => {
    const options = { depthMax: 12 };
    expect(reduce(system, { ...options, properties: [four] }).violations).toEqual([]);
    expect(reduce(system, { ...options, properties: [three] }).violations).toHaveLength(1);
  });

  test('draws end there', () => {
    const { run } = createDrawsRunner(system, { properties: [four], stepsMax: 100 });
    expect(run(Array.from({ length: 100 }, () => 7))).toMatchObject({
      broken: undefined,
      ended: 'outside',
    });
  });

  test('another one may be given to a check', () => {
    const options: CheckOptions = { properties: [three], within: (view) => sumOf(view) <= 2 };
    expect(check(system, options).violations).toEqual([]);
    expect(check(defineSystem({ ...counters, within: () => true }), options)).toMatchObject({
      complete: true,
      violations: [],
    });
  });
});

function boundBy(within: unknown): SystemDefinition {
  return { ...counters, within } as SystemDefinition;
}

describe('refuses a bound', () => {
  test('that leaves out the first world', () => {
    const nothing = defineSystem({ ...counters, within: () => false });
    const refusal = expect.objectContaining({ code: 'explore/nothing-within' });
    for (const look of [() => search(nothing), () => sample(nothing), () => reduce(nothing)]) {
      expect(look).toThrow(refusal);
    }
  });

  test('that is no question, answers nothing, or throws', () => {
    expect(() => defineSystem(boundBy(3))).toThrow(
      expect.objectContaining({ code: 'runtime/bad-definition' }),
    );
    expect(() => search(defineSystem(boundBy(() => 'yes')))).toThrow(
      expect.objectContaining({ code: 'explore/property-undecided' }),
    );
    const thrower = boundBy((view: View) => {
      if (sumOf(view) > 0) throw new Error('too much');
      return true;
    });
    expect(() => search(defineSystem(thrower))).toThrow('"within" threw: too much');
  });
});

/** A bound on random systems: of what actors have counted, and of messages under way. */
function bounded(definition: SystemDefinition, most: number): SystemDefinition {
  return {
    ...definition,
    within: (view) => {
      const counted = view
        .addresses()
        .reduce((sum, name) => sum + Number(view.actor(name)?.context['n'] ?? 0), 0);
      return counted <= most && view.messages().length <= 3;
    },
  };
}

test('a bounded search finds what the kernel finds within', () => {
  fc.assert(
    fc.property(anyPlay, fc.integer({ max: 3, min: 0 }), (random, most) => {
      const system = defineSystem(bounded(playOf(random), most));
      const found = ((): ReturnType<typeof plainly> => {
        try {
          return system.definition.within?.(
            viewOfWorld(system.mechanics.rules, system.start().world),
          )
            ? plainly(system, 300)
            : undefined;
        } catch {
          return undefined;
        }
      })();
      fc.pre(found !== undefined);
      const { states, transitions } = search(system);
      expect({ states, transitions }).toEqual({
        states: found['states'],
        transitions: found['transitions'],
      });
    }),
    fromEnvironment(200),
  );
});
