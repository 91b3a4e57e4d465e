/**
 * A stepper that remembers: a step depends on the local state and the event alone, and where the same
 * states come again, as in many schedules of one system, what was computed once is looked up. Where
 * states never recur it costs their hashes.
 */
import { chain, digest, formatDigest, isSameDigest } from '../core/digest.ts';
import type { EventObject, Local, Outcome, Site, Stepper } from '../kernel/effect.ts';

/** `stepper` with a memory of at most `outcomesMax` steps; when it is full it begins anew. */
export function createRemembered(stepper: Stepper, outcomesMax: number): Stepper {
  const known = new Map<string, Outcome>();
  const recall = (key: string, { address }: Site, compute: () => Outcome): Outcome => {
    // Where a machine asks for its own id, another place may give another outcome.
    const found = known.get(key) ?? known.get(`${key}@${address}`);
    if (found !== undefined) return found;
    const made = compute();
    if (known.size >= outcomesMax) known.clear();
    known.set(made.readsId === true ? `${key}@${address}` : key, made);
    return made;
  };
  return {
    ...stepper,
    start: (site, input, durable) =>
      recall(keyOfStart(site, input, durable), site, () => stepper.start(site, input, durable)),
    step: (site, local, event) => {
      const outcome = recall(keyOfStep(site, local, event), site, () =>
        stepper.step(site, local, event),
      );
      // What was computed for an equal state holds that one; an actor that stays keeps its own.
      if (outcome.local === local || !isSameDigest(digest(outcome.local), digest(local)))
        return outcome;
      return { ...outcome, local };
    },
  };
}

/** References in an input are absolute: what they are to the actor depends on where it is. */
function keyOfStart({ address, logic }: Site, input: unknown, durable: unknown): string {
  const contents = chain(digest(input), digest(durable));
  return `start ${address} ${formatDigest(chain(digest(logic), contents))}`;
}

function keyOfStep({ logic }: Site, local: Local, event: EventObject): string {
  return formatDigest(chain(chain(digest(logic), digest(local)), digest(event)));
}
