/**
 * A second look at some of the steps that were computed: each of the first ones is computed again after
 * the next has run, and once more when all is over. Where the audit is off, as it is for whoever uses a
 * check, this tells a machine that hides something (a module variable, a random number, a clock) from one
 * that does not, at a price that has a bound.
 */
import type { Outcome, Site, Stepper } from '../kernel/effect.ts';
import { requireSame } from './audit.ts';
import type { Memory } from './audit.ts';

/** Looks again. */
export interface SecondLook {
  /**
   * At all that is kept.
   *
   * @throws {SimulationError} `runtime/not-deterministic`.
   */
  readonly again: () => void;
  /** The same steps; whatever takes them is looked at. */
  readonly over: (stepper: Stepper) => Stepper;
}

/** So many steps are kept: what hides something does so nearly every time, and a step takes some 20 us. */
const keptMax = 1000;

/** A look at nothing yet. */
export function createSecondLook(): SecondLook {
  const kept: Memory[] = [];
  const keep = (site: Site, compute: (site: Site) => Outcome): Outcome => {
    const first = compute(site);
    if (kept.length >= keptMax) return first;
    const before = kept.at(-1);
    kept.push({ again: compute, first, site });
    if (before !== undefined) requireSame(before);
    return first;
  };
  return {
    again: () => {
      for (const memory of kept) requireSame(memory);
    },
    over: (stepper) => ({
      ...stepper,
      start: (site, input, durable) => keep(site, (at) => stepper.start(at, input, durable)),
      step: (site, local, event) => keep(site, (at) => stepper.step(at, local, event)),
    }),
  };
}
