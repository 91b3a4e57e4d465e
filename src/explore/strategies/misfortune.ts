/** Faults are treated alike by all strategies that do not say otherwise. */
import type { Random } from '../../core/random.ts';
import { isFault } from '../../kernel/choice.ts';
import type { Choice } from '../../kernel/choice.ts';
import type { Chooser } from '../../kernel/run.ts';
import type { Misfortune } from './strategy.ts';

/** How probable a fault is at a point that offers one, unless said otherwise. */
export const faultRateDefault = 0.05;

/**
 * Takes a fault at its rate, each that is offered with the same probability, and leaves the rest to
 * `choose`, which sees no faults.
 */
export function withMisfortune(
  choose: Chooser,
  { faultRate = faultRateDefault, random }: Misfortune & { readonly random: Random },
): Chooser {
  return (options, world) => {
    const firstFault = firstFaultOf(options);
    if (firstFault === options.length) return choose(options, world);
    if (random.chance(faultRate)) return firstFault + random.below(options.length - firstFault);
    return choose(options.slice(0, firstFault), world);
  };
}

/** Where the faults begin among the options: they come last, after all else. */
export function firstFaultOf(options: readonly (Choice | undefined)[]): number {
  const first = options.findIndex((option) => option !== undefined && isFault(option));
  return first < 0 ? options.length : first;
}
