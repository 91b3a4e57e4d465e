import { expect, test } from 'vitest';

import {
  diningPhilosophers,
  diningPhilosophersProperties,
} from '../../../examples/protocols/dining-philosophers.ts';
import type { DiningPhilosophersBug } from '../../../examples/protocols/dining-philosophers.ts';
import { explored } from './explored.ts';

// The counts that TLC gives for the module of the TLA+ examples.
test('five philosophers eat in turn, by the published counts', () => {
  const options = { philosophers: 5 };
  expect(explored(diningPhilosophers(options), diningPhilosophersProperties(options))).toEqual({
    complete: true,
    counts: [67, 336, 29],
    violated: [],
  });
});

test('neighbours eat at once when one fork is enough', () => {
  expect(violatedBy('eats-with-one-fork')).toEqual(['neighbours do not eat at once']);
});

test('neighbours eat at once when a clean fork need not be in hand', () => {
  expect(violatedBy('takes-what-is-clean')).toEqual(['neighbours do not eat at once']);
});

function violatedBy(bug: DiningPhilosophersBug): readonly string[] {
  const options = { bug, philosophers: 5 };
  return explored(diningPhilosophers(options), diningPhilosophersProperties(options)).violated;
}
