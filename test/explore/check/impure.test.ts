/** A property that does not answer by the world alone is found out, whatever asks it. */
import { expect, test } from 'vitest';

import { twoPhaseCommit } from '../../../examples/protocols/two-phase-commit.ts';
import { always, check, defineSystem, eventually, never } from '../../../src/index.ts';
import type { Property, View } from '../../../src/index.ts';

const commit = defineSystem(twoPhaseCommit({ repeats: false, rms: 2 }));

const isWorking = (view: View) => view.actor('rm1')?.value === 'working';

function impure(kind: string): Property {
  let count = 0;
  const countTo = (most: number) => {
    count += 1;
    return count % most > 0;
  };
  if (kind === 'drawn') return never(kind, () => Math.random() < 0.5);
  if (kind === 'counted') return always(kind, (view) => isWorking(view) || countTo(7));
  return eventually(kind, (view) => !isWorking(view) || countTo(2));
}

test.each(['counted', 'drawn', 'counted later'])('a property that is %s is named', (kind) => {
  for (const strategy of ['exhaustive', 'random'] as const) {
    const look = () => check(commit, { properties: [impure(kind)], strategy });
    expect(look).toThrow(`The property "${kind}" gave two answers in one world.`);
  }
});
