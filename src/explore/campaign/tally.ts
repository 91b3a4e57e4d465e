/** Counts what the runs of a batch show. */
import type { Runs } from '../sampling/runs.ts';
import type { Made } from '../sampling/sampler.ts';
import { noFindings } from './findings.ts';
import type { Broken, Findings } from './findings.ts';
import type { Sketcher } from './sketch.ts';
import { isKept, shortest, witnessOf } from './witness.ts';

/** What runs showed so far. */
export interface Tally {
  readonly add: (index: number, made: Made) => void;
  readonly findings: (runs: Runs, sketcher: Sketcher) => Findings;
}

/** Nothing yet; the schedule of a run is its number and `offset`. */
export function createTally(offset: number): Tally {
  let [cut, depth, schedules, steps] = [0, 0, 0, 0];
  const broken = new Map<string, Broken>();
  const note = (property: string, index: number, made: Made): void => {
    const known = broken.get(property) ?? { property, schedules: 0, witnesses: [] };
    const { witnesses } = known;
    // To make a run again takes longer than to count it.
    const more = isKept(witnesses, made.steps)
      ? [...witnesses, witnessOf(index + offset, made.run(), made.other?.run)]
      : witnesses;
    broken.set(property, {
      property,
      schedules: known.schedules + 1,
      witnesses: shortest(more),
    });
  };
  return {
    add: (index, made) => {
      schedules += 1;
      steps += made.steps;
      depth = Math.max(depth, made.steps + 1);
      if (made.ended === 'steps-max') cut += 1;
      for (const property of made.broken ?? []) note(property, index, made);
    },
    findings: ({ memory, walks }, sketcher) => ({
      ...noFindings,
      broken: [...broken.values()],
      cut,
      depth,
      reached: [...memory.reached],
      schedules,
      steps,
      tested: [...memory.tested],
      worlds: { ...noFindings.worlds, [walks ? 'walked' : 'plain']: sketcher.sketch() },
    }),
  };
}
