import { expect, test } from 'vitest';

import { paxos, paxosProperties } from '../../../examples/protocols/paxos.ts';
import { explored } from './explored.ts';

const properties = paxosProperties();

// The counts of Stateright 0.31; with three clients they are 1,194,428, 2,420,477 and 28.
test('three servers serve two clients as one register, by the published counts', () => {
  expect(explored(paxos({ clients: 2 }), properties)).toEqual({
    complete: true,
    counts: [16_668, 32_971, 21],
    violated: [],
  });
});

test.each(['forgets-promises', 'ignores-what-was-accepted'] as const)(
  'they do not when one %s',
  (bug) => {
    expect(explored(paxos({ bug, clients: 2 }), properties).violated).toEqual(['linearizable']);
  },
);
