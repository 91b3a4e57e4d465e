/** The ways in which a course is made smaller; each gives a course that is no larger. */
import { isExternal } from '../../kernel/choice.ts';
import { actorOf, departureOf, isDeparture, isSmaller, shortestFirst } from './course.ts';
import type { Course, Order, Size, Taken } from './course.ts';
import { pastOf } from './past.ts';
import type { Branch, Rehearsal } from './rehearsal.ts';
import { thin } from './thin.ts';

/** What passes need. */
export interface Workshop {
  /** No course may be larger than this in any way. */
  readonly limit: Size;
  /** What counts first in the end; on the way there steps may count before departures. */
  readonly order: Order;
  readonly rehearsal: Rehearsal;
}

/** Turns a course into one that is no larger. */
export type Pass = (workshop: Workshop, course: Course) => Course;

/** Leaves out all that the last step does not depend on. */
export const keepCausalPast: Pass = (workshop, course) => {
  const past = pastOf(course.taken, course.taken.length - 1);
  const others = [...course.taken.keys()].filter((index) => !past.has(index));
  const made = without(workshop, course, { gone: others, order: shortestFirst });
  return made !== undefined && isSmaller(made.size, course.size, shortestFirst) ? made : course;
};

/** Leaves out actors, each with all its steps. */
export const dropActors: Pass = (workshop, course) =>
  thinSteps(workshop, course, {
    order: shortestFirst,
    partsOf: ({ taken }) =>
      [...new Set(taken.map(({ choice }) => actorOf(choice)))].map((actor) =>
        [...taken.keys()].filter((index) => nameAt(taken, index) === actor),
      ),
  });

/** Leaves out faults and inputs. */
export const dropExternals: Pass = (workshop, course) =>
  thinSteps(workshop, course, {
    order: shortestFirst,
    partsOf: ({ taken }) => singles(taken, ({ choice }) => isExternal(choice)),
  });

/** Leaves out steps of every kind, without regard to departures. */
export const dropSteps: Pass = (workshop, course) =>
  thinSteps(workshop, course, {
    order: shortestFirst,
    partsOf: ({ taken }) => singles(taken, () => true),
  });

/** Leaves out steps where the run becomes smaller by that in the order that counts. */
export const dropMoreSteps: Pass = (workshop, course) =>
  thinSteps(workshop, course, {
    order: workshop.order,
    partsOf: ({ taken }) => singles(taken, () => true),
  });

/** Leaves out departures; what is dull takes their place. */
export const dropDepartures: Pass = ({ limit, order, rehearsal }, course) =>
  thin<number>(course, {
    attempt: (best, gone) => {
      const first = gone[0] ?? 0;
      const missing = new Set(gone);
      const tape = best.taken.flatMap((step, index) =>
        index >= first && isDeparture(step) && !missing.has(index) ? [departureOf(step)] : [],
      );
      return rehearsal.depart(tape, boundOf(best, limit, order), branch(best, first));
    },
    hasBudget: rehearsal.hasBudget,
    order,
    partsOf: ({ taken }) => [...taken.keys()].filter((index) => isDepartureAt(taken, index)),
  });

/** Takes steps earlier: dull ones to be no departures, others to join those of their actor. */
export const takeEarlier: Pass = ({ limit, order, rehearsal }, course) => {
  let best = course;
  for (let index = 1; index < best.taken.length && rehearsal.hasBudget(); index += 1) {
    for (const place of placesBefore(best, index)) {
      const step = best.taken[index];
      const others = best.taken.toSpliced(index, 1).slice(place);
      const wanted = [step, ...others].flatMap((one) => (one === undefined ? [] : [one.choice]));
      const bound = boundOf(best, limit, order);
      const made = rehearsal.follow(wanted, bound, branch(best, place));
      if (made !== undefined && isSmaller(made.size, best.size, order)) best = made;
    }
  }
  return best;
};

/** The places to which a step may be taken: all, in a short run; else where it is dull or joins its actor. */
function placesBefore({ taken }: Course, index: number): readonly number[] {
  const all = [...taken.keys()].slice(0, index);
  if (taken.length <= shortMax) return all;
  const step = taken[index];
  const joins = lastOf(taken, nameAt(taken, index), index) + 1;
  return all.filter((place) => place === joins || taken[place]?.dull?.name === step?.choice.name);
}

/** Steps up to which all orders of two are tried: their number grows with the square. */
const shortMax = 24;

/** Looks for a smaller course among all that there are, not only in this one. */
export const lookAround: Pass = ({ limit, order, rehearsal }, course) => {
  const made = rehearsal.smallest(boundOf(course, limit, order), order);
  return made !== undefined && isSmaller(made.size, course.size, order) ? made : course;
};

/** Which steps go together, and what counts when they are left out. */
interface Steps {
  readonly order: Order;
  readonly partsOf: (course: Course) => readonly (readonly number[])[];
}

function thinSteps(workshop: Workshop, course: Course, { order, partsOf }: Steps): Course {
  return thin(course, {
    attempt: (best, parts) => without(workshop, best, { gone: parts.flat(), order }),
    hasBudget: workshop.rehearsal.hasBudget,
    order,
    partsOf,
  });
}

interface Gone {
  readonly gone: readonly number[];
  readonly order: Order;
}

/** The course without some of its steps and what came of them. */
function without(
  { limit, rehearsal }: Workshop,
  course: Course,
  { gone, order }: Gone,
): Course | undefined {
  if (gone.length === 0) return undefined;
  const missing = new Set(gone);
  const first = gone.reduce((least, index) => Math.min(least, index));
  const wanted = course.taken.flatMap(({ choice }, index) =>
    index > first && !missing.has(index) ? [choice] : [],
  );
  return rehearsal.follow(wanted, boundOf(course, limit, order), branch(course, first));
}

/** What a course must keep to so that it can be smaller. */
function boundOf({ size }: Course, limit: Size, [, second]: Order): Size {
  return second === 'steps'
    ? { ...size, departures: Number.POSITIVE_INFINITY }
    : { ...limit, departures: size.departures, faults: size.faults };
}

function branch(course: Course, kept: number): Branch {
  return { course, kept };
}

/** Each step that matches, by itself. */
function singles(
  taken: readonly Taken[],
  matches: (step: Taken) => boolean,
): readonly (readonly number[])[] {
  return taken.flatMap((step, index) => (matches(step) ? [[index]] : []));
}

function isDepartureAt(taken: readonly Taken[], index: number): boolean {
  const step = taken[index];
  return step !== undefined && isDeparture(step);
}

function nameAt(taken: readonly Taken[], index: number): string {
  const step = taken[index];
  return step === undefined ? '' : actorOf(step.choice);
}

function lastOf(taken: readonly Taken[], actor: string, before: number): number {
  return taken.findLastIndex((step, index) => index < before && actorOf(step.choice) === actor);
}
