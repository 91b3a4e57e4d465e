import { expect, test } from 'vitest';

import { checkout, checkoutMachine, worldsOf } from '../../../examples/promises/checkout.ts';
import { defineSystem, entriesOf, seconds } from '../../../src/index.ts';
import type { Duration, World } from '../../../src/index.ts';

interface Page {
  readonly context: { readonly charges: number; readonly tries: number };
  readonly value: string;
}

function pageIn(world: World): Page {
  return Object.fromEntries(entriesOf(world.actors))['page']?.local as unknown as Page;
}

function endsWith(patience: Duration): readonly string[] {
  const ends = worldsOf(defineSystem(checkout({ patience }))).filter(({ isEnd }) => isEnd);
  const words = ends.map(({ world }) => {
    const { context, value } = pageIn(world);
    return `${value}, charged ${context.charges} times`;
  });
  return [...new Set(words)].toSorted();
}

test('with its promise the machine is refused, and the error says what to put in its place', () => {
  const actors = [{ address: 'page', input: { patienceMs: 1 }, machine: checkoutMachine }];
  expect(() => defineSystem({ actors, name: 'checkout' })).toThrow(
    /Machine "checkout" \(actor "page", state "charging"\) runs "chargeCard".*outcomes/s,
  );
});

test('a page that waits for less than the slowest answer may charge a card twice', () => {
  expect(endsWith(seconds(5))).toEqual([
    'given-up, charged 2 times',
    'paid, charged 1 times',
    'paid, charged 2 times',
    'refused, charged 0 times',
    'refused, charged 1 times',
  ]);
});

test('a page that waits for longer charges it once at most, in every world', () => {
  const worlds = worldsOf(defineSystem(checkout({ patience: seconds(10) })));
  expect(worlds.map(({ world }) => pageIn(world).context.charges).filter((n) => n > 1)).toEqual([]);
  expect(endsWith(seconds(10))).toEqual(['paid, charged 1 times', 'refused, charged 0 times']);
});

test('waiting exactly as long is a race: the answer and the timer are due at one moment', () => {
  expect(endsWith(seconds(8))).toContain('paid, charged 1 times');
  expect(endsWith(seconds(8))).toContain('given-up, charged 2 times');
});
