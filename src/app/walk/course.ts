/**
 * One run with all its worlds: what time travel moves along. A course is a value; another choice at some
 * step of it makes another course that shares its beginning.
 */
import { SimulationError } from '../../core/errors.ts';
import type { Choice } from '../../kernel/choice.ts';
import { runSystem } from '../../kernel/run.ts';
import type { Chooser, Run } from '../../kernel/run.ts';
import type { Step } from '../../kernel/step.ts';
import { endPoint } from '../../kernel/tape.ts';
import type { Departure, Tape } from '../../kernel/tape.ts';
import type { World } from '../../kernel/world.ts';
import type { System } from '../../runtime/system.ts';

/** A run as far as it was made. */
export interface Course {
  readonly system: System;
  /** The first is the start of the system. */
  readonly steps: readonly Step[];
  /** The world after each step. */
  readonly worlds: readonly World[];
  /** Where it left its dullest way, and at which step. */
  readonly departures: readonly TakenDeparture[];
}

/** A departure and the step that took it. */
export interface TakenDeparture extends Departure {
  readonly step: number;
}

/** Steps that are made at once at the most, unless said otherwise: so many take a moment. */
export const stepsMaxDefault = 2_000;

/** The start of a system and nothing more. */
export function begin(system: System): Course {
  const { step, world } = system.start();
  return { departures: [], steps: [step], system, worlds: [world] };
}

/** The number of its last step. */
export function endOf({ steps }: Course): number {
  return steps.length - 1;
}

/** The world after step `at`. */
export function worldAt({ worlds }: Course, at: number): World {
  const world = worlds[Math.max(0, Math.min(at, worlds.length - 1))];
  if (world !== undefined) return world;
  throw new SimulationError('viewer/no-world', 'This run has no first world. Begin it anew.');
}

/** Whether the system has nothing left to do of its own where the course ends. */
export function isAtRest(course: Course): boolean {
  return course.system.dullest(worldAt(course, endOf(course))) === undefined;
}

/** All that could happen after step `at`, dullest first. */
export function choicesAt(course: Course, at: number): readonly Choice[] {
  return course.system.choices(worldAt(course, at));
}

/**
 * The course that takes `choice` after step `at`; what came after that step is not part of it.
 *
 * @throws {SimulationError} `kernel/not-offered`.
 */
export function take(course: Course, at: number, choice: Choice): Course {
  const { system } = course;
  const before = worldAt(course, at);
  const dull = system.dullest(before)?.name ?? endPoint;
  const { step, world } = system.apply(before, choice);
  const kept = cutAfter(course, at);
  return {
    departures:
      choice.name === dull
        ? kept.departures
        : [...kept.departures, { at: dull, step: at + 1, take: choice.name }],
    steps: [...kept.steps, step],
    system,
    worlds: [...kept.worlds, world],
  };
}

/** The course up to step `at`. */
export function cutAfter({ departures, steps, system, worlds }: Course, at: number): Course {
  return {
    departures: departures.filter(({ step }) => step <= at),
    steps: steps.slice(0, at + 1),
    system,
    worlds: worlds.slice(0, at + 1),
  };
}

/** The course gone on from its end for at most `stepsMax` steps: dully, or as the chooser says. */
export function goOn(course: Course, { chooser, stepsMax = stepsMaxDefault }: GoOn = {}): Course {
  const { system } = course;
  const departures = [...course.departures];
  const steps = [...course.steps];
  const worlds = [...course.worlds];
  let world = worldAt(course, endOf(course));
  for (let count = 0; count < stepsMax; count += 1) {
    const dull = system.dullest(world);
    const choice = chooser === undefined ? dull : chosen(system, world, { chooser, dull });
    if (choice === undefined) break;
    if (choice.name !== dull?.name) {
      departures.push({ at: dull?.name ?? endPoint, step: steps.length, take: choice.name });
    }
    const applied = system.apply(world, choice);
    world = applied.world;
    steps.push(applied.step);
    worlds.push(world);
  }
  return { departures, steps, system, worlds };
}

/** How to go on. */
export interface GoOn {
  readonly chooser?: Chooser;
  readonly stepsMax?: number;
}

interface Asking {
  readonly chooser: Chooser;
  readonly dull: Choice | undefined;
}

function chosen(system: System, world: World, { chooser, dull }: Asking): Choice | undefined {
  const choices = system.choices(world);
  const options = dull === undefined ? [undefined, ...choices] : choices;
  return options[Math.min(Math.max(0, chooser(options, world)), options.length - 1)];
}

/** The departures alone. */
export function tapeOf({ departures }: Course): Tape {
  return departures.map(({ at, take: taken }) => ({ at, take: taken }));
}

/** As a run, for what records and tells of runs. */
export function runOf(course: Course): Run {
  const world = worldAt(course, endOf(course));
  return {
    ended: isAtRest(course) ? 'quiescent' : 'steps-max',
    hash: course.system.hash(world),
    steps: course.steps,
    tape: tapeOf(course),
    world,
  };
}

/** A course by its tape. */
export interface FollowTape {
  readonly tape: Tape;
  /** Steps after which it ends. */
  readonly stepsMax?: number;
  /** What to do with a departure that does not fit. */
  readonly replay?: 'strict' | 'tolerant';
}

/**
 * The course that a tape describes.
 *
 * @throws {SimulationError} `kernel/tape-mismatch` in strict replay.
 */
export function follow(
  system: System,
  { replay = 'strict', stepsMax = stepsMaxDefault, tape }: FollowTape,
): Course {
  const steps: Step[] = [];
  const worlds: World[] = [];
  const run = runSystem(system, {
    onStep: (step, world) => {
      steps.push(step);
      worlds.push(world);
    },
    replay,
    tape,
    until: () => steps.length > stepsMax,
  });
  return { departures: placed(run), steps, system, worlds };
}

/** Each departure of a run with the step that took it: both come in the order of the run. */
export function placed({ steps, tape }: Pick<Run, 'steps' | 'tape'>): readonly TakenDeparture[] {
  const taken: TakenDeparture[] = [];
  for (const { choice, index } of steps) {
    const next = tape[taken.length];
    if (next !== undefined && choice?.name === next.take) taken.push({ ...next, step: index });
  }
  return taken;
}
