import { describe, expect, test } from 'vitest';
import { assign, createMachine } from 'xstate';

import { singleCopyRegister } from '../../../examples/protocols/single-copy-register.ts';
import { twoPhaseCommit } from '../../../examples/protocols/two-phase-commit.ts';
import {
  always,
  atQuiescence,
  check,
  defineSystem,
  leadsTo,
  never,
  runSystem,
  sometimes,
} from '../../../src/index.ts';
import type { CheckOptions, Property, Strategy, View } from '../../../src/index.ts';
import { ping } from './pinging.ts';

const commit = defineSystem(twoPhaseCommit({ repeats: true, rms: 3 }));
const broken = defineSystem(twoPhaseCommit({ bug: 'commits-without-all-votes', rms: 3 }));

/** A strategy of one's own: the one run in which the environment does all it can. */
const eager: Strategy = {
  name: 'eager',
  begin: () => ({ next: (index) => (index === 0 ? (options) => options.length - 1 : undefined) }),
};

describe('a check', () => {
  test.each(['exhaustive', 'dfs'] as const)('looks at all worlds: %s', (strategy) => {
    expect(check(commit, { strategy })).toMatchObject({
      complete: true,
      reached: ['all commit', 'all abort'],
      schedules: 0,
      states: 288,
      transitions: 1146,
      vacuous: [],
      violations: [],
    });
    expect(check(commit).depth).toBe(11);
  });

  test('keeps only fingerprints, if it is told to, and says the odds', () => {
    const { notes, states } = check(commit, { strategy: 'hash-only' });
    expect(states).toBe(288);
    expect(notes.join()).toMatch(/fingerprints.* odds of \d\.\de-\d+/);
  });

  test('takes worlds that differ by an exchange for one, if it is told to', () => {
    expect(check(commit, { symmetry: true })).toMatchObject({ states: 80, transitions: 318 });
    expect(check(commit, { symmetry: [['rm1', 'rm2']] }).states).toBe(172);
    expect(check(broken, { symmetry: true }).violations[0]?.run?.steps).toHaveLength(4);
    expect(seen(() => check(defineSystem(ping()), { symmetry: true }))).toMatch(
      /explore\/no-symmetry/,
    );
  });

  test('makes as many runs as it is told to, from the seed', () => {
    const options: CheckOptions = { schedules: 20, seed: 5, strategy: 'random', stepsMax: 20 };
    const report = check(commit, options);
    expect(report).toMatchObject({ complete: false, schedules: 20, strategy: 'random' });
    expect(report.estimate?.showsNew).toBeGreaterThan(0);
    expect(check(commit, options)).toMatchObject({ states: report.states });
    expect(check(commit, { ...options, seed: 6 }).states).not.toBe(report.states);
  });

  test.each(['random', 'pct', 'pos', 'surw', 'coverage', 'delay'] as const)(
    'finds by %s what shows in most runs',
    (strategy) => {
      const report = check(broken, { delaysMax: 3, schedules: 500, seed: 2, strategy });
      expect(report.strategy).toMatch(strategy);
      expect(report.violations.map(({ property }) => property)).toEqual(['consistent']);
    },
  );

  test.each(['dpor', 'source-dpor'] as const)('looks at runs up to equivalence: %s', (strategy) => {
    expect(check(broken, { strategy }).violations[0]?.property).toBe('consistent');
    const fine = check(defineSystem(singleCopyRegister({ clients: 2 })), { strategy });
    expect(fine).toMatchObject({ complete: true, strategy, violations: [] });
    expect(fine.schedules).toBeLessThan(93);
  });

  test('makes the one run of a tape, or of the order of sending', () => {
    const { tape } = check(broken).violations[0]?.run ?? { tape: [] };
    expect(check(broken, { strategy: 'tape', tape })).toMatchObject({
      schedules: 1,
      violations: [{ property: 'consistent' }],
    });
    expect(check(broken, { strategy: 'fifo' })).toMatchObject({ schedules: 1, violations: [] });
  });

  test.each(['exhaustive', 'dfs', 'random'] as const)(
    'gives the smallest run that breaks a property: %s',
    (strategy) => {
      const { system, violations } = check(broken, { strategy });
      const [violation] = violations;
      expect(violation?.property).toBe('consistent');
      expect(violation?.run?.steps).toHaveLength(4);
      expect(violation?.stepsBefore).toBeGreaterThanOrEqual(3);
      const { hash } = runSystem(system, {
        replay: 'strict',
        stepsMax: 3,
        tape: violation?.run?.tape ?? [],
      });
      expect(hash).toBe(violation?.run?.hash);
    },
  );

  test('leaves it as it was found if it is told to', () => {
    const { violations } = check(broken, { shrink: false, strategy: 'random' });
    expect(violations[0]).not.toHaveProperty('stepsBefore');
    expect(violations[0]?.run?.steps.length).toBeGreaterThan(4);
  });

  test('says of a run that something hidden decides where it came out otherwise', () => {
    const clock = { now: 1 };
    const machine = createMachine({
      context: { calledAt: 0 },
      on: { go: { actions: assign({ calledAt: () => clock.now }) } },
    });
    const isCalled = never('called', (view) => {
      const { calledAt } = view.actor('a')?.context ?? {};
      if (calledAt === clock.now) clock.now += 1;
      return calledAt !== 0;
    });
    const system = defineSystem({
      name: 'hidden',
      actors: [{ address: 'a', inputs: [{ event: { type: 'go' } }], machine }],
      properties: [isCalled],
    });
    expect(check(system, { strategy: eager }).violations[0]?.divergence?.actor).toBe('a');
  });
});

