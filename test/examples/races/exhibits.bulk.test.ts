import { describe, expect, test } from 'vitest';

import { museum } from '../../../examples/races/museum.ts';
import { recordedOf } from '../../../src/app/cli/races/record.ts';
import { raceSystem } from '../../../src/app/cli/scenarios/races.ts';
import { search } from '../../../src/index.ts';

// The others, and those that are not measured yet, are looked at by `npm run evidence:races`.
const statesMax = 6_000;

const cheap = museum.filter((exhibit) => {
  const recorded = recordedOf(exhibit);
  return recorded !== undefined && recorded.states + recorded.fixed.states < statesMax;
});

describe.each(cheap.map((exhibit) => [exhibit.id, exhibit] as const))('%s', (_, exhibit) => {
  test('breaks its property, and holds everything without the bug', () => {
    const on = raceSystem(exhibit, true);
    const properties = on.definition.properties?.filter(({ name }) => name === exhibit.property);
    const broken = search(on, { properties: properties ?? [], statesMax });
    expect(broken.violations.map(({ property }) => property)).toEqual([exhibit.property]);
    const off = raceSystem(exhibit, false);
    const fixed = search(off, { properties: off.definition.properties ?? [], statesMax });
    expect(fixed.violations.map(({ property }) => property)).toEqual([]);
    expect(fixed.complete).toBe(true);
  });
});
