/** Makes courses of a system, each branching off from another, until a budget of steps is used up. */
import type { Choice } from '../../kernel/choice.ts';
import { isFault } from '../../kernel/choice.ts';
import { endPoint } from '../../kernel/tape.ts';
import type { Tape } from '../../kernel/tape.ts';
import type { World } from '../../kernel/world.ts';
import type { System } from '../../runtime/system.ts';
import type { Aim } from './aim.ts';
import { attempt } from './attempt.ts';
import { dullestOf, isDeparture, isSmaller, sizeOf } from './course.ts';
import type { Course, Order, Size, Taken } from './course.ts';
import { matchOf } from './match.ts';
import { sweep } from './sweep.ts';
import type { SweepOptions } from './sweep.ts';

/** Makes courses that reach the goal. */
export interface Rehearsal {
  /** The course that departs where the tape says, where it still fits, and is dull everywhere else. */
  readonly depart: (tape: Tape, within: Size, from?: Branch) => Course | undefined;
  /** The course that takes what is wanted as far as it is offered, nothing between, and is dull after it. */
  readonly follow: (wanted: readonly Choice[], within: Size, from?: Branch) => Course | undefined;
  readonly hasBudget: () => boolean;
  /** The smallest of all courses within a size, or `undefined` where none of the first so many reaches the goal. */
  readonly smallest: (within: Size, order: Order) => Course | undefined;
  /** Courses and steps that were made so far. */
  readonly spent: () => Spent;
}

/** What making courses has cost. */
export interface Spent {
  readonly replays: number;
  readonly steps: number;
}

/** The point where a course leaves another. */
export interface Branch {
  readonly course: Course;
  /** How many of its steps are kept. */
  readonly kept: number;
}

/** What a rehearsal is made of. */
export interface RehearsalOptions {
  readonly aim: Aim;
  /** Steps over all courses. */
  readonly stepsMax: number;
  readonly system: System;
}

/** Worlds that are come to in the search for the smallest course: about a second's worth. */
const sweptMax = 20_000;

/** Says which choice is next; `undefined` ends the course short of its goal. */
type Prompter = (world: World) => Omit<Taken, 'happened'> | undefined;

/** A rehearsal of a system. */
export function createRehearsal({ aim, stepsMax, system }: RehearsalOptions): Rehearsal {
  const opening = system.start().world;
  let [replays, steps] = [0, 0];
  const perform = (next: Prompter, within: Size, from?: Branch): Course | undefined => {
    replays += 1;
    const taken = from?.course.taken.slice(0, from.kept) ?? [];
    const worlds = from?.course.worlds.slice(0, from.kept + 1) ?? [opening];
    const moods = from?.course.moods.slice(0, from.kept + 1) ?? [aim(opening, 'open')];
    let { departures, faults } = sizeOf(taken);
    let world = worlds.at(-1) ?? opening;
    let mood = moods.at(-1) ?? 'open';
    while (mood !== 'met' && mood !== 'lost' && taken.length < within.steps && steps < stepsMax) {
      const step = next(world);
      if (step === undefined) return undefined;
      if (isDeparture(step)) departures += 1;
      if (isFault(step.choice)) faults += 1;
      if (departures > within.departures || faults > within.faults) return undefined;
      steps += 1;
      const made = attempt(() => {
        const applied = system.apply(world, step.choice);
        return { ...applied, mood: aim(applied.world, mood) };
      });
      if (made === undefined) return undefined;
      ({ mood, world } = made);
      taken.push({ ...step, happened: made.step.happened });
      worlds.push(world);
      moods.push(mood);
    }
    return mood === 'met' ? { moods, size: sizeOf(taken), taken, worlds } : undefined;
  };
  const dully: Prompter = (world) => {
    const dull = system.dullest(world);
    return dull && { choice: dull, dull };
  };
  const following = (wanted: readonly Choice[]): Prompter => {
    let position = 0;
    return (world) => {
      const offered = position < wanted.length ? system.choices(world) : [];
      for (; position < wanted.length; position += 1) {
        const one = wanted[position];
        const choice = one && matchOf(offered, one);
        if (choice === undefined) continue;
        position += 1;
        return { choice, dull: dullestOf(offered) };
      }
      return dully(world);
    };
  };
  const smallest = (within: Size, order: Order): Course | undefined =>
    sweptTwice({
      aim,
      order,
      perform: (wanted) => perform(following(wanted), within),
      spend: () => {
        steps += 1;
        return steps < stepsMax;
      },
      system,
      within,
    });
  return {
    depart: (tape, within, from) => perform(departing(system, tape), within, from),
    follow: (wanted, within, from) => perform(following(wanted), within, from),
    hasBudget: () => steps < stepsMax,
    smallest,
    spent: () => ({ replays, steps }),
  };
}

interface Sweeping extends Omit<SweepOptions, 'isExact' | 'mayGoOn'> {
  readonly perform: (wanted: readonly Choice[]) => Course | undefined;
  /** Counts a step; whether there may be more. */
  readonly spend: () => boolean;
}

/** The smallest course of those that are looked at; where worlds are few, more of them are told apart as well. */
function sweptTwice({ perform, spend, ...options }: Sweeping): Course | undefined {
  let left = sweptMax;
  const mayGoOn = (): boolean => {
    left -= 1;
    return spend() && left >= 0;
  };
  const swept = (isExact: boolean): Course | undefined => {
    const wanted = sweep({ ...options, isExact, mayGoOn });
    return wanted && perform(wanted);
  };
  const found = swept(false);
  if (left < sweptMax / 2) return found;
  const exact = swept(true);
  if (found === undefined || exact === undefined) return exact ?? found;
  return isSmaller(exact.size, found.size, options.order) ? exact : found;
}

/** Departures of one point are taken in their order; points come in the order of the run. */
function departing(system: System, tape: Tape): Prompter {
  const waiting = new Map<string, string[]>();
  for (const { at, take } of tape) {
    const known = waiting.get(at);
    if (known === undefined) waiting.set(at, [take]);
    else known.push(take);
  }
  return (world) => {
    const dull = system.dullest(world);
    const here = waiting.get(dull?.name ?? endPoint) ?? [];
    const offered = here.length === 0 ? [] : system.choices(world);
    for (const [index, take] of here.entries()) {
      const choice = offered.find(({ name }) => name === take);
      if (choice === undefined) continue;
      here.splice(0, index + 1);
      return { choice, dull };
    }
    return dull && { choice: dull, dull };
  };
}
