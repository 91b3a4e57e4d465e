import { goalOf } from '../../../src/explore/shrink/goal.ts';
import { randomWalk, runSystem } from '../../../src/index.ts';
import type { Property, Run, System } from '../../../src/index.ts';

/** The first random run from `seed` on that breaks a property, cut where it does. */
export function brokenRun(
  system: System,
  property: Property,
  { faultRate = 0.05, seed }: { readonly faultRate?: number; readonly seed: number },
): Run {
  const until = goalOf(system, property) ?? (() => false);
  for (let next = seed; next < seed + 1_000; next += 1) {
    const run = runSystem(system, {
      chooser: randomWalk(next, { faultRate }),
      stepsMax: 300,
      until,
    });
    if (run.ended === 'until') return run;
  }
  throw new Error(`Nothing broke "${property.name}".`);
}
