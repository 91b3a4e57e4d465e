import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { assign, setup } from 'xstate';

import { twoPhaseCommit } from '../../examples/protocols/two-phase-commit.ts';
import { defineSystem, runSystem } from '../../src/index.ts';
import type { EventObject } from '../../src/index.ts';
import { drive, fromEnvironment } from '../../src/testing/index.ts';
import type { Driven } from '../../src/testing/index.ts';

const values = [1, 2, 3] as const;

/** A counter that forgets to count what is more than `most`. */
function counterSystem(most: number) {
  const machine = setup({
    types: {
      context: {} as { readonly sum: number },
      events: {} as
        | { readonly type: 'added'; readonly value: number }
        | { readonly type: 'cleared' },
    },
  }).createMachine({
    id: 'counter',
    context: { sum: 0 },
    on: {
      added: {
        actions: assign({ sum: ({ context, event }) => Math.min(most, context.sum + event.value) }),
      },
      cleared: { actions: assign({ sum: 0 }) },
    },
  });
  const events = [...values.map((value) => ({ type: 'added', value })), { type: 'cleared' }];
  return defineSystem({
    name: 'counter',
    actors: [{ address: 'counter', inputs: events.map((event) => ({ event })), machine }],
  });
}

interface Model {
  sum: number;
}

/** Gives the counter an event, and the model what it means. */
function command(event: EventObject, mean: (model: Model) => void): fc.Command<Model, Driven> {
  return {
    check: () => true,
    run: (model, driven) => {
      driven.give('counter', event);
      driven.settle();
      mean(model);
      expect(driven.view().actor('counter')?.context['sum']).toBe(model.sum);
    },
    toString: () => JSON.stringify(event),
  };
}

const commands = fc.commands([
  fc.constantFrom(...values).map((value) =>
    command({ type: 'added', value }, (model) => {
      model.sum += value;
    }),
  ),
  fc.constant(
    command({ type: 'cleared' }, (model) => {
      model.sum = 0;
    }),
  ),
]);

function holdAgainstModel(most: number): void {
  fc.assert(
    fc.property(commands, (list) => {
      fc.modelRun(() => ({ model: { sum: 0 }, real: drive(counterSystem(most)) }), list);
    }),
    fromEnvironment(),
  );
}

test('commands of fast-check hold a system against a model', () => {
  expect(() => holdAgainstModel(1_000)).not.toThrow();
  // Fewer than two commands never come to more than 5, and four are never needed.
  expect(() => holdAgainstModel(5)).toThrow(
    /Counterexample: \[(?:\{"type":"added","value":\d\},?){2,3} /,
  );
});

test('what was driven is a run that its tape makes again', () => {
  const system = defineSystem({ ...twoPhaseCommit({ rms: 2 }), faults: { crash: 1 } });
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 5 }), { maxLength: 20 }), (draws) => {
      const driven = drive(system);
      driven.give('rm1', { type: 'prepare.decided' });
      for (const draw of draws) driven.step(draw);
      expect(driven.fail()).toBe(true);
      driven.settle(draws);
      const again = runSystem(system, { tape: driven.tape() });
      expect(again.steps).toHaveLength(driven.story().match(/^#/gm)?.length ?? 0);
      expect(again.world.actors).toEqual(runSystem(system, { tape: again.tape }).world.actors);
    }),
    fromEnvironment(),
  );
});

test('only what is offered is taken', () => {
  const driven = drive(counterSystem(9));
  expect(driven.can('counter', { type: 'added', value: 2 })).toBe(true);
  expect(driven.can('counter', { type: 'added', value: 7 })).toBe(false);
  expect(driven.step()).toBe(false);
  expect(driven.fail()).toBe(false);
  expect(() => driven.give('counter', { type: 'added', value: 7 })).toThrow(
    expect.objectContaining({ code: 'testing/not-offered' }),
  );
  expect(() => driven.give('nobody', { type: 'cleared' })).toThrow(/input added to counter/);
});
