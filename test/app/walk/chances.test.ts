import { array, assert, boolean, constantFrom, nat, property, record } from 'fast-check';
import { expect, test } from 'vitest';

import { chancesOf } from '../../../src/app/walk/fate/chances.ts';
import type { Place } from '../../../src/app/walk/fate/chances.ts';

const fails: Place = { ends: ['fails'], isOwing: false, next: [] };
const passes: Place = { ends: ['passes'], isOwing: false, next: [] };
const to = (...next: readonly number[]): Place => ({ ends: [], isOwing: false, next });

test('halves at each fork', () => {
  expect(chancesOf([to(1, 2), to(3, 4), fails, fails, passes])).toEqual(
    Float64Array.of(0.75, 0.5, 1, 1, 0),
  );
});

test('a gambler with 3 of 8 coins goes broke 5 times in 8', () => {
  const between = Array.from({ length: 7 }, (_, coins) => to(coins, coins + 2));
  const chances = chancesOf([fails, ...between, passes]);
  expect(chances?.[3]).toBeCloseTo(5 / 8, 8);
});

test('to go round for ever fails only where something is owed all the way', () => {
  const owing = { ...to(1), isOwing: true };
  expect(chancesOf([to(1, 2), to(1), fails])).toEqual(Float64Array.of(0.5, 0, 1));
  expect(chancesOf([to(1, 2), owing, passes])).toEqual(Float64Array.of(0.5, 1, 0));
  expect(
    chancesOf([
      { ...owing, next: [1] },
      { ...to(0), isOwing: false },
    ]),
  ).toEqual(Float64Array.of(0, 0));
});

test('what leaves a circle in the end is certain, however late', () => {
  expect(chancesOf([to(1), to(0, 1, 2), fails])).toEqual(Float64Array.of(1, 1, 1));
});

const graphs = array(
  record({
    end: constantFrom('fails' as const, 'passes' as const),
    isEnd: boolean(),
    isOwing: boolean(),
    next: array(nat({ max: 7 }), { maxLength: 3, minLength: 1 }),
  }),
  { maxLength: 8, minLength: 8 },
);

test('each chance is the mean of those it leads to, and certain only where nothing else can come', () => {
  assert(
    property(graphs, (drawn) => {
      const places = drawn.map(({ end, isEnd, isOwing, next }): Place =>
        isEnd ? { ends: [end], isOwing, next: [] } : { ends: [], isOwing, next },
      );
      const chances = chancesOf(places);
      for (const [at, place] of places.entries()) {
        const chance = chances?.[at] ?? -1;
        const around = [
          ...place.next.map((next) => chances?.[next] ?? -1),
          ...place.ends.map((end) => (end === 'fails' ? 1 : 0)),
        ];
        expect(chance).toBeCloseTo(around.reduce((sum, one) => sum + one, 0) / around.length, 6);
        expect(chance === 1).toBe(around.every((one) => one === 1));
        expect(chance === 0).toBe(around.every((one) => one === 0));
      }
    }),
  );
});
