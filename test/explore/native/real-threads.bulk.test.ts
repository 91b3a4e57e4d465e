/** Searches by real threads, with so little room that all is laid anew over and over. */
import { expect, test } from 'vitest';

import { linearizableRegister } from '../../../examples/protocols/linearizable-register.ts';
import { paxos } from '../../../examples/protocols/paxos.ts';
import { twoPhaseCommit } from '../../../examples/protocols/two-phase-commit.ts';
import { withCrew } from '../../../src/app/cli/search-crew.ts';
import type { Crew } from '../../../src/explore/native/crew.ts';
import { halted, status } from '../../../src/explore/native/fields.ts';
import { ownAt } from '../../../src/explore/native/hands.ts';
import { defineSystem, search } from '../../../src/index.ts';
import type { SearchResult, SystemDefinition } from '../../../src/index.ts';

const searches: readonly (readonly [string, number, SystemDefinition])[] = [
  ['two-phase commit', 1, twoPhaseCommit({ repeats: true, rms: 6 })],
  ['two-phase commit', 2, twoPhaseCommit({ repeats: true, rms: 5 })],
  ['paxos', 1, paxos({ clients: 2 })],
  ['linearizable register', 1, linearizableRegister({ clients: 3, servers: 2 })],
];

/** Waits until all who help are there. */
function untilReady({ ground: { memory }, helpers }: Crew): void {
  const words = new Int32Array(memory.buffer);
  for (let helper = 1; helper <= helpers; helper += 1) {
    const at = ownAt(helper) + status;
    while (Atomics.load(words, at) !== halted) Atomics.wait(words, at, 0, 5);
  }
}

function searched(definition: SystemDefinition, crew?: Crew): SearchResult {
  const { properties = [] } = definition;
  return search(defineSystem(definition), { crew, properties });
}

test.each(searches)('%s: %i threads that help change no count', async (_, helpers, definition) => {
  const { depth, reached, states, transitions } = searched(definition);
  const found = await withCrew(helpers, (crew) => {
    if (crew === undefined) return undefined;
    untilReady(crew);
    return searched(definition, { ...crew, capacity: 16, room: 1, staged: 64, stride: 16 });
  });
  expect(found).toMatchObject({ complete: true, depth, reached, states, transitions });
});
