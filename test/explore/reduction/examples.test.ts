import { expect, test } from 'vitest';

import { protocolScenarios } from '../../../src/app/cli/scenarios/protocols.ts';
import { reduce, search } from '../../../src/index.ts';
import type { Property, System } from '../../../src/index.ts';

/** Steps as far as each protocol is looked at, where it goes on for long: what few seconds allow. */
const stepsMax: Readonly<Record<string, number>> = {
  'dining-philosophers': 5,
  'linearizable-register': 8,
  paxos: 7,
  'reference-listing': 7,
  'ring-election': 9,
  'single-copy-register': 9,
  'termination-detection': 5,
};
const stepsMaxDefault = 6;

/** Smaller ones, which come to an end. */
const small = [
  { name: 'two-phase-commit', params: { repeats: false, rms: 2 } },
  { name: 'two-phase-commit', params: { repeats: false, rms: 3 } },
  { name: 'paxos', params: { clients: 1 } },
  { name: 'ricart-agrawala', params: { processes: 2 } },
  { name: 'last-writer-wins', params: { duplicates: 1, replicas: 2 } },
  { name: 'ring-election', params: {} },
  { name: 'raft', params: { elections: '1,1,0', requests: '0,0,0' } },
  { name: 'raft', params: { crashes: 1, elections: '1,0,0', requests: '0,0,0' } },
  { name: 'reference-listing', params: { users: 1 } },
];
const longEnough = 60;

function isDecided({ type }: Property): boolean {
  return type !== 'eventually' && type !== 'leadsTo' && type !== 'agreeAcross';
}

/** What is broken and what is reached within these steps, each property by itself. */
function verdicts(system: System, look: 'reduce' | 'search', depthMax: number): readonly unknown[] {
  return (system.definition.properties ?? []).filter(isDecided).map((property) => {
    const { reached, violations } =
      look === 'reduce'
        ? reduce(system, { depthMax, properties: [property] })
        : search(system, { depthMax: depthMax + 1, properties: [property] });
    return { name: property.name, reached, broken: violations.map(({ property: name }) => name) };
  });
}

test.each(Object.entries(protocolScenarios).map(([name, scenario]) => ({ name, scenario })))(
  'gives the verdicts of a search as deep: $name',
  ({ name, scenario }) => {
    const system = scenario.make(scenario.params);
    const depthMax = stepsMax[name] ?? stepsMaxDefault;
    const found = verdicts(system, 'search', depthMax);
    expect(found.length).toBeGreaterThan(0);
    expect(verdicts(system, 'reduce', depthMax)).toEqual(found);
  },
);

test.each(small)('gives the verdicts of a search of all: $name $params', ({ name, params }) => {
  const scenario = protocolScenarios[name];
  const system = scenario?.make({ ...scenario.params, ...params });
  if (system === undefined) throw new Error(`no ${name}`);
  const found = verdicts(system, 'search', longEnough);
  expect(found.length).toBeGreaterThan(0);
  expect(verdicts(system, 'reduce', longEnough)).toEqual(found);
  const { all = 0, interleavings, kind } = reduce(system);
  expect(kind).toBe('races');
  expect(interleavings).toBeLessThanOrEqual(all);
});

test('budgets, nodes and inputs leave out runs that only differ in the order of what is independent', () => {
  const raft = protocolScenarios['raft'];
  const params = { crashes: 1, elections: '1,0,0', requests: '0,0,0' };
  const { all = 0, interleavings } =
    raft === undefined ? { interleavings: 0 } : reduce(raft.make({ ...raft.params, ...params }));
  expect(interleavings).toBeGreaterThan(0);
  expect(all).toBeGreaterThan(3 * interleavings);
});
