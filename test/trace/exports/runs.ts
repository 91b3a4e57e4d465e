/** Runs with everything that an export can show. */
import { randomWalk, runSystem } from '../../../src/index.ts';
import type { Run, System } from '../../../src/index.ts';
import { couriers, everyFault } from '../couriers.ts';

/** A system and one of its runs, with faults of every kind where they fall. */
export function troubledRun(seed: number): { readonly run: Run; readonly system: System } {
  const system = couriers(3, { faults: everyFault });
  return { run: runSystem(system, { chooser: randomWalk(seed, { faultRate: 0.3 }) }), system };
}

/** What an author of names and payloads could write to make a reader stumble. */
export const hostileLabel = '<script>alert("1")</script> & \'{"a":1}\' %%{init}%% end ]]> ; #';
