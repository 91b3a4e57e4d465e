import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { paxos } from '../../../examples/protocols/paxos.ts';
import { raft } from '../../../examples/protocols/raft.ts';
import { formatDigest } from '../../../src/core/digest.ts';
import { createContents } from '../../../src/explore/interned/contents.ts';
import { createPlace } from '../../../src/explore/interned/steps/place.ts';
import { defineSystem } from '../../../src/index.ts';
import { fromEnvironment } from '../../../src/testing/environment.ts';

const systems = [
  defineSystem({ ...paxos({ clients: 2 }), faults: { drop: 1, duplicate: 1 } }),
  defineSystem({ ...paxos({ clients: 2 }), time: 'timed' }),
  defineSystem(raft({ elections: [1, 1, 0], requests: [1, 0, 0] })),
];

test.each(systems)('worlds have the hash of their contents in every space: $name', (system) => {
  // One place has seen other worlds before, so that its numbers are others.
  const used = createPlace(system.mechanics);
  const hashOfUsed = createContents(used.space);
  const plays = fc.array(fc.nat({ max: 5 }), { maxLength: 30, minLength: 1 });
  const kernelOf = new Map<string, string>();
  fc.assert(
    fc.property(plays, (moves) => {
      const fresh = createPlace(system.mechanics);
      const hashOfFresh = createContents(fresh.space);
      used.reset();
      for (const move of moves) {
        const count = fresh.own() + fresh.inputs() + fresh.faults();
        if (count === 0) break;
        fresh.take(move % count);
        used.take(move % count);
        const hash = formatDigest(hashOfFresh(fresh.cells()));
        expect(formatDigest(hashOfUsed(used.cells()))).toBe(hash);
        const lanes = `${used.high()},${used.low()}`;
        expect(kernelOf.get(lanes) ?? hash).toBe(hash);
        kernelOf.set(lanes, hash);
      }
    }),
    fromEnvironment(20),
  );
  expect(new Set(kernelOf.values()).size).toBe(kernelOf.size);
});
