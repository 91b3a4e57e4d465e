/** The ways in which a course is made smaller; each gives a course that is no larger. */
import { isExternal } from '../../kernel/choice.ts';
import {
  actorOf,
  departureOf,
  dullestFirst,
  isDeparture,
  isSmaller,
  shortestFirst,
} from './course.ts';
import type { Course, Order, Size, Taken } from './course.ts';
import { pastOf } from './past.ts';
import type { Branch, Rehearsal } from './rehearsal.ts';
import { thin } from './thin.ts';

/** What passes need. */
export interface Workshop {
  /** No course may be larger than this in any way. */
  readonly limit: Size;
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

/** Leaves out steps where that costs no departure. */
export const dropDullSteps: Pass = (workshop, course) =>
  thinSteps(workshop, course, {
    order: dullestFirst,
    partsOf: ({ taken }) => singles(taken, () => true),
  });

/** Leaves out departures; what is dull takes their place. */
export const dropDepartures: Pass = ({ limit, rehearsal }, course) =>
  thin<number>(course, {
    attempt: (best, gone) => {
      const first = gone[0] ?? 0;
      const missing = new Set(gone);
      const tape = best.taken.flatMap((step, index) =>
        index >= first && isDeparture(step) && !missing.has(index) ? [departureOf(step)] : [],
      );
      return rehearsal.depart(tape, boundOf(best, limit, dullestFirst), branch(best, first));
    },
    hasBudget: rehearsal.hasBudget,
    order: dullestFirst,
    partsOf: ({ taken }) => [...taken.keys()].filter((index) => isDepartureAt(taken, index)),
  });

/** Moves a step behind the one before it of the same actor. */
export const joinActors: Pass = ({ limit, rehearsal }, course) => {
  let best = course;
  for (let index = 1; index < best.taken.length && rehearsal.hasBudget(); index += 1) {
    const actor = nameAt(best.taken, index);
    if (nameAt(best.taken, index - 1) === actor) continue;
    const before = lastOf(best.taken, actor, index - 1);
    if (before < 0) continue;
    const step = best.taken[index];
    const order = [step, ...best.taken.toSpliced(index, 1).slice(before + 1)];
    const wanted = order.flatMap((one) => (one === undefined ? [] : [one.choice]));
    const bound = boundOf(best, limit, dullestFirst);
    const made = rehearsal.follow(wanted, bound, branch(best, before + 1));
    if (made !== undefined && isSmaller(made.size, best.size)) best = made;
  }
  return best;
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
