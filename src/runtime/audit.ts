/**
 * A stepper that computes steps twice, the second time mostly after another has run and as an actor
 * elsewhere: what a machine hides (a module variable, a random number) then shows. It is on wherever
 * `ORRERY_AUDIT` is set in `import.meta.env`, as the tests of this project do.
 */
import { digest, isSameDigest } from '../core/digest.ts';
import { SimulationError } from '../core/errors.ts';
import { isAudited } from '../core/frozen.ts';
import type { Outcome, Site, Stepper } from '../kernel/effect.ts';

/** A step that was computed, and how it is computed again. */
export interface Memory {
  readonly again: (site: Site) => Outcome;
  readonly first: Outcome;
  readonly site: Site;
}

/** A stepper, and another one that computes the same in its own way. */
export interface Audited {
  readonly reference: Stepper;
  readonly stepper: Stepper;
}

/**
 * Each so many steps, one is computed again at once: what changes with every second computation would
 * otherwise always be met in the same state.
 */
const atOnceEach = 3;
/** So many steps of a system are all computed again, and later ones each so many: what hides something does so often. */
const wholeMax = 100;
const laterEach = 4;

/** `stepper` itself, or one that audits it: the second time `reference` computes. */
export function createAudit({ reference, stepper }: Audited, isOn = isAudited): Stepper {
  if (!isOn) return stepper;
  let last: Memory | undefined;
  let count = 0;
  const remember = (site: Site, compute: (site: Site) => Outcome): Outcome => {
    const first = compute(site);
    count += 1;
    if (last !== undefined) requireSame(last);
    const isLookedAt = count <= wholeMax || count % laterEach === 0;
    last = isLookedAt ? { again: compute, first, site } : undefined;
    if (last !== undefined && count % atOnceEach === 0) {
      requireSame(last);
      last = undefined;
    }
    return first;
  };
  return {
    ...stepper,
    start: (site, input, durable) => remember(site, (at) => stepper.start(at, input, durable)),
    step: (site, local, event) => {
      let isFirst = true;
      return remember(site, (at) => {
        // A copy has no snapshot behind it: what XState knows beyond the local state shows as well.
        if (!isFirst) return reference.step(at, { ...local }, event);
        isFirst = false;
        return stepper.step(at, local, event);
      });
    },
  };
}

/**
 * Computes a step again, elsewhere.
 *
 * @throws {SimulationError} `runtime/not-deterministic` where it comes out otherwise.
 */
export function requireSame({ again, first, site }: Memory): void {
  const elsewhere = first.readsId === true ? site : { ...site, address: 'elsewhere/else' };
  const second = again(elsewhere);
  if (isSameDigest(digest(first.local), digest(second.local)) && sameEffects(first, second)) return;
  throw new SimulationError(
    'runtime/not-deterministic',
    `"${site.address}" (${site.logic}) computed one step twice with two outcomes. ` +
      'A machine may use only its context, the event and its input: look for a module variable, a ' +
      'clock or a random number in its actions, guards and delays.',
  );
}

function sameEffects(first: Outcome, second: Outcome): boolean {
  return (
    first.effects.length === second.effects.length &&
    first.effects.every((effect, index) =>
      isSameDigest(digest(effect), digest(second.effects[index])),
    )
  );
}
