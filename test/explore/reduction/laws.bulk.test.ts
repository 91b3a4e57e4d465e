import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import {
  always,
  atQuiescence,
  deadlockFree,
  defineSystem,
  ms,
  never,
  reduce,
  search,
  SimulationError,
  sometimes,
} from '../../../src/index.ts';
import type { Property, SystemDefinition, View } from '../../../src/index.ts';
import { fromEnvironment } from '../../../src/testing/environment.ts';
import { play, send } from '../interned/play.ts';
import { anyPlay, playOf } from '../interned/random-play.ts';
import { endsOf, runsOf } from './brute-force.ts';
import { descentTo } from './ends.ts';
import { anyPlain } from './random-system.ts';

const runsMax = 3000;
const longEnough = 40;

/** What `run` gives, or the code of the mistake that the system is. */
function orMistake<T>(run: () => T): T | string {
  try {
    return run();
  } catch (error) {
    if (error instanceof SimulationError) return error.code;
    throw error;
  }
}

test('all runs are counted, as one by one', () => {
  fc.assert(
    fc.property(anyPlain, (definition) => {
      const brute = orMistake(() => runsOf(definition, { depthMax: longEnough, runsMax }));
      fc.pre(brute !== undefined && typeof brute !== 'string');
      const { all, interleavings } = reduce(defineSystem(definition));
      expect({ all, interleavings }).toEqual({ all: brute.all, interleavings: brute.traces });
    }),
    fromEnvironment(100),
  );
});

interface Compared {
  readonly definition: SystemDefinition;
  readonly depthMax: number;
  readonly isFull: boolean;
}

/** What came of all runs of a system, or of one of each set of equivalent ones. */
interface Outcome {
  readonly ends: readonly string[];
  readonly traces: number;
}

/** The outcome by brute force; `undefined` if there are too many runs. */
function bruteOutcome(
  { definition, depthMax }: Compared,
  most = runsMax,
): Outcome | string | undefined {
  return orMistake(() => {
    const runs = runsOf(definition, { depthMax, runsMax: most });
    return runs && { ends: endsOf(definition, depthMax), traces: runs.traces };
  });
}

/** The outcome by reduction. Where steps only race, an optimal one gives up no run. */
function reducedOutcome(
  { definition, depthMax, isFull }: Compared,
  method: 'optimal' | 'source',
): Outcome | string {
  return orMistake(() => {
    const { descent, ends } = descentTo(definition, { depthMax, isFull, method });
    const { blocked, cut, ended } = descent.tally;
    const isOptimal = method === 'optimal' && !isFull && !descent.hasConflict && cut === 0;
    return { ends, traces: ended + cut + (isOptimal ? blocked : 0) };
  });
}

/** The three outcomes, which are the same. */
function outcomesOf(compared: Compared): readonly unknown[] {
  const brute = bruteOutcome(compared);
  if (brute === undefined) return [];
  return [brute, reducedOutcome(compared, 'source'), reducedOutcome(compared, 'optimal')];
}

test('systems that only race: every end is met, and every set of equivalent runs once', () => {
  fc.assert(
    fc.property(anyPlain, (definition) => {
      const [brute, ...reduced] = outcomesOf({ definition, depthMax: longEnough, isFull: false });
      for (const outcome of reduced) expect(outcome).toEqual(brute);
    }),
    fromEnvironment(300),
  );
});

test('systems that only race, cut off: every end that is near is met', () => {
  fc.assert(
    fc.property(anyPlain, fc.integer({ max: 6, min: 1 }), (definition, depthMax) => {
      const [brute, ...reduced] = outcomesOf({ definition, depthMax, isFull: false });
      for (const outcome of reduced) expect(outcome).toEqual(brute);
    }),
    fromEnvironment(150),
  );
});

/** Where what is there need not be on offer, nor come: one way to go for all. */
function withheldOutcome({ definition, depthMax }: Compared): Outcome | string {
  return orMistake(() => {
    const options = { depthMax, isFull: false, isWithholding: true, method: 'careful' } as const;
    const { descent, ends } = descentTo(definition, options);
    return { ends, traces: descent.tally.ended + descent.tally.cut };
  });
}

test('inputs, faults, plans, time, kept messages: every end is met, and equivalent runs once', () => {
  fc.assert(
    fc.property(anyPlay, (random) => {
      const compared = { definition: playOf(random), depthMax: 9, isFull: false };
      const brute = bruteOutcome(compared, 300);
      fc.pre(brute !== undefined && typeof brute !== 'string');
      expect(withheldOutcome(compared)).toEqual(brute);
    }),
    fromEnvironment(300),
  );
});

test('what a deadline withholds may be taken away before it is on offer', () => {
  // Found by the law above. The message may arrive late only when the plan is through; where it comes
  // first, that is not to be seen any more.
  const definition = play(
    'late',
    {
      a: { entry: [], states: { s: {}, t: {}, done: {} } },
      b: {
        entry: [{ delay: 1, do: 'raise', event: 'x' }],
        states: { s: { x: { deeds: [send('a', 'x')] } }, t: {}, done: {} },
      },
    },
    {
      network: { latency: [ms(0), ms(3)] },
      plan: [{ after: ms(1), fault: { type: 'heal' } }],
      time: 'timed',
    },
  );
  const compared = { definition, depthMax: 9, isFull: false };
  expect(bruteOutcome(compared)).toMatchObject({ traces: 4 });
  expect(withheldOutcome(compared)).toEqual(bruteOutcome(compared));
});

