import { assert, property } from 'fast-check';
import { expect, test } from 'vitest';

import { draws, runSystem, valuesOf } from '../../src/index.ts';
import type { Happening, Step, System, World } from '../../src/index.ts';
import { fromEnvironment, tapes } from '../../src/testing/index.ts';
import { anyModel, systemOf } from './models.ts';

const stepsMax = 60;

test('worlds are frozen through and through', () => {
  lookAlong(() => {
    const seen = new Set<object>();
    return (_, world) => expect(thawedIn(world, seen)).toBeUndefined();
  });
});

test('the dullest choice is the first of all choices', () => {
  lookAlong((system) => (_, world) => {
    const dull = system.dullest(world);
    const [first] = system.choices(world);
    const isOwn = first?.type === 'deliver' || first?.type === 'fire';
    expect(isOwn ? first : undefined).toEqual(dull);
  });
});

test('virtual time never goes back, and goes on by what the choice says', () => {
  lookAlong(() => {
    let last = 0;
    return ({ at, choice }) => {
      const after = choice !== undefined && 'after' in choice ? choice.after : 0;
      expect(at).toBe(last + after);
      expect(after).toBeGreaterThanOrEqual(0);
      last = at;
    };
  });
});

test('choices of one world have different names', () => {
  lookAlong((system) => (_, world) => {
    const names = system.choices(world).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});

test('no message is delivered twice or lost unless a choice or the link says so', () => {
  assert(
    property(anyModel(), tapes(), (model, numbers) => {
      const system = systemOf({ ...model, links: model.links === 'fifo' ? 'fifo' : 'unordered' });
      const run = runSystem(system, { chooser: draws(numbers), stepsMax });
      const count = new Map<string, number>();
      const add = (key: string, number: number): void => {
        count.set(key, (count.get(key) ?? 0) + number);
      };
      for (const { choice, happened } of run.steps) {
        for (const happening of happened) {
          if (happening.type === 'sent') add(keyOf(happening), 1);
        }
        const arrived = choice?.type === 'deliver' || choice?.type === 'drop';
        if (arrived && !choice.event.type.startsWith('xstate.stop')) add(keyOf(choice), -1);
      }
      for (const key of inFlight(run.world)) add(key, -1);
      // What waited within a node for an actor that ended or crashed is gone with it.
      const ended = run.steps.some(({ happened }) => ends(happened) > 0);
      for (const [key, left] of count) {
        expect([key, ended ? Math.min(0, left) : left]).toEqual([key, 0]);
      }
    }),
    fromEnvironment(300),
  );
});

test('two choices of different nodes that stay possible come to one world in either order', () => {
  let diamonds = 0;
  assert(
    property(anyModel(), tapes(), (model, numbers) => {
      const system = systemOf({ ...model, isOneNode: false, time: 'untimed' });
      runSystem(system, {
        chooser: draws(numbers),
        onStep: (_, world) => {
          diamonds += checkDiamonds(system, world);
        },
        stepsMax: 20,
      });
    }),
    fromEnvironment(60),
  );
  expect(diamonds).toBeGreaterThan(100);
});

test('a system that never saw a world gives it the same hash', () => {
  assert(
    property(anyModel(), tapes(), (model, numbers) => {
      const run = runSystem(systemOf(model), { chooser: draws(numbers), stepsMax });
      expect(systemOf(model).hash(run.world)).toBe(run.hash);
      // The way that led to a world is no part of it.
      const ledger = { agenda: undefined, clock: 7, counts: {}, nextSeq: 9, steps: 5 };
      expect(systemOf(model).hash({ ...run.world, ledger })).toBe(run.hash);
    }),
    fromEnvironment(),
  );
});

/** Looks at every step of every run of every small system. */
function lookAlong(begin: (system: System) => (step: Step, world: World) => void): void {
  assert(
    property(anyModel(), tapes(), (model, numbers) => {
      const system = systemOf(model);
      runSystem(system, { chooser: draws(numbers), onStep: begin(system), stepsMax });
    }),
    fromEnvironment(),
  );
}

/** Steps at different nodes change different actors and put messages on different links. */
function checkDiamonds(system: System, world: World): number {
  const choices = system
    .choices(world)
    .filter(({ type }) => type === 'deliver' || type === 'fire' || type === 'input');
  let found = 0;
  for (const [index, one] of choices.entries()) {
    for (const two of choices.slice(index + 1)) {
      if (rootOf(one) === rootOf(two)) continue;
      const ways = [
        [one, two],
        [two, one],
      ].map(([first, second]) => {
        const middle = first && system.apply(world, first).world;
        const again = middle && system.choices(middle).find(({ name }) => name === second?.name);
        return middle && again && system.hash(system.apply(middle, again).world);
      });
      if (ways.includes(undefined)) continue;
      expect(ways[0]).toBe(ways[1]);
      found += 1;
    }
  }
  return found;
}

function rootOf(choice: ReturnType<System['choices']>[number]): string | undefined {
  const at = 'to' in choice ? choice.to : 'actor' in choice ? choice.actor : undefined;
  return at?.split('/')[0];
}

interface Parcel {
  readonly event: object;
  readonly from: string;
  readonly to: string;
}

function keyOf({ event, from, to }: Parcel): string {
  return `${from} > ${to}: ${JSON.stringify(event)}`;
}

function inFlight(world: World): readonly string[] {
  return valuesOf(world.links).flatMap(({ from, queue, to }) =>
    queue.flatMap(({ content }) =>
      content.type === 'event' ? [keyOf({ event: content.event, from, to })] : [],
    ),
  );
}

function ends(happened: readonly Happening[]): number {
  return happened.filter(({ type }) => type === 'stopped' || type === 'failed').length;
}

/** The path of the first object that is not frozen. */
function thawedIn(value: unknown, seen: Set<object>, path = 'world'): string | undefined {
  if (typeof value !== 'object' || value === null || seen.has(value)) return undefined;
  seen.add(value);
  if (!Object.isFrozen(value)) return path;
  for (const [key, member] of Object.entries(value)) {
    const found = thawedIn(member, seen, `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
