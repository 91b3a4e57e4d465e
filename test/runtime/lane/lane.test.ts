import { array, assert, constantFrom, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assign, createMachine, raise, setup, spawnChild } from 'xstate';

import { digest, isSameDigest } from '../../../src/core/digest.ts';
import type { EventObject, Local, Outcome, Stepper } from '../../../src/kernel/effect.ts';
import { createLane } from '../../../src/runtime/lane/lane.ts';
import { createMachineStepper } from '../../../src/runtime/machine.ts';
import { createScope } from '../telling-scope.ts';
import { anyShape, events, machineOf } from './any-machine.ts';

describe('the lane', () => {
  test('takes the steps that XState takes, whatever the machine', () => {
    assert(
      property(anyShape(), array(constantFrom(...events), { maxLength: 12 }), (shape, given) => {
        const machine = machineOf(shape);
        if (machine === undefined) return;
        const { logics, reference, stepper } = createMachineStepper();
        logics.declare([{ actor: 'a', logic: machine, name: 'any' }]);
        const site = { address: 'here', logic: 'any' };
        let { local } = reference.start(site, undefined);
        for (const type of given) {
          if (local.status !== 'active') return;
          const event = { error: 'broken', type };
          const ours = outcomeOf(stepper, local, event);
          const theirs = outcomeOf(reference, { ...local }, event);
          expect(ours).toEqual(theirs);
          if (typeof ours === 'string' || typeof theirs === 'string') return;
          expect(isSameDigest(digest(ours.local), digest(theirs.local))).toBe(true);
          ({ local } = ours);
        }
      }),
      { numRuns: 200 },
    );
  });
});

function outcomeOf(stepper: Stepper, local: Local, event: EventObject): Outcome | string {
  try {
    return stepper.step({ address: 'here', logic: 'any' }, local, event);
  } catch (error) {
    return String(error);
  }
}

describe('the lane itself', () => {
  const spare = createMachine({});
  const machine = setup({
    types: { context: {} as { readonly n: number } },
    actions: { add: assign({ n: ({ context }) => context.n + 1 }) },
    actors: { spare },
    guards: { isFew: ({ context }) => context.n < 3 },
  }).createMachine({
    context: { n: 0 },
    initial: 'idle',
    states: {
      both: {
        states: {
          left: { initial: 'on', states: { off: {}, on: { on: { left: 'off' } } } },
          past: { history: 'deep', type: 'history' },
          right: { initial: 'on', states: { off: {}, on: { on: { right: 'off' } } } },
        },
        on: { back: 'idle' },
        type: 'parallel',
      },
      idle: {
        on: {
          count: { actions: 'add' },
          fall: { actions: 'add', target: 'through' },
          remember: 'both.past',
          spawn: { actions: spawnChild('spare') },
          split: 'both',
          throws: { actions: assign(fails) },
          tell: { actions: ['add', raise({ type: 'count' })] },
          work: 'working',
        },
      },
      through: {
        always: [{ actions: 'add', guard: 'isFew', reenter: true, target: 'through' }, 'idle'],
      },
      working: {
        initial: 'busy',
        onDone: 'idle',
        states: { busy: { on: { end: 'over' } }, over: { type: 'final' } },
      },
    },
  });
  const { configurations, take } = createLane(machine);

  function taken(value: unknown, type: string): unknown {
    const local: Local = {
      children: {},
      context: { n: 0 },
      historyValue: {},
      status: 'active',
      value,
    };
    try {
      return take({ event: { type }, local, scope: createScope().scope });
    } catch {
      return undefined;
    }
  }

  test('takes what a machine says about its states', () => {
    expect(taken('idle', 'count')).toMatchObject({ context: { n: 1 }, value: 'idle' });
    expect(taken('idle', 'unheard')).toMatchObject({ context: { n: 0 }, value: 'idle' });
    expect(taken('idle', 'tell')).toMatchObject({ context: { n: 2 }, value: 'idle' });
    expect(taken('idle', 'fall')).toMatchObject({ context: { n: 3 }, value: 'idle' });
    expect(taken('idle', 'split')).toMatchObject({ value: { both: { left: 'on', right: 'on' } } });
    expect(taken({ both: { left: 'on', right: 'on' } }, 'right')).toMatchObject({
      value: { both: { left: 'on', right: 'off' } },
    });
    expect(taken({ working: 'busy' }, 'end')).toMatchObject({ value: 'idle' });
  });

  test('leaves actors, history and failures to XState', () => {
    expect(taken('idle', 'spawn')).toBe(undefined);
    expect(taken('idle', 'remember')).toBe(undefined);
    expect(taken({ both: { left: 'on', right: 'on' } }, 'back')).toBe(undefined);
    expect(taken('idle', 'throws')).toBe(undefined);
    expect(taken('idle', 'xstate.error.actor.spare')).toBe(undefined);
  });

  test('has one configuration for all objects of one state value', () => {
    const first = configurations.ofValue({ both: { left: 'on', right: 'off' } });
    const second = configurations.ofValue({ both: { left: 'on', right: 'off' } });
    expect(second).toBe(first);
    expect(first.nodes.map(({ key }) => key)).toEqual([
      '(machine)',
      'both',
      'left',
      'on',
      'right',
      'off',
    ]);
  });
});

function fails(): never {
  throw new Error('broken');
}
