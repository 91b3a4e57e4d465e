/**
 * When did it become inevitable? From each step of a run that breaks a property, the share of continuations
 * that break it, if nothing else goes wrong: each turn and each input is as likely as any other. Counted
 * where there are few worlds, drawn by chance where there are more.
 */
import type { Property } from '../../../runtime/property.ts';
import type { System } from '../../../runtime/system.ts';
import { endOf, worldAt } from '../course.ts';
import type { Course } from '../course.ts';
import { chancesOf } from './chances.ts';
import { createContinuations } from './continuations.ts';
import { drawFrom } from './drawn.ts';
import type { Drawn } from './drawn.ts';
import { judgeOf, phasesOf } from './judge.ts';
import type { Judge, Phase } from './judge.ts';
import { turnsIn } from './turns.ts';

/** The share of continuations that fail after a step, from 0 to 1. */
export interface Fate {
  readonly step: number;
  readonly share: number;
  /** How many continuations were drawn, and how many of them were cut undecided; absent where all were counted. */
  readonly drawn?: Drawn;
}

/** The fates along a run. */
export interface Fates {
  /** In the order of the run; of a long one not every step. */
  readonly points: readonly Fate[];
  /** From this step on every continuation fails; absent where the run does not fail. */
  readonly inevitableFrom?: number;
  /** Worlds that were counted. */
  readonly worlds: number;
}

/** How much is looked at. */
export interface Effort {
  /** Worlds that are counted at the most. */
  readonly worldsMax: number;
  /** Steps of a long run from which continuations are drawn at first, evenly. */
  readonly pointsMax: number;
  /** Continuations that are drawn from each, and how long each may be. */
  readonly walks: number;
  readonly walkStepsMax: number;
}

const usual: Effort = { pointsMax: 40, walkStepsMax: 400, walks: 50, worldsMax: 6_000 };

/**
 * The fates along a course. It rests often, and says how much of it is done, from 0 to 1; nothing where the
 * run does not break the property.
 */
export function* fatesOf(
  course: Course,
  property: Property,
  effort: Partial<Effort> = {},
): Generator<number, Fates | undefined> {
  const { system } = course;
  const judge = judgeOf(system, property);
  if (judge === undefined) return undefined;
  const phases = phasesOf(judge, course.worlds);
  const last = lastOf(phases);
  if (last === undefined) return undefined;
  const asking = { course, effort: { ...usual, ...effort }, judge, last, phases };
  const counted = yield* count(asking);
  const points = yield* draw(asking, counted.fates);
  const from = points.findLastIndex(({ share }) => share < 1);
  const inevitable = points[from + 1];
  return {
    points,
    worlds: counted.worlds,
    ...(inevitable === undefined ? {} : { inevitableFrom: inevitable.step }),
  };
}

/** The step at which the run has failed: by which it is broken, or the end where something is still owed. */
function lastOf(phases: readonly Phase[]): number | undefined {
  const broken = phases.indexOf('fails');
  if (broken >= 0) return broken;
  return phases.at(-1) === 'owing' ? phases.length - 1 : undefined;
}

interface Asking {
  readonly course: Course;
  readonly effort: Effort;
  readonly judge: Judge;
  readonly last: number;
  readonly phases: readonly Phase[];
}

interface Counted {
  readonly fates: ReadonlyMap<number, Fate>;
  readonly worlds: number;
}

/** From the end backwards as far as there are not too many worlds. */
function* count({ course, effort, judge, last, phases }: Asking): Generator<number, Counted> {
  const { look, places } = createContinuations({ judge, system: course.system }, effort.worldsMax);
  const placeOf = new Map<number, number>();
  for (let step = last; step >= 0; step -= 1) {
    const looking = look(worldAt(course, step), phases[step] ?? 'open');
    let turn = looking.next();
    for (; turn.done !== true; turn = looking.next()) yield (last - step) / (last + 1) / 2;
    if (turn.value === undefined) break;
    placeOf.set(step, turn.value);
  }
  const all = places();
  const chances = chancesOf(all);
  const fates = [...placeOf].flatMap(([step, place]) => {
    const share = chances?.[place];
    return share === undefined ? [] : [[step, { share, step }] as const];
  });
  return { fates: new Map(fates), worlds: all.length };
}

/** The other steps: some of them evenly, and then those between which it became inevitable. */
function* draw(
  asking: Asking,
  counted: ReadonlyMap<number, Fate>,
): Generator<number, readonly Fate[]> {
  const { effort, last } = asking;
  const known = new Map(counted);
  const rest = Array.from({ length: last + 1 }, (_, step) => step).filter(
    (step) => !counted.has(step),
  );
  const every = Math.max(1, Math.ceil(rest.length / effort.pointsMax));
  const evenly = rest.toReversed().filter((_, index) => index % every === 0);
  for (const [index, step] of evenly.entries()) {
    yield 0.5 + index / evenly.length / 2;
    known.set(step, yield* fateAt(asking, step, known));
  }
  for (;;) {
    const points = [...known.values()].toSorted((a, b) => a.step - b.step);
    const low = points.findLastIndex(({ share }) => share < 1);
    const [before, after] = [points[low]?.step ?? 0, points[low + 1]?.step ?? 0];
    if (after - before <= 1) return points;
    const middle = (before + after) >> 1;
    known.set(middle, yield* fateAt(asking, middle, known));
  }
}

function* fateAt(
  { course, effort, judge, phases }: Asking,
  step: number,
  known: ReadonlyMap<number, Fate>,
): Generator<number, Fate> {
  const { system } = course;
  const world = worldAt(course, step);
  const next = known.get(step + 1);
  if (next !== undefined && isForced(course, step)) return { ...next, step };
  let failed = 0;
  let passed = 0;
  for (let walk = 0; walk < effort.walks; walk += 1) {
    const seed = step * effort.walks + walk;
    const phase = phases[step] ?? 'open';
    const end = drawFrom(system, { judge, phase, seed, stepsMax: effort.walkStepsMax, world });
    if (end === 'fails') failed += 1;
    if (end === 'passes') passed += 1;
    yield 1;
  }
  const decided = failed + passed;
  const drawn = { cut: effort.walks - decided, of: effort.walks };
  // What was cut has not failed: so nothing is called inevitable for want of patience.
  return { drawn, share: failed / Math.max(1, effort.walks), step };
}

/** Whether the next step is all that can come. */
function isForced(course: Course, step: number): boolean {
  if (step >= endOf(course)) return false;
  const { system } = course;
  const world = worldAt(course, step);
  const [only, ...others] = turnsIn(system, world);
  return (
    others.length === 0 &&
    only?.name === course.steps[step + 1]?.choice?.name &&
    system.dullest(world) !== undefined
  );
}

/** Whether fates can be told of the property at all. */
export function hasFate(system: System, property: Property): boolean {
  return judgeOf(system, property) !== undefined;
}
