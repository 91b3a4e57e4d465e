/** A crew without threads: its helpers take their turns where a schedule says so. */
import { createCore, createGround } from '../../../src/explore/native/core.ts';
import type { Core } from '../../../src/explore/native/core.ts';
import type { Crew } from '../../../src/explore/native/crew.ts';
import * as field from '../../../src/explore/native/fields.ts';

/** How a staged crew helps. */
export interface Staging {
  readonly capacity?: number;
  readonly helpers: number;
  /** Worlds that a thread adds at most before all halt. */
  readonly room?: number;
  /** Successors that a thread looks up together at most. */
  readonly staged?: number;
  /** Turns that helpers take before they fall silent; never unless said so. */
  readonly silentAfter?: number;
  /** How many worlds helpers take in turn, over and over. */
  readonly turns: readonly number[];
}

/** A crew that is ready from the start. */
export function stageCrew({ helpers, silentAfter = Infinity, turns, ...rest }: Staging): Crew {
  const ground = createGround() ?? missing();
  const cores = Array.from({ length: helpers }, (_, helper) => createCore(ground, helper + 1));
  // One that takes no turn at all is never ready.
  if (silentAfter > 0) for (const core of cores) core.report();
  let [taken, turn] = [0, 0];
  const step = (least: number): void => {
    for (const core of cores) {
      const budget = Math.max(least, turns[turn % turns.length] ?? 1);
      turn += 1;
      taken += 1;
      if (taken <= silentAfter) requireTidy(core, core.help(budget));
    }
  };
  return {
    ground,
    helpers,
    // Who waits for them lets each take a world at least.
    rest: () => step(1),
    restsMax: 50,
    stride: 2,
    turn: () => step(0),
    ...rest,
  };
}

/** All may be laid anew while a helper is halted: so it keeps nothing that it has made. */
function requireTidy(core: Core, why: number): void {
  if (why === field.ofBudget || why === field.ofPost || core.staged() === 0) return;
  throw new Error(`A helper halted with ${core.staged()} worlds that were not looked up.`);
}

function missing(): never {
  throw new Error('There is no memory that threads can share.');
}
