/** A system with a property that ends any thread which helps, and says nothing. */
import { isMainThread } from 'node:worker_threads';

import { twoPhaseCommit } from '../../../examples/protocols/two-phase-commit.ts';
import { always, defineSystem } from '../../../src/index.ts';

export const system = defineSystem({
  ...twoPhaseCommit({ repeats: true, rms: 6 }),
  properties: [
    always('only the first thread stays', () => {
      if (!isMainThread) process.exit(3);
      return true;
    }),
  ],
});