describe('what is said from outside', () => {
  const system = defineSystem(ping());

  test('is the number of faults', () => {
    expect(check(system).violations).toEqual([]);
    const { violations } = check(system, { faults: { drop: 1 } });
    expect(violations.map(({ property }) => property)).toEqual(['answered']);
    const choices = violations[0]?.run?.steps.map(({ choice }) => choice?.type);
    expect(choices).toEqual([undefined, 'drop', 'fire']);
  });

  test('is whether there is a clock', () => {
    const isEarly = always(
      'no retry before the answer',
      (view) => view.actor('a')?.value !== 'late',
    );
    expect(check(system, { properties: [isEarly] }).violations).toEqual([]);
    expect(check(system, { properties: [isEarly], time: 'untimed' }).violations).toHaveLength(1);
  });

  test('is which properties are of interest, by name or by themselves', () => {
    const other = sometimes('other', () => true);
    expect(check(commit, { properties: ['all abort', other] })).toMatchObject({
      properties: [{ name: 'all abort' }, other],
      reached: ['all abort', 'other'],
    });
  });
});

const atA = (view: View): boolean => view.actor('a') !== undefined;

describe('what was not put to the test is named', () => {
  test.each<[Property, string]>([
    [always('misspelt', (view) => view.actor('rm9')?.value !== 'aborted'), 'never were: rm9'],
    [always('spelt', (view) => view.actor('rm1')?.value !== 'lost'), ''],
    [atQuiescence('rest', () => true), 'never came to rest'],
    [never('nobody', (view) => view.addresses().length === 0), ''],
  ])('%o: %s', (property, why) => {
    const restless = twoPhaseCommit({ repeats: true, rms: 2 });
    const system = defineSystem({ ...restless, plan: [], properties: [property] });
    const { vacuous } = check(
      property.type === 'atQuiescence'
        ? defineSystem({ ...clock, properties: [property] })
        : system,
    );
    expect(vacuous[0]?.why ?? '').toContain(why);
    expect(vacuous).toHaveLength(why === '' ? 0 : 1);
  });

  test('a reaction to what never was', () => {
    const property = leadsTo('answer', { from: () => false, to: atA });
    expect(
      check(defineSystem(ping()), { properties: [property], schedules: 20, strategy: 'random' })
        .vacuous,
    ).toEqual([{ property: 'answer', why: 'what it starts from never was' }]);
  });
});

