import { expect, test } from 'vitest';

import { protocolScenarios } from '../../../src/app/cli/scenarios/protocols.ts';
import { reduce, search } from '../../../src/index.ts';
import type { Property, System } from '../../../src/index.ts';

/** Steps as far as each protocol is looked at. */
const stepsMax = 4;

function isDecided({ type }: Property): boolean {
  return type !== 'eventually' && type !== 'leadsTo' && type !== 'agreeAcross';
}

/** What is broken and what is reached within these steps, each property by itself. */
function verdicts(system: System, look: 'reduce' | 'search'): readonly unknown[] {
  return (system.definition.properties ?? []).filter(isDecided).map((property) => {
    const { reached, violations } =
      look === 'reduce'
        ? reduce(system, { depthMax: stepsMax, properties: [property] })
        : search(system, { depthMax: stepsMax + 1, properties: [property] });
    return { name: property.name, reached, broken: violations.map(({ property: name }) => name) };
  });
}

test.each(Object.entries(protocolScenarios).map(([name, scenario]) => ({ name, scenario })))(
  'gives the verdicts of a search as deep: $name',
  ({ scenario }) => {
    const system = scenario.make(scenario.params);
    const found = verdicts(system, 'search');
    expect(found.length).toBeGreaterThan(0);
    expect(verdicts(system, 'reduce')).toEqual(found);
  },
);
