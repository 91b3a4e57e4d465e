/** Which declared actors fail: nobody is told of it, and an actor that has failed takes no more mail. */
import { parentOf } from '../core/address.ts';
import { address as addressOf } from '../core/brand.ts';
import type { Outcome, Site, Stepper } from '../kernel/effect.ts';

/** What an actor failed with. */
export interface Failure {
  readonly actor: string;
  readonly error: unknown;
  readonly machine: string;
}

/** Remembers failures. */
export interface Failures {
  /** The first of each machine. */
  readonly all: () => readonly Failure[];
  /** The same steps; whatever takes them is watched. */
  readonly over: (stepper: Stepper) => Stepper;
}

/** No failures yet. */
export function createFailures(): Failures {
  const byMachine = new Map<string, Failure>();
  const note = ({ address, logic }: Site, outcome: Outcome): Outcome => {
    const { error, status } = outcome.local;
    // A child's failure is told its parent, who may expect it.
    if (status !== 'error' || parentOf(addressOf(address)) !== undefined || byMachine.has(logic))
      return outcome;
    byMachine.set(logic, { actor: address, error, machine: logic });
    return outcome;
  };
  return {
    all: () => [...byMachine.values()],
    over: (stepper) => ({
      ...stepper,
      start: (site, input, durable) => note(site, stepper.start(site, input, durable)),
      step: (site, local, event) => note(site, stepper.step(site, local, event)),
    }),
  };
}