/** Ticks for ever. */
const clock = {
  name: 'clock',
  actors: [
    {
      address: 'clock',
      machine: createMachine({
        initial: 'tick',
        states: { tick: { after: { 10: 'tock' } }, tock: { after: { 10: 'tick' } } },
      }),
    },
  ],
};

describe('what cannot be meant is refused', () => {
  test.each<[object, RegExp]>([
    [{ strategy: 'lucky' }, /unknown-strategy.*"lucky".*exhaustive, dfs, hash-only, dpor/],
    [{ properties: ['consitent'] }, /unknown-property.*"consitent".*"consistent", "all commit"/],
    [{ properties: ['all abort', 'all abort'] }, /duplicate-property.*"all abort"/],
    [{ faults: { lose: 1 } }, /unknown-fault.*"lose".*drop, duplicate/],
    [{ faults: { drop: -1 } }, /bad-option.*"faults.drop" is -1/],
    [{ schedules: -1 }, /bad-option.*"schedules" is -1.*1 or more/],
    [{ seed: 0.5 }, /bad-option.*"seed" is 0.5/],
    [{ depthMax: 0 }, /bad-option.*"depthMax" is 0/],
    [{ statesMax: Number.NaN }, /bad-option.*"statesMax" is NaN/],
    [{ known: 56 }, /bad-option.*"known".*"exhaustive" makes no such runs/],
    [{ known: 56, strategy: 'dpor' }, /bad-option.*"known".*"dpor" makes no such runs/],
    [{ schedule: 5 }, /bad-option.*"schedule" means nothing. Known are: .*schedules/],
    [{ strategy: {} }, /bad-option.*"strategy".*Give the name of one, or { name, begin }/],
    [{ properties: 'consistent' }, /bad-option.*"properties".*Give a list/],
    [{ within: true }, /bad-option.*"within".*Give a question/],
    [{ time: 'sometimes' }, /bad-option.*"time" is "sometimes"/],
  ])('%o', (options, message) => {
    expect(seen(() => check(commit, options))).toMatch(message);
  });
});

function seen(run: () => unknown): string {
  try {
    return JSON.stringify(run(), (key, value: unknown) => (key === 'system' ? undefined : value));
  } catch (thrown) {
    return `${(thrown as { readonly code: string }).code} ${String(thrown)}`;
  }
}

describe('what goes wrong with a machine or a property is said', () => {
  const machine = createMachine({
    context: { list: [] as number[] },
    on: {
      go: {
        actions: assign({
          list: ({ context }) => {
            context.list.push(1);
            return context.list;
          },
        }),
      },
    },
  });

  test('an actor that throws, which nobody else would notice', () => {
    const inputs = [{ budget: 2, event: { type: 'go' } }];
    const system = defineSystem({ actors: [{ address: 'a', inputs, machine }], name: 'throwing' });
    const { complete, notes, properties, violations } = check(system);
    expect(complete).toBe(true);
    expect(notes).toEqual([
      expect.stringMatching(
        /^"a" \(.*\) failed in some run, and took no more messages: Cannot add/,
      ),
    ]);
    expect(properties.map(({ name }) => name)).toEqual(['a does not fail']);
    expect(violations).toMatchObject([
      { property: 'a does not fail', run: { steps: { length: 2 } } },
    ]);
  });

  test.each<[string, unknown, RegExp]>([
    [
      'a promise',
      Promise.resolve(false),
      /"odd" answered with a promise\. Let it answer true or false/,
    ],
    ['nothing', undefined, /"odd" answered undefined\./],
    ['a number', 1, /"odd" answered 1\./],
  ])('a property that answers %s', (_, answer, message) => {
    const holds = (() => answer) as () => boolean;
    const system = defineSystem({ actors: [{ address: 'a', machine }], name: 'odd' });
    for (const property of [
      always('odd', holds),
      sometimes('odd', holds),
      leadsTo('odd', { from: holds, to: holds }),
    ])
      for (const strategy of ['exhaustive', 'fifo'] as const)
        expect(() => check(system, { properties: [property], strategy })).toThrow(message);
  });
});
