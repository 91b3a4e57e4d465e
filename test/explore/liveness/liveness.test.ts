import { describe, expect, test } from 'vitest';

import { eventually, leadsTo, ms, runSystem, search } from '../../../src/index.ts';
import { defineSystem } from '../../../src/index.ts';
import type { Property, SystemDefinition, View, Violation } from '../../../src/index.ts';
import { count, does, play, send } from '../interned/play.ts';

const isAt =
  (address: string, state: string) =>
  (view: View): boolean =>
    view.actor(address)?.value === state;

function broken(definition: SystemDefinition, property: Property): Violation | undefined {
  const { complete, violations } = search(defineSystem(definition), { properties: [property] });
  // What is said of whole runs is decided where everything was looked at.
  expect(complete).toBe(true);
  return violations[0];
}

/** Goes to and fro between two states for as long as the environment likes, or on its own. */
const swing = {
  states: {
    left: { tick: { deeds: [send('a', 'tick')], target: 'right' }, home: { target: 'home' } },
    right: { tick: { deeds: [send('a', 'tick')], target: 'left' }, home: { target: 'home' } },
    home: { tick: {} },
  },
};
const told = { a: { tick: 1 } };

describe('what must happen at some time', () => {
  test('is broken by a run that goes round for ever', () => {
    const violation = broken(
      play('swing', { a: { ...swing, entry: [send('a', 'tick')] } }),
      eventually('comes home', isAt('a', 'home')),
    );
    const { loop, run } = violation ?? {};
    expect(loop).toEqual({ from: 1 });
    expect(run?.steps.slice(1).map(({ choice }) => choice?.type)).toEqual(['deliver', 'deliver']);
    expect(violation?.assumes).toMatch(/never owed/);
  });

  test('gives a run whose end is the world in which its loop began', () => {
    const system = defineSystem(play('swing', { a: { ...swing, entry: [send('a', 'tick')] } }));
    const [violation] = search(system, {
      properties: [leadsTo('left', { from: isAt('a', 'right'), to: isAt('a', 'home') })],
    }).violations;
    const { loop, run } = violation ?? {};
    const hashes: string[] = [];
    const again = runSystem(system, {
      onStep: (_, world) => hashes.push(system.hash(world)),
      replay: 'strict',
      stepsMax: (run?.steps.length ?? 0) - 1,
      tape: run?.tape ?? [],
    });
    expect(again.hash).toBe(run?.hash);
    expect(hashes[(loop?.from ?? 0) - 1]).toBe(again.hash);
  });

  test('is broken where a run ends without it', () => {
    const violation = broken(
      play('never told', { a: swing }, { told }),
      eventually('comes home', isAt('a', 'home')),
    );
    expect(violation?.run?.steps).toHaveLength(1);
    expect(violation?.loop).toBeUndefined();
  });

  // A known mistake of checkers that keep what is still owed with the world: the second way into a
  // world that was seen before is not followed, whatever it owes (Stateright, `Checker`, FIXME).
  test('is broken by the way into a join that has not had it', () => {
    const join = play(
      'join',
      {
        a: {
          states: {
            start: { good: { target: 'good' }, bad: { target: 'end' } },
            good: { go: { target: 'end' } },
            end: { good: {}, go: {} },
          },
          entry: [send('a', 'good'), send('a', 'bad'), send('a', 'go')],
        },
      },
      { network: { links: 'unordered' }, nodes: { a: 'a' } },
    );
    expect(broken(join, eventually('good', isAt('a', 'good')))).toBeUndefined();
    const talk = play(
      'join of two',
      {
        a: {
          states: {
            start: { good: { target: 'good' }, bad: { target: 'end' } },
            good: { bad: { target: 'end' } },
            end: { good: {} },
          },
        },
        b: { entry: [send('a', 'good'), send('a', 'bad')], states: { on: {} } },
      },
      { network: { links: 'unordered' } },
    );
    const violation = broken(talk, eventually('good', isAt('a', 'good')));
    expect(
      violation?.run?.steps.map(({ choice }) => choice && 'event' in choice && choice.event),
    ).toEqual([undefined, { type: 'bad' }, { type: 'good' }]);
  });

  test('holds where only a run without fairness would put it off', () => {
    const cast = {
      a: { ...swing, entry: [send('a', 'tick')] },
      b: { entry: [send('a', 'home')], states: { on: {} } },
    };
    const comesHome = eventually('comes home', isAt('a', 'home'));
    for (const links of ['fifo', 'unordered', 'persistent'] as const) {
      expect(broken(play('called', cast, { network: { links } }), comesHome)).toBeUndefined();
    }
    const lossy = play('called in vain', cast, { faults: { drop: 1 } });
    expect(broken(lossy, comesHome)?.loop).toBeDefined();
  });

  test('holds where a set timer would have to be put off for ever', () => {
    const cast = {
      a: { ...swing, entry: [send('a', 'tick'), send('a', 'home', { delay: 5 })] },
    };
    const comesHome = eventually('comes home', isAt('a', 'home'));
    // In timed mode no time goes by while it swings: that it would is taken for granted.
    for (const time of ['timed', 'untimed'] as const) {
      expect(broken(play('woken', cast, { time }), comesHome)).toBeUndefined();
    }
  });

  test('is not owed by a node that stands still, nor across a partition that holds', () => {
    const cast = {
      a: swing,
      b: { entry: [send('a', 'home')], states: { on: {} } },
    };
    const comesHome = eventually('comes home', isAt('a', 'home'));
    expect(broken(play('plain', cast), comesHome)).toBeUndefined();
    expect(broken(play('paused', cast, { faults: { pause: 1 } }), comesHome)?.loop).toBeUndefined();
    expect(broken(play('paused', cast, { faults: { pause: 1 } }), comesHome)).toBeDefined();
    const partitions = [{ name: 'split', groups: [['a'], ['b']], messages: 'hold' as const }];
    const split = play('split', cast, { faults: { partition: 1 }, network: { partitions } });
    expect(broken(split, comesHome)).toBeDefined();
  });

  test('is not brought about by what the environment might give', () => {
    const counting = {
      a: { states: { on: { go: does(count), home: { target: 'home' } }, home: {} } },
    };
    const violation = broken(
      play('counting', counting, { told: { a: { go: 0, home: 0 } } }),
      eventually('comes home', isAt('a', 'home')),
    );
    expect(violation?.run?.steps).toHaveLength(1);
  });

  test('may come again and again after what leads to it', () => {
    const clock = {
      a: {
        entry: [send('a', 'tick', { delay: 1 })],
        states: {
          low: { tick: { deeds: [send('a', 'tick', { delay: 1 })], target: 'high' } },
          high: { tick: { deeds: [send('a', 'tick', { delay: 1 })], target: 'low' } },
        },
      },
    };
    for (const time of ['timed', 'untimed'] as const) {
      const system = play('clock', clock, { time });
      const [low, high] = [isAt('a', 'low'), isAt('a', 'high')];
      expect(broken(system, leadsTo('high', { from: low, to: high }))).toBeUndefined();
      expect(broken(system, leadsTo('never', { from: low, to: () => false }))?.loop).toBeDefined();
    }
  });

  test('is vacuous where nothing ever leads to it, and open where a limit came first', () => {
    const system = defineSystem(play('swing', { a: swing }, { told, time: 'untimed' }));
    const properties = [
      leadsTo('nothing', { from: isAt('a', 'nowhere'), to: isAt('a', 'home') }),
      eventually('moves', (view) => view.messages().length > 0 || isAt('a', 'left')(view)),
    ];
    expect(search(system, { properties })).toMatchObject({ complete: true, vacuous: ['nothing'] });
    expect(search(system, { depthMax: 1, properties })).toMatchObject({
      complete: false,
      ended: 'depth-max',
      undecided: ['nothing', 'moves'],
    });
  });
});

test('a lossy link that is tried again and again is not owed luck', () => {
  // Weak fairness owes the delivery, not that it is not lost first: the budget bounds that.
  const retry = {
    a: {
      entry: [send('b', 'x'), send('a', 'again', { delay: 2 })],
      states: {
        waiting: {
          again: { deeds: [send('b', 'x'), send('a', 'again', { delay: 2 })] },
          y: { target: 'done' },
        },
        done: {},
      },
    },
    b: { states: { on: { x: { deeds: [send('a', 'y')] } } } },
  };
  const options = { faults: { drop: 2 }, network: { latency: [ms(1)] } } as const;
  const system = play('retry', retry, { ...options, time: 'timed' });
  expect(broken(system, eventually('answered', isAt('a', 'done')))).toBeUndefined();
});
