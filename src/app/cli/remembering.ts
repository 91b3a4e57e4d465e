/**
 * A system that remembers its steps. A machine's step depends on its local state and the event alone, and
 * many schedules of one system go through the same local states: what was computed once is looked up.
 */
import { chain, digest, formatDigest } from '../../core/digest.ts';
import type { EventObject, Local, Outcome, Site, Stepper } from '../../kernel/effect.ts';
import { createKernel } from '../../kernel/kernel.ts';
import type { System } from '../../runtime/system.ts';

/** Steps that are kept; when there are more, all are forgotten and it begins anew. */
const stepsMax = 50_000;

/** The same system, faster the more often it runs. */
export function remembering(system: System): System {
  const { rules, stepper } = system.mechanics;
  return { ...system, ...createKernel({ rules, stepper: createMemory(stepper) }) };
}

function createMemory(stepper: Stepper): Stepper {
  const known = new Map<string, Outcome>();
  const recall = (key: string, { address }: Site, compute: () => Outcome): Outcome => {
    // Where a machine asks for its own id, another place may give another outcome.
    const found = known.get(key) ?? known.get(`${key}@${address}`);
    if (found !== undefined) return found;
    const made = compute();
    if (known.size >= stepsMax) known.clear();
    known.set(made.readsId === true ? `${key}@${address}` : key, made);
    return made;
  };
  return {
    ...stepper,
    start: (site, input, durable) => {
      const key = formatDigest(chain(chain(digest(site.logic), digest(input)), digest(durable)));
      return recall(`start ${key}`, site, () => stepper.start(site, input, durable));
    },
    step: (site, local, event) =>
      recall(keyOf(site, local, event), site, () => stepper.step(site, local, event)),
  };
}

function keyOf({ logic }: Site, local: Local, event: EventObject): string {
  return formatDigest(chain(chain(digest(logic), digest(local)), digest(event)));
}
