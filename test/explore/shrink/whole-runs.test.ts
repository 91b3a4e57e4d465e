import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { defined } from '../../../src/core/defined.ts';
import { whyKept } from '../../../src/explore/liveness/broken-run.ts';
import { dullestFirst, isSmaller } from '../../../src/explore/shrink/course.ts';
import { viewOfWorld } from '../../../src/explore/view-of-world.ts';
import {
  agree,
  defineSystem,
  eventually,
  leadsTo,
  randomWalk,
  runSystem,
  search,
  shrink,
} from '../../../src/index.ts';
import type { Predicate, Property, Run, System, View, Violation } from '../../../src/index.ts';
import { fromEnvironment } from '../../../src/testing/index.ts';
import { anyModel, systemOf } from '../../laws/models.ts';
import { always, count, does, play, send } from '../interned/play.ts';

const isIn =
  (actor: string, state: string): Predicate =>
  (view: View) =>
    view.actor(actor)?.value === state;

/** `a` and `b` throw a ball for ever; the audience may clap, which changes nothing for them. */
const game = defineSystem(
  play(
    'game',
    {
      a: always({ x: does(send('b', 'x')) }, [send('b', 'x')]),
      b: always({ x: does(send('a', 'x')) }),
      c: always({ clap: does(count) }),
    },
    { told: { c: { clap: 2 } } },
  ),
);
const ends = eventually('it ends', isIn('a', 'nowhere'));

test('a run that goes round loses what leads nowhere, and goes round in the same worlds', () => {
  const first = violationOf(game, ends);
  const shrunk = shrink(game, { ...first, property: ends });
  expect(shrunk.loop).toEqual({ from: 1 });
  expect(shrunk.run.steps).toHaveLength(3);
  expectRound(game, shrunk.run, shrunk.loop?.from ?? 0);
  // A long way to the same round.
  const input = { at: 'end', take: 'input:c:clap#0' };
  const long = runSystem(game, {
    chooser: (options) =>
      Math.max(
        0,
        options.findIndex((one) => one?.type === 'input'),
      ),
    stepsMax: 8,
  });
  expect(long.tape.length).toBeGreaterThan([input].length);
  const detour = shrink(game, { loop: { from: 7 }, property: ends, run: long });
  expect(detour.from.steps).toBeGreaterThan(detour.size.steps - 1);
  expectRound(game, detour.run, detour.loop?.from ?? 0);
});

test('whatever never comes still never comes, in no larger a run', () => {
  let rests = 0;
  fc.assert(
    fc.property(anyModel(), fc.constantFrom('s1', 's2'), fc.boolean(), (model, state, leads) => {
      const system = systemOf(model);
      const comes = isIn('m1', state);
      const property = leads
        ? leadsTo('answered', { from: isIn('m0', 's1'), to: comes })
        : eventually('comes', comes);
      const found = search(system, { order: 'depth', properties: [property], statesMax: 2_000 });
      const [violation] = found.violations;
      if (violation?.run === undefined) return;
      rests += 1;
      // These machines fall silent some day, so none of their runs goes round.
      const { run } = violation;
      const shrunk = shrink(system, { property, run });
      expect(isSmaller(shrunk.from, shrunk.size, dullestFirst)).toBe(false);
      expect(waitsAtEnd(system, shrunk.run, property)).toBe(true);
      expect(system.dullest(shrunk.run.world)).toBeUndefined();
    }),
    fromEnvironment(60),
  );
  expect(rests).toBeGreaterThan(5);
});

test('a turn loses what it does not need', () => {
  const system = defineSystem(
    play(
      'match',
      {
        a: always({ x: does(send('b', 'x')) }, [send('b', 'x')]),
        b: always({ x: does(send('a', 'x')) }),
        d: { states: { loud: { clap: { target: 'quiet' } }, quiet: { clap: { target: 'loud' } } } },
      },
      { told: { d: { clap: 0 } } },
    ),
  );
  // Twice round, with applause that comes back to where it was.
  let turn = 0;
  const run = runSystem(system, {
    chooser: (options) => {
      turn += 1;
      return turn === 2 || turn === 5 ? options.length - 1 : 0;
    },
    stepsMax: 6,
  });
  const property = eventually('it ends', isIn('a', 'nowhere'));
  const shrunk = shrink(system, { loop: { from: 1 }, property, run });
  expect(shrunk.from).toMatchObject({ departures: 2, steps: 6 });
  expect(shrunk.size).toMatchObject({ departures: 0, steps: 2 });
  expectRound(system, shrunk.run, 1);
});

