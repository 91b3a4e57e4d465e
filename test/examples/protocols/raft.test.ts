import { expect, test } from 'vitest';

import { figure8, raft } from '../../../examples/protocols/raft.ts';
import { explored } from './explored.ts';

test.each([
  { what: 'one candidate', elections: [1, 0, 0], requests: [1, 0, 0], counts: [517, 1506, 14] },
  {
    what: 'two candidates',
    elections: [1, 1, 0],
    requests: [1, 0, 0],
    counts: [28_016, 66_215, 22],
  },
])('three servers with $what keep what Raft promises', ({ counts, elections, requests }) => {
  expect(explored(raft({ elections, requests }))).toEqual({ complete: true, counts, violated: [] });
});

test('a message that arrives twice changes nothing', () => {
  const definition = raft({ duplicates: 1, elections: [1, 0, 0], requests: [1, 0, 0] });
  expect(explored(definition)).toMatchObject({ complete: true, violated: [] });
});

test('a crash loses nothing that was committed', () => {
  const definition = raft({ crashes: 1, elections: [1, 0, 0], requests: [1, 0, 0] });
  expect(explored(definition)).toMatchObject({ complete: true, violated: [] });
});

test('a leader commits what is older only with what is its own', () => {
  const definition = raft({ begin: figure8, elections: [1, 1, 0], requests: [1, 0, 0] });
  expect(explored(definition)).toMatchObject({ complete: true, violated: [] });
});
