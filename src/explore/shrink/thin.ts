/**
 * Leaves out what is not needed, in chunks that are halved until single parts are tried. A course that
 * is made without a part leaves out all that only came of it, so what is tried is causally closed.
 *
 * @see Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", TSE 2002, section 3
 * (we only try complements, the last parts first, since courses share their beginnings); Scott et al.,
 * "Minimizing Faulty Executions of Distributed Systems", NSDI 2016, section 3.
 */
import { isSmaller } from './course.ts';
import type { Course, Order } from './course.ts';

/** What may be left out, and what then is. */
export interface Thinning<Part> {
  /** A course without some parts, or `undefined` where it misses the goal. */
  readonly attempt: (course: Course, without: readonly Part[]) => Course | undefined;
  readonly hasBudget: () => boolean;
  readonly order: Order;
  readonly partsOf: (course: Course) => readonly Part[];
}

/** A course from which no single part can be left out, unless the budget ends first. */
export function thin<Part>(course: Course, thinning: Thinning<Part>): Course {
  const { hasBudget, partsOf } = thinning;
  let best = course;
  let chunk = partsOf(course).length;
  while (chunk > 0 && hasBudget()) {
    const thinner = sweep(best, chunk, thinning);
    if (chunk === 1 && thinner === best) return best;
    best = thinner;
    chunk = Math.max(1, Math.floor(Math.min(chunk, partsOf(best).length) / 2));
  }
  return best;
}

function sweep<Part>(course: Course, chunk: number, thinning: Thinning<Part>): Course {
  const { attempt, hasBudget, order, partsOf } = thinning;
  let best = course;
  let end = Number.POSITIVE_INFINITY;
  while (end > 0 && hasBudget()) {
    const parts = partsOf(best);
    end = Math.min(end, parts.length);
    const start = Math.max(0, end - chunk);
    const made = end > 0 ? attempt(best, parts.slice(start, end)) : undefined;
    if (made !== undefined && isSmaller(made.size, best.size, order)) best = made;
    end = start;
  }
  return best;
}
