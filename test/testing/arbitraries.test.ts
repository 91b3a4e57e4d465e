import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { cluster, mainOutcome, rpc } from '../../actors/index.ts';
import { twoPhaseCommit } from '../../examples/protocols/two-phase-commit.ts';
import { defineFunctions, defineSystem, draws, runSystem } from '../../src/index.ts';
import {
  faultPlans,
  fromEnvironment,
  programs,
  schedules,
  tapes,
} from '../../src/testing/index.ts';
import type { ProgramStep } from '../../src/testing/index.ts';
import { couriers } from '../trace/couriers.ts';

const system = couriers(2);

test('plans of faults are such as can come: each of them does', () => {
  let most = 0;
  fc.assert(
    fc.property(faultPlans(system), (plan) => {
      const { steps } = runSystem(defineSystem({ ...system.definition, faults: {}, plan }));
      const came = steps.filter(({ choice }) => choice !== undefined && 'planned' in choice);
      expect(came).toHaveLength(plan.length);
      most = Math.max(most, plan.length);
    }),
    fromEnvironment(),
  );
  expect(most).toBeGreaterThan(2);
});

test('they shrink to one fault at once', () => {
  const found = fc.check(
    fc.property(faultPlans(system, { kinds: ['crash', 'restart'] }), (plan) => plan.length === 0),
    fromEnvironment(),
  );
  expect(found.counterexample?.[0]).toMatchObject([{ after: 0, fault: { type: 'crash' } }]);
});

test('schedules are runs that are judged, and shrink to few draws', () => {
  const bug = 'commits-without-all-votes';
  const definition = twoPhaseCommit({ bug, rms: 2 });
  const { properties = [] } = definition;
  const found = fc.check(
    fc.property(
      schedules(defineSystem(definition), { properties }),
      ({ broken }) => broken === undefined,
    ),
    fromEnvironment(500),
  );
  const [schedule] = found.counterexample ?? [];
  expect(schedule?.broken).toBe('consistent');
  // Two decisions, and one delivery in its turn.
  expect(schedule?.numbers.filter((number) => number > 0)).toHaveLength(2);
  expect(schedule?.run().steps).toHaveLength((schedule?.steps ?? 0) + 1);
});

test('with many draws they come in packets, and shrink to one packet', () => {
  const { properties = [], ...definition } = twoPhaseCommit({
    bug: 'commits-without-all-votes',
    rms: 3,
  });
  const found = fc.check(
    fc.property(
      schedules(defineSystem(definition), { drawsMax: 40, properties, stepsMax: 100 }),
      ({ broken }) => broken === undefined,
    ),
    fromEnvironment(500),
  );
  const [schedule] = found.counterexample ?? [];
  expect(schedule?.broken).toBe('consistent');
  expect(schedule?.steps).toBeLessThan(12);
  expect(schedule?.numbers).toHaveLength(8);
  expect(schedule?.numbers.every((number) => number < 8)).toBe(true);
  // The run is made of these draws.
  const again = runSystem(defineSystem(definition), {
    chooser: draws(schedule?.numbers ?? []),
    stepsMax: schedule?.steps ?? 0,
  });
  expect(again.hash).toBe(schedule?.run().hash);
});

interface Add {
  readonly amount: number;
  readonly to: string;
}

type Program = readonly ProgramStep<Add>[];

/** What a program gives when nobody sends anything. */
function direct(program: Program): readonly number[] {
  const results: number[] = [];
  for (const { instruction, operands } of program) {
    results.push(operands.reduce((sum, place) => sum + (results[place] ?? 0), instruction.amount));
  }
  return results;
}

const functions = defineFunctions({ add, main });

function add(amount: number, terms: readonly number[]): number {
  return terms.reduce((sum, term) => sum + term, amount);
}

function* main(program: Program) {
  const results: number[] = [];
  for (const { instruction, operands } of program) {
    const { amount, to } = instruction;
    results.push(yield* rpc.sync(to, add, [amount, operands.map((place) => results[place] ?? 0)]));
  }
  return results;
}

const anyProgram = programs(
  fc.record({ amount: fc.nat({ max: 9 }), to: fc.constantFrom('worker0', 'worker1') }),
  { lengthMax: 4 },
);

test('programs of remote calls give what they give by themselves, whatever comes first', () => {
  fc.assert(
    fc.property(anyProgram, tapes(), (program, tape) => {
      const definition = cluster({
        functions,
        main: { worker0: functions.toCall('main', [program]) },
        workers: 2,
      });
      const { world } = runSystem(defineSystem(definition), { chooser: draws(tape) });
      expect(mainOutcome(world, 'worker0')).toEqual({ type: 'returned', value: direct(program) });
    }),
    fromEnvironment(20),
  );
});

test('programs shrink to the steps that matter, and stay programs', () => {
  const found = fc.check(
    fc.property(anyProgram, (program) => direct(program).every((result) => result < 12)),
    fromEnvironment(2_000),
  );
  expect(found.counterexample?.[0]).toHaveLength(2);
  fc.assert(
    fc.property(anyProgram, (program) =>
      program.every(({ operands }, place) =>
        operands.every((operand) => operand >= 0 && operand < place),
      ),
    ),
    fromEnvironment(),
  );
});
