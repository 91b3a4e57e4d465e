import { expect, test } from 'vitest';

import { formatDuration, ms, seconds, us, zero } from '../../src/core/duration.ts';

test('durations are whole microseconds', () => {
  expect([us(1), ms(1), seconds(1), ms(0.5), ms(0.000_4), zero]).toEqual([
    1, 1_000, 1_000_000, 500, 0, 0,
  ]);
});

test.each([-1, Number.NaN, Infinity, 2 ** 53])('%d microseconds are none', (count) => {
  expect(() => us(count)).toThrow(expect.objectContaining({ code: 'core/bad-duration' }));
});

test('people read the largest unit', () => {
  expect([us(250), ms(5), ms(1_500)].map(formatDuration)).toEqual(['250 us', '5 ms', '1.5 s']);
});
