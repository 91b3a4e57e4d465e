import { assert, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assign, sendTo, setup } from 'xstate';

import { defineSystem, divergenceOf, randomWalk, runSystem } from '../../src/index.ts';
import type { System } from '../../src/index.ts';
import { fromEnvironment, tapes } from '../../src/testing/index.ts';
import { anyModel, systemOf } from '../laws/models.ts';

/** A clock that the machines must not read: it goes on from one run to the next. */
interface Clock {
  now: number;
}

/** An echo that says what time it is in its answer number `at`; the asker asks three times. */
function echo(clock: Clock, at: number, rememberedMax = 0): System {
  const asker = setup({
    types: { context: {} as { readonly left: number } },
    actions: {
      ask: sendTo(({ system }) => system.get('echo'), { type: 'ask' }),
      countDown: assign({ left: ({ context }) => context.left - 1 }),
    },
    guards: { hasLeft: ({ context }) => context.left > 0 },
  }).createMachine({
    id: 'asker',
    context: { left: 2 },
    entry: 'ask',
    on: { answer: { guard: 'hasLeft', actions: ['countDown', 'ask'] } },
  });
  const answerer = setup({
    types: { context: {} as { readonly answers: number } },
    actions: {
      answer: sendTo(
        ({ system }) => system.get('asker'),
        ({ context }) => ({ type: 'answer', value: context.answers === at ? clock.now : 0 }),
      ),
      countUp: assign({ answers: ({ context }) => context.answers + 1 }),
    },
  }).createMachine({
    id: 'answerer',
    context: { answers: 0 },
    on: { ask: { actions: ['countUp', 'answer'] } },
  });
  return defineSystem({
    actors: [
      { address: 'asker', machine: asker },
      { address: 'echo', machine: answerer },
    ],
    name: 'echo',
    rememberedMax,
  });
}

describe('a run that is made twice', () => {
  test('shows whose event came out otherwise, and how', () => {
    const clock = { now: 7 };
    const system = echo(clock, 1);
    const run = runSystem(system);
    expect(divergenceOf(system, run)).toBeUndefined();
    clock.now = 8;
    expect(divergenceOf(system, run)).toMatchObject({ actor: 'echo', step: 1 });
    expect(divergenceOf(system, run)?.why).toMatch(
      /step 1, "deliver ask asker -> echo": once it sent .*"value":7.*, once it sent .*"value":8.*The machine of "echo"/,
    );
  });

  test.each([0, 1_000])('shows the first such event, with %i steps remembered', (rememberedMax) => {
    const clock = { now: 7 };
    const system = echo(clock, 2, rememberedMax);
    const run = runSystem(system);
    clock.now = 8;
    expect(divergenceOf(system, run)).toMatchObject({ actor: 'echo', step: 3 });
  });

  test('comes out alike where machines are pure, whatever happens', () => {
    assert(
      property(anyModel(), tapes(), (model, [seed = 0]) => {
        const system = systemOf(model);
        const run = runSystem(system, {
          chooser: randomWalk(seed, { faultRate: 0.2 }),
          stepsMax: 60,
        });
        expect(divergenceOf(system, run)).toBeUndefined();
      }),
      fromEnvironment(60),
    );
  });
});