test('what a link keeps and is sent again before or after it was lost makes a difference', () => {
  // Found by the law above.
  const still = { s: {}, t: {}, done: {} };
  const definition = play(
    'again',
    {
      a: { entry: [], states: still },
      b: { entry: [send('a', 'x'), send('a', 'x', { delay: 1 })], states: still },
    },
    { faults: { drop: 1 }, network: { links: 'persistent' }, time: 'untimed', unhandled: 'keep' },
  );
  const compared = { definition, depthMax: 9, isFull: false };
  expect(bruteOutcome(compared)).toMatchObject({ ends: { length: 3 } });
  expect(withheldOutcome(compared)).toEqual(bruteOutcome(compared));
});

test('what a deadline withholds is not tried before its time', () => {
  // Found by the law above. Nobody ever takes what waits in the mail of a's child, so time stands still
  // and the timer, which would tell somebody that is not there, never fires.
  const still = { s: {}, t: {}, done: {} };
  const definition = play(
    'still',
    {
      a: {
        entry: [send('known', 'x', { delay: 1 }), { do: 'spawn', id: 'k', part: 'child' }],
        states: still,
      },
      b: { entry: [], states: still },
      child: { entry: [send('./k', 'x')], states: still },
    },
    { faults: { crash: 1 }, network: { latency: [ms(1)] }, time: 'timed', unhandled: 'keep' },
  );
  const compared = { definition, depthMax: 9, isFull: false };
  expect(withheldOutcome(compared)).toEqual(bruteOutcome(compared));
});

test('inputs, faults, plans, time, kept messages, cut off: every end that is near is met', () => {
  fc.assert(
    fc.property(anyPlay, fc.integer({ max: 4, min: 1 }), (random, depthMax) => {
      const compared = { definition: playOf(random), depthMax, isFull: false };
      const brute = bruteOutcome(compared);
      fc.pre(brute !== undefined);
      expect(withheldOutcome(compared)).toEqual(brute);
    }),
    fromEnvironment(200),
  );
});

/** Properties of each kind that reduction decides, about things that happen in random systems. */
const questions: readonly Property[] = [
  always('a and b are not both in t', (view) => !(isIn(view, 'a', 't') && isIn(view, 'b', 't'))),
  never('c ends before a moves', (view) => isIn(view, 'c', 'done') && isIn(view, 'a', 's')),
  always('a child is never alone in t', (view) => !(hasChild(view) && isIn(view, 'a', 't'))),
  always('three messages are never under way', (view) => view.messages().length < 3),
  always('few actors', (view) => view.addresses().length < 5),
  sometimes('b counts while a is in t', (view) => countOf(view, 'b') > 0 && isIn(view, 'a', 't')),
  sometimes('c counts twice', (view) => countOf(view, 'c') === 2),
  atQuiescence('a has counted at the end', (view) => countOf(view, 'a') > 0),
  deadlockFree((view) => isIn(view, 'a', 'done') || isIn(view, 'b', 's')),
];

function isIn(view: View, address: string, state: string): boolean {
  return view.actor(address)?.value === state;
}

function countOf(view: View, address: string): number {
  return Number(view.actor(address)?.context['n'] ?? 0);
}

function hasChild(view: View): boolean {
  return view.actor('b/k') !== undefined;
}

interface Asked {
  readonly asked: readonly Property[];
  readonly definition: SystemDefinition;
  readonly depthMax?: number;
}

/** What is broken and what was reached, each question asked by itself. */
function verdicts(
  { asked, definition, depthMax = longEnough }: Asked,
  method: 'optimal' | 'search' | 'source',
): readonly unknown[] {
  const system = defineSystem(definition);
  return asked.map((property) => {
    const options = { properties: [property] };
    return orMistake(() => {
      const { reached, violations } =
        method === 'search'
          ? search(system, { ...options, depthMax: depthMax + 1 })
          : reduce(system, { ...options, depthMax, method });
      // That something never comes is only said where all was seen; where runs are cut off it was not.
      const isSaid = property.type !== 'sometimes' || depthMax === longEnough;
      const broken = violations.filter(() => isSaid);
      return { broken: broken.map((violation) => violation.property), reached };
    });
  });
}

test('reduction never changes a verdict, whichever kind of property it is about', () => {
  fc.assert(
    fc.property(
      anyPlain,
      fc.shuffledSubarray([...questions], { maxLength: 3, minLength: 3 }),
      (definition, asked) => {
        const runs = orMistake(() => runsOf(definition, { depthMax: longEnough, runsMax: 300 }));
        // A mistake ends a search that finds it, but a violation may end it before.
        fc.pre(runs !== undefined && typeof runs !== 'string');
        const expected = verdicts({ asked, definition }, 'search');
        expect(verdicts({ asked, definition }, 'source')).toEqual(expected);
        expect(verdicts({ asked, definition }, 'optimal')).toEqual(expected);
      },
    ),
    fromEnvironment(300),
  );
});

test('reduction never changes a verdict, whatever may befall a system', () => {
  fc.assert(
    fc.property(
      anyPlay,
      fc.shuffledSubarray([...questions], { maxLength: 3, minLength: 3 }),
      fc.integer({ max: 8, min: 3 }),
      (random, asked, depthMax) => {
        const definition = playOf(random);
        const runs = orMistake(() => runsOf(definition, { depthMax, runsMax: 200 }));
        fc.pre(runs !== undefined && typeof runs !== 'string');
        expect(verdicts({ asked, definition, depthMax }, 'optimal')).toEqual(
          verdicts({ asked, definition, depthMax }, 'search'),
        );
      },
    ),
    fromEnvironment(300),
  );
});
