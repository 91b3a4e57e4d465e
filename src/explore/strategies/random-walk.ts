import { createRandom } from '../../core/random.ts';
import { isExternal } from '../../kernel/choice.ts';
import type { Choice } from '../../kernel/choice.ts';
import type { Chooser } from '../../kernel/run.ts';

/** How a random walk treats misfortune. */
export interface RandomWalkOptions {
  /** How probable a fault is at a point that offers one; 0.05 unless said otherwise. */
  readonly faultRate?: number;
}

const faultRateDefault = 0.05;

/**
 * Chooses uniformly among what the system and its environment may do (to end the run is one of these
 * where the system has nothing left to do), and now and then a fault instead. For one run.
 */
export function randomWalk(
  seed: number,
  { faultRate = faultRateDefault }: RandomWalkOptions = {},
): Chooser {
  const random = createRandom(seed);
  return (options) => {
    // Faults come last in a world's choices, after all else.
    const firstFault = options.findIndex(isFault);
    if (firstFault < 0) return random.below(options.length);
    if (random.chance(faultRate)) return firstFault + random.below(options.length - firstFault);
    return random.below(firstFault);
  };
}

function isFault(choice: Choice | undefined): boolean {
  return choice !== undefined && choice.type !== 'input' && isExternal(choice);
}
