/**
 * A stepper that remembers: equal local states and equal events become one object each, and what a pair
 * of them came to is looked up the next time. It pays where the same states come again, as in many
 * schedules of one system; where states never recur it costs their hashes.
 */
import { digest, formatDigest } from '../core/digest.ts';
import type { EventObject, Local, Outcome, Site, Stepper } from '../kernel/effect.ts';

/** `stepper` with a memory of at most `outcomesMax` steps; when it is full it begins anew. */
export function createRemembered(stepper: Stepper, outcomesMax: number): Stepper {
  const events = new Map<string, EventObject>();
  const locals = new Map<string, Local>();
  const outcomes = new Map<Local, Map<EventObject, Outcome>>();
  let count = 0;

  const sameEvent = (event: EventObject): EventObject => sameOf(events, contentsOf(event), event);
  const sameLocal = (site: Site, local: Local): Local =>
    sameOf(locals, `${site.logic}|${contentsOf(local)}`, local);
  const shared = (site: Site, outcome: Outcome): Outcome => ({
    ...outcome,
    effects: outcome.effects.map((effect) =>
      effect.type === 'send' ? { ...effect, event: sameEvent(effect.event) } : effect,
    ),
    local: sameLocal(site, outcome.local),
  });
  const remember = (local: Local, event: EventObject, outcome: Outcome): void => {
    if (count >= outcomesMax) {
      for (const memory of [events, locals, outcomes]) memory.clear();
      count = 0;
    }
    const known = outcomes.get(local);
    if (known === undefined) outcomes.set(local, new Map([[event, outcome]]));
    else known.set(event, outcome);
    count += 1;
  };

  return {
    ...stepper,
    start: (site, input, durable) => shared(site, stepper.start(site, input, durable)),
    step: (site, local, event) => {
      const seen = outcomes.get(local)?.get(event);
      if (seen !== undefined) return seen;
      const before = sameLocal(site, local);
      const given = sameEvent(event);
      const known = outcomes.get(before)?.get(given);
      if (known !== undefined) return known;
      const outcome = shared(site, stepper.step(site, before, given));
      // What asks for its own id would answer otherwise elsewhere.
      if (outcome.readsId === undefined) remember(before, given, outcome);
      return outcome;
    },
  };
}

function contentsOf(value: unknown): string {
  return formatDigest(digest(value));
}

function sameOf<Value>(known: Map<string, Value>, key: string, value: Value): Value {
  const first = known.get(key);
  if (first !== undefined) return first;
  known.set(key, value);
  return value;
}
