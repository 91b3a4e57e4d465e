import { expect, test } from 'vitest';

import { stage } from '../../../src/app/cli/scenario.ts';
import type { Params } from '../../../src/app/cli/scenario.ts';
import { protocolScenarios } from '../../../src/app/cli/scenarios/protocols.ts';
import { search } from '../../../src/index.ts';
import { cli } from '../cli.ts';

// Published by Stateright and in the TLA+ examples, but for the last one.
test.each([
  { name: 'two-phase-commit', given: {}, counts: [288, 1146, 11] },
  { name: 'two-phase-commit', given: { rms: 5 }, counts: [8832, 58_146, 17] },
  { name: 'paxos', given: {}, counts: [16_668, 32_971, 21] },
  { name: 'single-copy-register', given: {}, counts: [93, 121, 9] },
  { name: 'single-copy-register', given: { clients: 3 }, counts: [4243, 6778, 13] },
  { name: 'linearizable-register', given: {}, counts: [544, 875, 25] },
  { name: 'dining-philosophers', given: {}, counts: [67, 336, 29] },
  { name: 'lamport-mutex', given: { clockMax: 4, processes: 2 }, counts: [401, 787, 28] },
])('$name of the command line has the published counts with $given', ({ counts, given, name }) => {
  expect(countsOf(name, given)).toEqual({ complete: true, counts, violated: [] });
});

// TLC's 137 worlds, 227 steps and depth of 10 are for all eight ways in which three nodes may stand.
test('ring-election of the command line has the published counts in sum', () => {
  const all = ['none', '1', '2', '3', '1,2', '1,3', '2,3', 'all'].map(
    (initiators) => countsOf('ring-election', { initiators }).counts,
  );
  expect(all.reduce((sum, [states = 0]) => sum + states, 0)).toBe(137);
  expect(all.reduce((sum, [, transitions = 0]) => sum + transitions, 0)).toBe(227);
  expect(Math.max(...all.map(([, , depth = 0]) => depth))).toBe(10);
});

test.each(Object.keys(protocolScenarios))('%s says which mistakes it knows', async (name) => {
  const { code, err } = await cli('run', name, '--param', 'bug=unheard-of');
  expect(code).toBe(2);
  expect(err).toMatch(/Give one of none(, [a-z-]+){2,}\./);
});

test.each(['0', '1,4', '', 'some', '1,,2'])(
  'refuses "%s" as those who stand',
  async (initiators) => {
    const { code, err } = await cli('run', 'ring-election', '--param', `initiators=${initiators}`);
    expect(code).toBe(2);
    expect(err).toContain('Give all, none, or numbers from 1 to 3');
  },
);

function countsOf(name: string, given: Params) {
  const scenario = protocolScenarios[name];
  if (scenario === undefined) throw new Error(name);
  const { system } = stage(name, scenario, given);
  const { properties = [] } = system.definition;
  const { complete, depth, states, transitions, violations } = search(system, { properties });
  return {
    complete,
    counts: [states, transitions, depth],
    violated: violations.map(({ property }) => property),
  };
}
