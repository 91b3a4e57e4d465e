import { expect, test } from 'vitest';

import { ringElection, ringElectionProperties } from '../../../examples/protocols/ring-election.ts';
import { explored } from './explored.ts';

test('three nodes elect the smallest that stands, by the published counts', () => {
  const stands = [[], [1], [2], [3], [1, 2], [1, 3], [2, 3], [1, 2, 3]];
  const all = stands.map((initiators) => {
    const options = { initiators, nodes: 3 };
    return explored(ringElection(options), ringElectionProperties(options));
  });
  expect(all.every(({ complete, violated }) => complete && violated.length === 0)).toBe(true);
  // TLC gives 137, 227 and 10 for the module of the TLA+ examples, which chooses who stands.
  const sum = (which: 0 | 1): number => all.reduce((total, { counts }) => total + counts[which], 0);
  expect([sum(0), sum(1), Math.max(...all.map(({ counts }) => counts[2]))]).toEqual([137, 227, 10]);
});

test('five nodes that all stand elect the first', () => {
  const options = { nodes: 5 };
  const { complete, violated } = explored(ringElection(options), ringElectionProperties(options));
  expect({ complete, violated }).toEqual({ complete: true, violated: [] });
});

test.each(['forwards-larger-numbers', 'does-not-give-up'] as const)(
  'another one may win when a node %s',
  (bug) => {
    const options = { bug, nodes: 3 };
    expect(explored(ringElection(options), ringElectionProperties(options)).violated).toEqual([
      'only the smallest wins',
    ]);
  },
);