/** Some balls that some players throw round for ever, and an audience that claps now and then. */
const anyGame = fc
  .record({ balls: fc.nat({ max: 2 }), claps: fc.nat({ max: 3 }), players: fc.nat({ max: 2 }) })
  .map(({ balls, claps, players }) => {
    const names = ['a', 'b', 'c'].slice(0, players + 1);
    const parts = names.map((name, place) => {
      const to = names[(place + 1) % names.length] ?? name;
      const first = Array.from({ length: place === 0 ? balls + 1 : 0 }, () => send(to, 'x'));
      return [name, always({ x: does(send(to, 'x')) }, first)];
    });
    const audience = {
      states: { loud: { clap: { target: 'quiet' } }, quiet: { clap: { target: 'loud' } } },
    };
    return defineSystem(
      play('game', { ...Object.fromEntries(parts), d: audience }, { told: { d: { clap: claps } } }),
    );
  });

test('whatever goes round still does, and waits all the while', () => {
  let [fair, smaller] = [0, 0];
  fc.assert(
    fc.property(anyGame, fc.nat({ max: 1_000 }), fc.boolean(), (system, seed, leads) => {
      const comes = isIn('a', 'nowhere');
      const property = leads
        ? leadsTo('answered', { from: isIn('d', 'loud'), to: comes })
        : eventually('comes', comes);
      const found = roundIn(system, seed);
      const shrunk = shrink(system, { ...found, property });
      if (shrunk.run.steps.length < found.run.steps.length) smaller += 1;
      expect(isSmaller(shrunk.from, shrunk.size, dullestFirst)).toBe(false);
      expect(waitsAtEnd(system, shrunk.run, property)).toBe(true);
      expect(shrunk.size.departures).toBeLessThanOrEqual(shrunk.from.departures);
      expect(shrunk.size.faults).toBeLessThanOrEqual(shrunk.from.faults);
      expectRound(system, shrunk.run, shrunk.loop?.from ?? 0);
      if (whyKept(system, property, found) !== undefined) return;
      fair += 1;
      expect(whyKept(system, property, shrunk)).toBeUndefined();
      const again = shrink(system, {
        ...defined({ loop: shrunk.loop }),
        property,
        run: shrunk.run,
      });
      expect(again.size).toEqual(shrunk.size);
    }),
    fromEnvironment(60),
  );
  expect(fair).toBeGreaterThan(2);
  expect(smaller).toBeGreaterThan(5);
});

/** A random run that ends where it comes back to a world. */
function roundIn(system: System, seed: number): Pick<Violation, 'loop'> & { readonly run: Run } {
  const hashes: string[] = [];
  const run = runSystem(system, {
    chooser: randomWalk(seed),
    until: (world) => {
      const hash = system.hash(world);
      const isBack = hashes.includes(hash);
      hashes.push(hash);
      return isBack;
    },
  });
  return { loop: { from: hashes.indexOf(hashes.at(-1) ?? '') + 1 }, run };
}

const observe = (view: View): unknown => view.actor('m0')?.value;

test('of two runs that must agree each is shrunk to its own end', () => {
  let seen = 0;
  fc.assert(
    fc.property(anyModel(), (model) => {
      const system = systemOf(model);
      const property = agree('one end', observe);
      const [violation] = search(system, {
        order: 'depth',
        properties: [property],
        statesMax: 500,
      }).violations;
      if (violation?.run === undefined || violation.other === undefined) return;
      seen += 1;
      const [one, other] = [violation.run, violation.other.run].map((run) => {
        const small = shrink(system, { property, run });
        expect(isSmaller(small.from, small.size, dullestFirst)).toBe(false);
        return observe(viewOfWorld(system.mechanics.rules, small.run.world));
      });
      expect(one).not.toEqual(other);
    }),
    fromEnvironment(30),
  );
  expect(seen).toBeGreaterThan(5);
});

function violationOf(system: System, property: Property): Violation & { readonly run: Run } {
  const [violation] = search(system, { properties: [property] }).violations;
  if (violation?.run === undefined) throw new Error(`Nothing breaks "${property.name}".`);
  return { ...violation, run: violation.run };
}

/** The run comes back to the world before the step `from`. */
function expectRound(system: System, run: Run, from: number): void {
  const hashes: string[] = [];
  runSystem(system, {
    onStep: (_, world) => {
      hashes.push(system.hash(world));
    },
    stepsMax: run.steps.length - 1,
    tape: run.tape,
  });
  expect(hashes.length).toBe(run.steps.length);
  expect(hashes[from - 1]).toBe(hashes.at(-1));
}

function waitsAtEnd(system: System, run: Run, property: Property): boolean {
  let waits = property.type === 'eventually';
  runSystem(system, {
    onStep: (_, world) => {
      const view = viewOfWorld(system.mechanics.rules, world);
      if (property.type === 'eventually') waits &&= !property.holds(view);
      if (property.type === 'leadsTo') waits = (waits || property.from(view)) && !property.to(view);
    },
    stepsMax: run.steps.length - 1,
    tape: run.tape,
  });
  return waits;
}
