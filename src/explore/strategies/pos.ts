/**
 * Partial-order sampling: each event has a random priority, and those that race with the one that
 * was taken (to the same actor) draw theirs anew.
 *
 * @see Yuan, Yang and Gu, "Partial Order Aware Concurrency Sampling", CAV 2018, section 4.
 */
import { createRandom } from '../../core/random.ts';
import type { Random } from '../../core/random.ts';
import type { Chooser } from '../../kernel/run.ts';
import { withMisfortune } from './misfortune.ts';
import { pendingOf } from './pending.ts';
import { seedOf } from './seeds.ts';
import type { Misfortune, Strategy } from './strategy.ts';

const priorities = 1 << 30;

/** Priorities on events. */
export function byPos(misfortune: Misfortune = {}): Strategy {
  return {
    name: 'pos',
    begin: ({ seed }) => ({
      next: (index) => {
        const random = createRandom(seedOf(seed, index));
        return withMisfortune(posChooser(random), { ...misfortune, random });
      },
    }),
  };
}

/** For one run. */
function posChooser(random: Random): Chooser {
  const priorityOf = new Map<string, number>();
  return (options) => {
    // Where the system has nothing left to do, to end is as likely as any input.
    if (options[0] === undefined && random.below(options.length) === 0) return 0;
    const pending = pendingOf(options);
    let best = pending[0];
    let most = -1;
    for (const one of pending) {
      const priority = priorityOf.get(one.name) ?? random.below(priorities);
      priorityOf.set(one.name, priority);
      if (priority <= most) continue;
      best = one;
      most = priority;
    }
    if (best === undefined) return 0;
    for (const { name, receiver } of pending) {
      if (receiver === best.receiver) priorityOf.delete(name);
    }
    return best.indices[random.below(best.indices.length)] ?? 0;
  };
}
