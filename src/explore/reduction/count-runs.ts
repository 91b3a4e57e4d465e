/** How many runs a system has, each order of steps counted: what a search without reduction would make. */
import type { Space } from '../interned/space.ts';
import { createOffers, isOwn } from './offer.ts';
import { createTaker } from './taker.ts';

const worldsMax = 5000;
const depthMax = 2000;

/**
 * Counts runs by their worlds, each once; beyond 2^53 the count is rounded.
 *
 * @returns `undefined` where there are more than 5,000 worlds, or runs of more than 2,000 steps.
 */
export function countRuns(space: Space, first: Int32Array): number | undefined {
  const offers = createOffers(space);
  const { take } = createTaker(space, () => 0);
  const known = new Map<string, number>();
  let isTooMuch = false;
  const count = (vector: Int32Array, depth: number): number => {
    const key = vector.join().replace(/(?:,0)+$/, '');
    const seen = known.get(key);
    if (seen !== undefined) return seen;
    isTooMuch ||= known.size >= worldsMax || depth > depthMax;
    if (isTooMuch) return 0;
    const here = offers.all(vector);
    let runs = here.some(isOwn) ? 0 : 1;
    for (const offer of here) runs += count(take(vector, offer).vector, depth + 1);
    known.set(key, runs);
    return runs;
  };
  const runs = count(first, 0);
  return isTooMuch ? undefined : runs;
}
