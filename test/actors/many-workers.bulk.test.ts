import { expect, test } from 'vitest';

import { cluster, globals, rpc } from '../../actors/index.ts';
import { workersOf } from '../../actors/view.ts';
import { load } from '../../bench/many-workers.ts';
import { defineFunctions, defineSystem, sizeOf } from '../../src/index.ts';

const library = { orrery: { defineFunctions, defineSystem }, rpc: { cluster, globals, rpc } };
const size = { references: 60, workers: 6 };

test('the clusters that are measured hold all their references, and stay as large as they are', () => {
  const loaded = load(library, size);
  for (let turn = 0; turn < 3; turn += 1) {
    loaded.deliver(100);
    const workers = workersOf(loaded.world());
    const owned = workers.map(({ rrefs }) => sizeOf(rrefs.owners));
    const copies = workers.map(({ rrefs }) => sizeOf(rrefs.users));
    for (const count of [...owned, ...copies]) {
      expect(count).toBeGreaterThanOrEqual(size.references / size.workers);
      // Each worker makes one more at a time, and lets go of it.
      expect(count).toBeLessThanOrEqual(size.references / size.workers + 2);
    }
  }
});
