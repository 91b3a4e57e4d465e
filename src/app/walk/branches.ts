/**
 * An exploration: courses of one system that fork from one another, and where one stands. Nothing is ever
 * thrown away: another choice makes another branch, and undo goes back to where one was before.
 */
import { SimulationError } from '../../core/errors.ts';
import { describeChoice } from '../../kernel/choice.ts';
import type { Choice } from '../../kernel/choice.ts';
import { choicesAt, endOf, goOn, isAtRest, take } from './course.ts';
import type { Course, GoOn } from './course.ts';

/** A course, and where it forked from another. */
export interface Branch {
  readonly course: Course;
  readonly from?: Fork;
}

/** Where a branch left another: after step `at` of it, by a choice in words. */
export interface Fork extends Place {
  readonly by: string;
}

/** A step of a branch. */
export interface Place {
  readonly branch: number;
  readonly at: number;
}

/** All branches, the place where one stands, and those before and after it in the order of visits. */
export interface Exploration {
  readonly branches: readonly Branch[];
  readonly here: Place;
  readonly past: readonly Place[];
  readonly future: readonly Place[];
}

/** Branches that are kept: each holds its own worlds from its fork on. */
const branchesMax = 64;
const pastMax = 1_000;

/** An exploration that begins with one course. */
export function explore(course: Course, at = 0): Exploration {
  return {
    branches: [{ course }],
    future: [],
    here: { at: within(course, at), branch: 0 },
    past: [],
  };
}

/** The course that one stands on. */
export function courseOf({ branches, here }: Exploration): Course {
  const course = branches[here.branch]?.course;
  if (course !== undefined) return course;
  throw new SimulationError(
    'viewer/no-branch',
    `There is no branch ${here.branch}. Open the run anew.`,
  );
}

/** Goes to step `at` of the branch, or to its nearest end. */
export function jump(exploration: Exploration, at: number): Exploration {
  const { here } = exploration;
  const to = within(courseOf(exploration), at);
  return to === here.at ? exploration : moved(exploration, { at: to, branch: here.branch });
}

/** One step on; where the branch ends, it is gone on with dully, if anything is left to do. */
export function stepOn(exploration: Exploration): Exploration {
  const { at, branch } = exploration.here;
  const course = courseOf(exploration);
  if (at < endOf(course)) return jump(exploration, at + 1);
  if (isAtRest(course)) return exploration;
  const longer = replaced(exploration, goOn(course, { stepsMax: 1 }));
  return moved(longer, { at: at + 1, branch });
}

/** One step back. */
export function stepBack(exploration: Exploration): Exploration {
  return jump(exploration, exploration.here.at - 1);
}

/** The branch gone on with from its end. */
export function prolong(exploration: Exploration, how: GoOn = {}): Exploration {
  return replaced(exploration, goOn(courseOf(exploration), how));
}

/**
 * Takes the choice of that name: the step that comes anyway, or a fork, which then goes on as `how` says.
 *
 * @throws {SimulationError} `viewer/not-offered`, `viewer/too-many-branches`.
 */
export function choose(exploration: Exploration, name: string, how: GoOn = {}): Exploration {
  const { at, branch } = exploration.here;
  const course = courseOf(exploration);
  if (course.steps[at + 1]?.choice?.name === name) return jump(exploration, at + 1);
  const choice = offered(course, at, name);
  const taken = goOn(take(course, at, choice), how);
  if (at === endOf(course)) {
    return moved(replaced(exploration, taken), { at: at + 1, branch });
  }
  return forked(exploration, taken, describeChoice(choice));
}

/** Another course from here on, as a branch of its own. */
export function forked(exploration: Exploration, course: Course, by: string): Exploration {
  const { at, branch } = exploration.here;
  if (exploration.branches.length >= branchesMax) {
    throw new SimulationError(
      'viewer/too-many-branches',
      `There are ${branchesMax} branches, which are all that are kept. Open the run in another tab to go on.`,
    );
  }
  const fork: Branch = { course, from: { at, branch, by } };
  const branches = [...exploration.branches, fork];
  return moved({ ...exploration, branches }, { at: at + 1, branch: branches.length - 1 });
}

/** Goes to a branch, at the step that it forked at or where one stands. */
export function visit(exploration: Exploration, branch: number): Exploration {
  const found = exploration.branches[branch];
  if (found === undefined || branch === exploration.here.branch) return exploration;
  const at = within(found.course, exploration.here.at);
  return moved(exploration, { at, branch });
}

/** Back to where one was before. */
export function undo(exploration: Exploration): Exploration {
  const { future, here, past } = exploration;
  const before = past.at(-1);
  if (before === undefined) return exploration;
  return { ...exploration, future: [here, ...future], here: before, past: past.slice(0, -1) };
}

/** And forth again. */
export function redo(exploration: Exploration): Exploration {
  const { future, here, past } = exploration;
  const [next, ...later] = future;
  if (next === undefined) return exploration;
  return { ...exploration, future: later, here: next, past: [...past, here] };
}

function moved(exploration: Exploration, here: Place): Exploration {
  const past = [...exploration.past, exploration.here].slice(-pastMax);
  return { ...exploration, future: [], here, past };
}

function replaced(exploration: Exploration, course: Course): Exploration {
  const branches = exploration.branches.map((branch, index) =>
    index === exploration.here.branch ? { ...branch, course } : branch,
  );
  return { ...exploration, branches };
}

function offered(course: Course, at: number, name: string): Choice {
  const choice = choicesAt(course, at).find((one) => one.name === name);
  if (choice !== undefined) return choice;
  throw new SimulationError(
    'viewer/not-offered',
    `After step ${at} there is no choice "${name}". Take one of those that are listed there.`,
  );
}

function within(course: Course, at: number): number {
  return Math.max(0, Math.min(Math.trunc(at) || 0, endOf(course)));
}
