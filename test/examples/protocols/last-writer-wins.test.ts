import { expect, test } from 'vitest';

import { lastWriterWins } from '../../../examples/protocols/last-writer-wins.ts';
import { explored } from './explored.ts';

test.each([
  { replicas: 2, writes: 1, duplicates: 0, counts: [13, 15, 5] },
  { replicas: 2, writes: 2, duplicates: 1, counts: [620, 1567, 11] },
  { replicas: 3, writes: 1, duplicates: 1, counts: [2888, 9544, 12] },
])('$replicas replicas come to agree, told twice or not', ({ counts, ...options }) => {
  expect(explored(lastWriterWins(options))).toEqual({ complete: true, counts, violated: [] });
});
