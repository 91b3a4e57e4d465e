/**
 * Generators that wait for the answer to their next request, by the cell of history at which they wait.
 * A generator cannot be copied: whoever takes one out owns it, and the next who comes to the same cell
 * replays its history. So this cache saves time and never changes what happens.
 */
import type { Program } from './request.ts';

/** The cache of one registry. */
export interface LivePrograms {
  /** The generator that waits after `cell`, at most once; none if another `local` table ran it. */
  take(cell: object, local: object): Program<unknown> | undefined;
  /** Puts a generator that has just made its request after `cell`. */
  keep(cell: object, program: Program<unknown>, local: object): void;
}

interface Waiting {
  readonly program: Program<unknown>;
  readonly local: object;
}

/** An empty cache. */
export function createLivePrograms(): LivePrograms {
  const waiting = new WeakMap<object, Waiting>();
  return Object.freeze({
    take(cell: object, local: object) {
      const found = waiting.get(cell);
      if (found?.local !== local) return undefined;
      waiting.delete(cell);
      return found.program;
    },
    keep(cell: object, program: Program<unknown>, local: object) {
      waiting.set(cell, { program, local });
    },
  });
}
