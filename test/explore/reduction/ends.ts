import { createWalker } from '../../../src/explore/interned/steps/walker.ts';
import { descend } from '../../../src/explore/reduction/descent.ts';
import type { Descent } from '../../../src/explore/reduction/descent.ts';
import { isOwn } from '../../../src/explore/reduction/offer.ts';
import type { Method } from '../../../src/explore/reduction/races.ts';
import { defineSystem } from '../../../src/index.ts';
import type { SystemDefinition } from '../../../src/index.ts';
import { contentsOfVector } from '../interned/contents.ts';

/** What a descent came to. */
export interface Ended {
  readonly descent: Descent;
  /** What the worlds hold in which the system had nothing left to do. */
  readonly ends: readonly string[];
}

/** Goes down as `reduce` does, and gives the ends. */
export function descentTo(
  definition: SystemDefinition,
  options: {
    readonly depthMax: number;
    readonly isFull: boolean;
    /** Whether more than races makes other runs. */
    readonly isWithholding?: boolean;
    readonly method: Method;
  },
): Ended {
  const { first, space } = createWalker(defineSystem(definition).mechanics);
  const ends = new Set<string>();
  const descent = descend(space, first(), {
    isRestWanted: true,
    isWithholding: false,
    ...options,
    onRun: () => false,
    onPair: () => undefined,
    onWorld: ({ offers, vector }) => {
      if (!offers.some(isOwn)) ends.add(contentsOfVector(space, vector));
      return false;
    },
    sight: () => 0,
  });
  if (descent.hasConflict && options.method !== 'careful') {
    return descentTo(definition, { ...options, method: 'careful' });
  }
  return { descent, ends: [...ends].toSorted() };
}
