import { expect, test } from 'vitest';
import { assign, sendTo, setup } from 'xstate';

import { begin, endOf, take } from '../../../src/app/walk/course.ts';
import type { Course } from '../../../src/app/walk/course.ts';
import { fatesOf } from '../../../src/app/walk/fate/fates.ts';
import type { Fates } from '../../../src/app/walk/fate/fates.ts';
import { nearestPassing } from '../../../src/app/walk/fate/nearest-passing.ts';
import { sideBySide } from '../../../src/app/walk/fate/side-by-side.ts';
import { always, atQuiescence, defineSystem, eventually } from '../../../src/index.ts';
import type { System } from '../../../src/index.ts';
import { last } from './last.ts';

const sender = setup({
  types: { input: {} as { readonly says: string }, context: {} as { readonly says: string } },
}).createMachine({
  context: ({ input }) => ({ says: input.says }),
  entry: sendTo(
    ({ system }) => system.get('board'),
    ({ context }) => ({ type: 'said', word: context.says }),
  ),
});

const board = setup({
  types: {
    context: {} as { readonly word: string },
    events: {} as { readonly type: 'said'; readonly word: string },
  },
}).createMachine({
  context: { word: '' },
  on: { said: { actions: assign({ word: ({ event }) => event.word }) } },
});

/** Each of some words is written on one board: the last one stays. */
function words(...said: readonly string[]): System {
  return defineSystem({
    actors: [
      { address: 'board', machine: board },
      ...said.map((says, index) => ({ address: `s${index}`, input: { says }, machine: sender })),
    ],
    name: 'words',
  });
}

const word = (view: Parameters<Parameters<typeof always>[1]>[0]) =>
  view.actor('board')?.context['word'];

/** The run in which the words come in that order. */
function inOrder(system: System, ...order: readonly string[]): Course {
  let course = begin(system);
  for (const says of order) {
    const choices = system.choices(course.worlds.at(-1) ?? system.start().world);
    const found = choices.find((one) => 'event' in one && one.event['word'] === says);
    if (found === undefined) throw new Error(`nobody says ${says}`);
    course = take(course, endOf(course), found);
  }
  return course;
}

const shares = (fates: Fates | undefined) => fates?.points.map(({ share }) => share);

test('counts the share of continuations that fail, and from where on all do', () => {
  const system = words('a', 'b', 'c');
  const ends = atQuiescence('not a', (view) => word(view) !== 'a');
  const fates = last(fatesOf(inOrder(system, 'b', 'c', 'a'), ends));
  // One in three ends with it; after b one in two, then it is all that is left.
  expect(shares(fates)).toEqual([1 / 3, 1 / 2, 1, 1].map((share) => expect.closeTo(share, 8)));
  expect(fates).toMatchObject({ inevitableFrom: 2 });
  expect(fates?.points.every(({ drawn }) => drawn === undefined)).toBe(true);
});

test('a property of each world is broken at its step, and not later', () => {
  const system = words('a', 'b');
  const never = always('never a', (view) => word(view) !== 'a');
  const fates = last(fatesOf(inOrder(system, 'b', 'a'), never));
  expect(shares(fates)).toEqual([1, 1, 1]);
  expect(fates?.inevitableFrom).toBe(0);
  expect(last(nearestPassing(inOrder(system, 'b', 'a'), never))).toBeUndefined();
});

test('what never comes is owed until the end', () => {
  const comes = eventually('both', (view) => word(view) === 'b');
  const system = words('a', 'b');
  expect(last(fatesOf(inOrder(system, 'b', 'a'), comes))).toBeUndefined();
  const never = eventually('c', (view) => word(view) === 'c');
  expect(last(fatesOf(inOrder(system, 'b', 'a'), never))?.inevitableFrom).toBe(0);
});

test('a run that keeps the property, or one that goes on, has no fate', () => {
  const ends = atQuiescence('not a', (view) => word(view) !== 'a');
  expect(last(fatesOf(inOrder(words('a', 'b'), 'a', 'b'), ends))).toBeUndefined();
  expect(last(fatesOf(inOrder(words('a', 'b'), 'a'), ends))).toBeUndefined();
});

test('drawn shares are near the counted ones, and never call inevitable what is not', () => {
  const system = words('a', 'b', 'c', 'd');
  const ends = atQuiescence('not a', (view) => word(view) !== 'a');
  const course = inOrder(system, 'b', 'c', 'd', 'a');
  const counted = last(fatesOf(course, ends));
  const drawn = last(fatesOf(course, ends, { walks: 400, worldsMax: 0 }));
  expect(counted?.worlds).toBeGreaterThan(0);
  expect(drawn?.worlds).toBe(0);
  for (const [index, { share }] of (counted?.points ?? []).entries()) {
    expect(Math.abs((drawn?.points[index]?.share ?? -1) - share)).toBeLessThan(0.1);
  }
  expect(drawn?.inevitableFrom).toBe(counted?.inevitableFrom);
  const few = last(fatesOf(course, ends, { pointsMax: 1, walks: 60, worldsMax: 0 }));
  expect(few?.inevitableFrom).toBe(counted?.inevitableFrom);
  const cut = last(fatesOf(course, ends, { walkStepsMax: 0, worldsMax: 0 }));
  expect(cut?.points[0]).toMatchObject({ drawn: { cut: 50, of: 50 }, share: 0 });
});

test('the nearest passing run parts as late as it can, and the differences are marked', () => {
  const system = words('a', 'b', 'c');
  const ends = atQuiescence('not a', (view) => word(view) !== 'a');
  const failing = inOrder(system, 'c', 'b', 'a');
  const passing = last(nearestPassing(failing, ends));
  expect(passing).toMatchObject({ isDecided: true, sharedTo: 1 });
  if (passing === undefined) return;
  expect(sideBySide(failing, passing.course, passing.sharedTo)).toEqual([
    { elsewhere: 3, failing: 2 },
    { failing: 3, passing: 2 },
    { elsewhere: 2, passing: 3 },
  ]);
});
