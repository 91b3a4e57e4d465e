import { connectionPool } from '../systems/connection-pool.ts';
import type { Exhibit } from './exhibit.ts';

export const exhibit: Exhibit = {
  id: 'pool-counts-after-the-hook',
  title: "a user's function throws, and its connection is never given back",
  of: 'any pool',
  component: 'pool',
  isLive: false,
  when: 'a pattern',
  variant: 'what throws in the function is passed on before the connection is counted off',
  links: ['https://github.com/pytorch/pytorch/pull/45783'],
  happens:
    "A pool lends a connection for the time of a user's function and counts it off " +
    'afterwards. The function throws, and the counting is skipped: ' +
    '`throwing-callback-skips-bookkeeping` without PyTorch.',
  fix: 'Count on every way out: a guard, `finally`, a destructor.',
  property: 'counted is what is lent',
  system: (isOn) => connectionPool(isOn ? { bug: 'counts-after-the-hook' } : {}),
  meanings: {
    'connection.wanted': 'a connection is wanted',
  },
};
