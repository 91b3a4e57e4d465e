import { createRandom } from '../../core/random.ts';
import type { Chooser } from '../../kernel/run.ts';
import { withMisfortune } from './misfortune.ts';
import { seedOf } from './seeds.ts';
import type { Misfortune, Strategy } from './strategy.ts';

/**
 * Chooses uniformly among what the system and its environment may do (to end the run is one of these
 * where the system has nothing left to do), and now and then a fault instead. For one run.
 */
export function randomWalk(seed: number, misfortune: Misfortune = {}): Chooser {
  const random = createRandom(seed);
  return withMisfortune((options) => random.below(options.length), { ...misfortune, random });
}

/**
 * Each run a random walk of its own.
 *
 * @see Thomson, Donaldson and Betts, "Concurrency Testing Using Controlled Schedulers", 2016, section 5:
 * on most programs nothing cleverer finds more.
 */
export function byRandom(misfortune: Misfortune = {}): Strategy {
  return {
    name: 'random',
    begin: ({ seed }) => ({
      next: (index) => {
        // Most walks go over interned worlds, by the same seed, and never ask.
        let chooser: Chooser | undefined;
        return (options, world) => {
          chooser ??= randomWalk(seedOf(seed, index), misfortune);
          return chooser(options, world);
        };
      },
    }),
    uniform: misfortune,
  };
}
