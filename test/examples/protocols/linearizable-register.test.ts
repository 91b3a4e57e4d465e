import { expect, test } from 'vitest';

import {
  linearizableRegister,
  linearizableRegisterProperties,
} from '../../../examples/protocols/linearizable-register.ts';
import { explored } from './explored.ts';

const properties = linearizableRegisterProperties();

// Stateright 0.31 counts 544 worlds; with three servers and FIFO links 1,212,979, 4,730,934 and 41.
test('two servers serve two clients as one register, by the published count', () => {
  expect(explored(linearizableRegister({ clients: 2, servers: 2 }), properties)).toEqual({
    complete: true,
    counts: [544, 875, 25],
    violated: [],
  });
});

test('they do not when each of them asks only itself', () => {
  const definition = linearizableRegister({ bug: 'asks-no-majority', clients: 2, servers: 2 });
  expect(explored(definition, properties).violated).toEqual(['linearizable']);
});

test('three do not when each of them records whatever it is told', () => {
  const definition = linearizableRegister({
    bug: 'records-old-values',
    clients: 2,
    links: 'fifo',
    servers: 3,
  });
  // Breadth first it takes five times as many worlds.
  expect(explored(definition, properties, 'depth').violated).toEqual(['linearizable']);
});
