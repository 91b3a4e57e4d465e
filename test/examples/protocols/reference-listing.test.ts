import { expect, test } from 'vitest';

import { referenceListing } from '../../../examples/protocols/reference-listing.ts';
import { explored } from './explored.ts';

test.each([
  { users: 1, copies: 1, counts: [24, 40, 10] },
  { users: 1, copies: 3, counts: [232, 564, 16] },
  { users: 2, copies: 1, counts: [3392, 11_921, 24] },
])('the object stays while $users may refer to it, and no longer', ({ counts, ...options }) => {
  expect(explored(referenceListing(options))).toEqual({ complete: true, counts, violated: [] });
});
