import { expect, test } from 'vitest';

import {
  singleCopyRegister,
  singleCopyRegisterProperties,
} from '../../../examples/protocols/single-copy-register.ts';
import { explored } from './explored.ts';

const properties = singleCopyRegisterProperties();

// The counts of Stateright 0.31; with four clients they are 400,233, 731,789 and 17.
test.each([
  { clients: 2, counts: [93, 121, 9] },
  { clients: 3, counts: [4243, 6778, 13] },
])('one copy is linearizable for $clients clients, by the published counts', (one) => {
  expect(explored(singleCopyRegister(one), properties)).toEqual({
    complete: true,
    counts: one.counts,
    violated: [],
  });
});

test.each(['forgets-writes', 'two-copies'] as const)('a register that %s is not', (bug) => {
  expect(explored(singleCopyRegister({ bug, clients: 2 }), properties).violated).toEqual([
    'linearizable',
  ]);
});
