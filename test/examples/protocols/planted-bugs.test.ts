import { expect, test } from 'vitest';

import { plantedBugs } from '../../../examples/protocols/planted-bugs.ts';
import { explored } from './explored.ts';

test.each(plantedBugs)('$protocol that $bug breaks "$breaks"', ({ breaks, bug, definition }) => {
  // Depth first this one takes a fifth of the worlds; some others have no end in that direction.
  const order = bug === 'records-old-values' ? 'depth' : 'breadth';
  const [first] = explored(definition, definition.properties, order).violated;
  expect(first).toBe(breaks);
});

test('has two mistakes for each protocol, each with a name of its own', () => {
  for (const { protocol } of plantedBugs) {
    const bugs = plantedBugs.filter((one) => one.protocol === protocol).map(({ bug }) => bug);
    expect(new Set(bugs).size).toBe(bugs.length);
    expect(bugs.length).toBeGreaterThanOrEqual(2);
  }
});
