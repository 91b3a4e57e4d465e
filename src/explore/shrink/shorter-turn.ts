/**
 * Leaves out of a turn what it does not need: what is left must lead round to the same world, and no more be
 * unfair or cease to wait than the whole did.
 */
import type { Choice } from '../../kernel/choice.ts';
import { runSystem } from '../../kernel/run.ts';
import type { World } from '../../kernel/world.ts';
import type { LivenessProperty } from '../../runtime/property.ts';
import type { System } from '../../runtime/system.ts';
import { whyKept } from '../liveness/broken-run.ts';
import { attempt } from './attempt.ts';
import { actorOf, dullestFirst, dullestOf, isSmaller, sizeOf, tapeOf } from './course.ts';
import type { Course, Taken } from './course.ts';
import { matchOf } from './match.ts';
import { thin } from './thin.ts';

/** Steps of replays after which a turn is short enough. */
const stepsMax = 30_000;

/** Turns up to which all pairs of steps are tried: what leads away and back is two steps at least. */
const pairedMax = 24;

type Parts = (taken: readonly Taken[], start: number) => readonly (readonly number[])[];

/** All steps of each actor; each step; each two. */
const ways: readonly Parts[] = [
  (taken, start) => {
    const places = placesFrom(taken, start);
    const actors = [...new Set(taken.slice(start).map(({ choice }) => actorOf(choice)))];
    return actors.map((actor) =>
      places.filter((place) =>
        taken.slice(place, place + 1).some(({ choice }) => actorOf(choice) === actor),
      ),
    );
  },
  (taken, start) => placesFrom(taken, start).map((place) => [place]),
  (taken, start) => {
    const places = placesFrom(taken, start);
    if (places.length > pairedMax) return [];
    return places.flatMap((one) =>
      places.filter((other) => other > one).map((other) => [one, other]),
    );
  },
];

/** The course, whose steps from `start` on are a turn, with a turn of which nothing that was tried can be left out. */
export function withShorterTurn(
  system: System,
  { property, start }: { readonly property: LivenessProperty; readonly start: number },
  course: Course,
): Course {
  let steps = 0;
  const shorter = (before: Course, partsIn: Parts): Course =>
    thin<readonly number[]>(before, {
      attempt: (best, gone) => {
        const missing = new Set(gone.flat());
        const wanted = best.taken.flatMap(({ choice }, index) =>
          index < start || missing.has(index) ? [] : [choice],
        );
        steps += wanted.length;
        const made = attempt(() => turned(system, { best, start, wanted }));
        if (made === undefined || !isSmaller(made.size, best.size, dullestFirst)) return undefined;
        steps += 2 * made.taken.length;
        return isBroken(system, property, { course: made, start }) ? made : undefined;
      },
      hasBudget: () => steps < stepsMax,
      order: dullestFirst,
      partsOf: ({ taken }) => partsIn(taken, start),
    });
  return ways.reduce(shorter, course);
}

function placesFrom(taken: readonly Taken[], start: number): readonly number[] {
  return [...taken.keys()].slice(start);
}

interface Turning {
  readonly best: Course;
  readonly start: number;
  readonly wanted: readonly Choice[];
}

/** The beginning, then what is wanted as far as it is offered; `undefined` where that does not lead round. */
function turned(system: System, { best, start, wanted }: Turning): Course | undefined {
  const taken: Taken[] = best.taken.slice(0, start);
  const worlds: World[] = best.worlds.slice(0, start + 1);
  const first = worlds.at(-1);
  if (first === undefined) return undefined;
  let world = first;
  for (const one of wanted) {
    const offered = system.choices(world);
    const choice = matchOf(offered, one);
    if (choice === undefined) continue;
    const applied = system.apply(world, choice);
    ({ world } = applied);
    taken.push({ choice, dull: dullestOf(offered), happened: applied.step.happened });
    worlds.push(world);
  }
  if (taken.length === start || system.hash(world) !== system.hash(first)) return undefined;
  return { moods: best.moods.slice(0, worlds.length), size: sizeOf(taken), taken, worlds };
}

interface Round {
  readonly course: Course;
  readonly start: number;
}

function isBroken(system: System, property: LivenessProperty, { course, start }: Round): boolean {
  const run = runSystem(system, {
    tape: tapeOf(course),
    until: ({ ledger }) => ledger.steps >= course.taken.length,
  });
  return whyKept(system, property, { loop: { from: start + 1 }, run }) === undefined;
}
