import { expect, test } from 'vitest';

import { firstDifference } from '../../src/app/cli/conform/agreement.ts';

const outcome = {
  id: 'p1',
  forward: { r0: [1.5, -2] },
  gradients: { l0: [100, 0.000001] },
  error: { type: 'RuntimeError', message: 'requires_grad not set on root' },
  contexts_during: [true, true],
};

test('agrees with itself, whatever the order of keys', () => {
  const { error, forward, gradients, ...rest } = outcome;
  expect(firstDifference({ gradients, ...rest, error, forward }, outcome)).toBeUndefined();
});

test.each([
  [100.009, undefined],
  [100.011, 'gradients.l0.0 is 100.011, expected 100'],
  [Number.NaN, 'gradients.l0.0 is null, expected 100'],
  ['100', 'gradients.l0.0 is "100", expected 100'],
])('holds %s against 100', (number, difference) => {
  const found = { ...outcome, gradients: { l0: [number, 0.000001] } };
  expect(firstDifference(found, outcome)).toBe(difference);
});

test('lets what is near zero differ by the rounding of 6 digits, and no more', () => {
  expect(firstDifference([0.000001], [-0.000001])).toBeUndefined();
  expect(firstDifference([0.000004], [0.000001])).toBe('0 is 0.000004, expected 0.000001');
  expect(firstDifference([0], [-0])).toBeUndefined();
});

test.each([
  [{ ...outcome, gradients: {} }, 'gradients.l0 is absent, expected [100,0.000001]'],
  [
    { ...outcome, gradients: { ...outcome.gradients, l1: [1] } },
    'gradients.l1 is [1], expected absent',
  ],
  [{ ...outcome, forward: { r0: [1.5] } }, 'forward.r0 is [1.5], expected [1.5,-2]'],
  [{ ...outcome, contexts_during: [true, false] }, 'contexts_during.1 is false, expected true'],
  [
    { ...outcome, error: { ...outcome.error, type: 'ValueError' } },
    'error.type is "ValueError", expected "RuntimeError"',
  ],
  [
    { ...outcome, error: null },
    'error is null, expected {"type":"RuntimeError","message":"requires_grad not set on root"}',
  ],
])('names the first place that differs', (found, difference) => {
  expect(firstDifference(found, outcome)).toBe(difference);
});
