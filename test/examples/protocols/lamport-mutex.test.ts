import { expect, test } from 'vitest';

import { lamportMutex, lamportMutexProperties } from '../../../examples/protocols/lamport-mutex.ts';
import { explored } from './explored.ts';

// By hand: three processes and clocks up to 6 give 724,274, 2,729,079 and 61, as the TLA+ examples.
test.each([
  { processes: 2, clockMax: 2, counts: [56, 118, 15] },
  { processes: 2, clockMax: 4, counts: [401, 787, 28] },
  { processes: 3, clockMax: 3, counts: [10_209, 41_533, 31] },
])('$processes processes exclude each other up to clock $clockMax', ({ counts, ...options }) => {
  expect(explored(lamportMutex(options), lamportMutexProperties(options))).toEqual({
    complete: true,
    counts,
    violated: [],
  });
});

test.each(['ignores-earlier-requests', 'does-not-wait-for-answers'] as const)(
  'two are in the critical section when each %s',
  (bug) => {
    const options = { bug, clockMax: 4, processes: 2 };
    expect(explored(lamportMutex(options), lamportMutexProperties(options)).violated).toEqual([
      'mutual exclusion',
    ]);
  },
);
