import { describe, expect, test } from 'vitest';
import { assign, cancel, enqueueActions, sendTo, setup } from 'xstate';

import { defineSystem, getIn, ms, runSystem } from '../../src/index.ts';
import { talk, walk } from './talk.ts';

const set = { ann: [{ type: 'set' }], bob: [{ type: 'set' }] } as const;

describe('in timed mode', () => {
  test('the clock goes from due moment to due moment', () => {
    const at = walk(talk({ inputs: { ann: set.ann } })).take('input set to ann');
    expect(at.offered()).toEqual(['fire quick +10']);
    const later = at.take('fire quick +10', 'fire slow +10');
    expect(later.heard('ann')).toEqual(['quick', 'slow']);
    expect(later.steps.map((step) => step.at)).toEqual([0, 0, 10_000, 20_000]);
  });

  test('timers that are due at once may fire in any order, the first set first', () => {
    const at = walk(talk({ inputs: set })).take('input set to ann', 'input set to bob');
    expect(at.offered()).toEqual(['fire quick +10', 'fire quick +10']);
    expect(at.take('fire quick +10').offered()).toEqual(['fire quick']);
  });

  test('nothing is passed over', () => {
    const inputs = { ann: set.ann, bob: [{ type: 'say', to: 'cid', words: ['hi'] }] } as const;
    const at = walk(talk({ inputs, network: { latency: [ms(5), ms(15)] } })).take(
      'input set to ann',
      'input say to bob',
    );
    // The word may come before or after the quick timer; the slow timer must wait for both.
    expect(at.offered()).toEqual(['deliver hi +5', 'fire quick +10']);
    expect(at.take('fire quick +10').offered()).toEqual(['deliver hi +5']);
  });
});

describe('a fast clock', () => {
  const inputs = { ann: set.ann };

  test('lets a timer fire before it is due, as long as the budget lasts', () => {
    const at = walk(talk({ inputs, faults: { early: 1 } })).take('input set to ann');
    expect(at.offered()).toEqual(['fire quick +10', 'early slow', 'early quick']);
    const early = at.take('early slow');
    expect(early.heard('ann')).toEqual(['slow']);
    expect(early.steps.at(-1)?.at).toBe(0);
    expect(early.offered()).toEqual(['fire quick +10']);
  });

  test('has nothing to hurry where a timer is due', () => {
    const both = { ann: set.ann, bob: set.bob };
    const at = walk(talk({ inputs: both, faults: { early: 1 } })).take(
      'input set to ann',
      'input set to bob',
      'fire quick +10',
    );
    expect(at.offered()).toEqual(['fire quick', 'early slow', 'early slow']);
  });

  test('has nothing to hurry in untimed mode', () => {
    const at = walk(talk({ inputs, faults: { early: 1 }, time: 'untimed' }));
    expect(at.take('input set to ann').offered()).toEqual(['fire quick']);
  });

  test('leaves what stands still alone', () => {
    const at = walk(talk({ inputs, faults: { early: 1, pause: 1 } })).take('input set to ann');
    expect(at.take('pause ann').offered()).toEqual(['resume ann']);
  });
});

describe('in untimed mode', () => {
  test('the timers of one step keep the order of their delays', () => {
    const at = walk(talk({ inputs: set, time: 'untimed' })).take('input set to ann');
    expect(at.offered()).toEqual(['fire quick', 'input set to bob']);
    expect(at.take('fire quick').offered()).toEqual(['fire slow', 'input set to bob']);
  });

  test('timers of different actors may fire in any order', () => {
    const at = walk(talk({ inputs: set, time: 'untimed' }))
      .take('input set to ann', 'input set to bob', 'fire quick')
      .offered();
    expect(at).toEqual(['fire quick', 'fire slow']);
  });

  test('no time goes by', () => {
    const at = walk(talk({ inputs: set, time: 'untimed' })).take('input set to ann', 'fire quick');
    expect(at.steps.at(-1)?.at).toBe(0);
  });
});

describe('a timer', () => {
  const watch = setup({
    types: { context: {} as { readonly log: readonly string[] } },
    actions: {
      note: assign(({ context }, { what }: { readonly what: string }) => ({
        log: [...context.log, what],
      })),
      setTwice: enqueueActions(({ enqueue }) => {
        enqueue.raise(() => ({ type: 'rang', what: 'first' }), { delay: 10, id: 'bell' });
        enqueue.raise(() => ({ type: 'rang', what: 'second' }), { delay: 20, id: 'bell' });
      }),
      stop: cancel('bell'),
      tellOther: sendTo(
        ({ system }) => system.get('other'),
        () => ({ type: 'rang', what: 'later' }),
        { delay: 5 },
      ),
    },
  }).createMachine({
    id: 'watch',
    context: { log: [] },
    on: {
      set: { actions: 'setTwice' },
      stop: { actions: 'stop' },
      tell: { actions: 'tellOther' },
      rang: {
        actions: { type: 'note', params: ({ event }) => ({ what: String(event['what']) }) },
      },
    },
  });
  const system = (...types: readonly string[]): ReturnType<typeof defineSystem> =>
    defineSystem({
      name: 'watches',
      actors: [
        {
          address: 'watch',
          machine: watch,
          inputs: types.map((type) => ({ event: { type }, budget: 1 })),
        },
        { address: 'other', machine: watch },
      ],
    });

  test('that is cancelled never fires; of two of one name the later goes', () => {
    const at = walk(system('set', 'stop')).take('input set to watch', 'input stop to watch');
    expect(at.offered()).toEqual(['fire rang at watch +10']);
    expect(at.take('fire rang at watch +10').offered()).toEqual([]);
  });

  test('may send to another actor: the message leaves when it is due', () => {
    const at = walk(system('tell')).take('input tell to watch', 'fire rang at watch +5');
    expect(at.offered()).toEqual(['deliver rang watch -> other +1']);
  });

  test('goes with its actor when the node crashes', () => {
    const crashing = defineSystem({ ...system('set').definition, faults: { crash: 1 } });
    const at = walk(crashing).take('input set to watch', 'crash watch');
    expect(at.offered()).toEqual([]);
    expect(at.world.timers).toEqual({});
  });

  test('that starts again when it fires goes on for ever, in the same states', () => {
    const metronome = setup({}).createMachine({
      id: 'metronome',
      initial: 'tick',
      states: { tick: { after: { 10: { target: 'tick', reenter: true } } } },
    });
    const ticking = defineSystem({ name: 'm', actors: [{ address: 'm', machine: metronome }] });
    const run = runSystem(ticking, { stepsMax: 10 });
    expect(run).toMatchObject({ ended: 'steps-max' });
    expect(run.world.ledger.clock).toBe(100_000);
    expect(run.hash).toBe(ticking.hash(ticking.start().world));
    expect(getIn(run.world.timers, 'm')).toHaveLength(1);
  });
});
