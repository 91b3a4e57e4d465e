import { expect, test } from 'vitest';

import { ricartAgrawala } from '../../../examples/protocols/ricart-agrawala.ts';
import { explored } from './explored.ts';

test.each([
  { processes: 2, entries: 1, counts: [35, 47, 9] },
  { processes: 2, entries: 2, counts: [179, 259, 17] },
  { processes: 3, entries: 1, counts: [2879, 9071, 19] },
])('$processes processes enter one by one, and each', ({ counts, ...options }) => {
  expect(explored(ricartAgrawala(options))).toEqual({ complete: true, counts, violated: [] });
});
