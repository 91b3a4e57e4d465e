import { expect, test } from 'vitest';

import { terminationDetection } from '../../../examples/protocols/termination-detection.ts';
import { explored } from './explored.ts';

test.each([
  { nodes: 2, gifts: 1, counts: [116, 237, 11] },
  { nodes: 2, gifts: 2, counts: [764, 2034, 16] },
  { nodes: 3, gifts: 1, counts: [71_800, 290_414, 24] },
])('$nodes nodes find out that all is over, and only then', ({ counts, ...options }) => {
  expect(explored(terminationDetection(options))).toEqual({ complete: true, counts, violated: [] });
});
