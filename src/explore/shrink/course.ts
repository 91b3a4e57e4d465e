/** A way through a system, with all that is needed to branch off from any of its points. */
import { rootOf } from '../../core/address.ts';
import { address } from '../../core/brand.ts';
import type { Choice } from '../../kernel/choice.ts';
import { isExternal, isFault, placeOf } from '../../kernel/choice.ts';
import type { Happening } from '../../kernel/step.ts';
import { endPoint } from '../../kernel/tape.ts';
import type { Departure, Tape } from '../../kernel/tape.ts';
import type { World } from '../../kernel/world.ts';
import type { Mood } from './aim.ts';

/** A run so far. */
export interface Course {
  /** How far it had come in each of its worlds. */
  readonly moods: readonly Mood[];
  readonly size: Size;
  readonly taken: readonly Taken[];
  /** The worlds before each step, and the one after the last. */
  readonly worlds: readonly World[];
}

/** One step of a course. */
export interface Taken {
  readonly choice: Choice;
  /** The dullest choice at that point; absent where the system had nothing left to do. */
  readonly dull: Choice | undefined;
  /** What came of it. */
  readonly happened: readonly Happening[];
}

/** How large a run is. */
export interface Size {
  readonly faults: number;
  /** Steps in which another choice than the dullest was taken. */
  readonly departures: number;
  readonly steps: number;
  /** How often a step is another actor's than the one before it. */
  readonly switches: number;
}

/** What counts first when two runs are compared. */
export type Order = readonly (keyof Size)[];

/** The counterexample that is easiest to read. */
export const dullestFirst: Order = ['faults', 'departures', 'steps', 'switches'];

/** The one with the least that happens. */
export const shortestFirst: Order = ['faults', 'steps', 'departures', 'switches'];

/** Whether a size comes before another in an order. */
export function isSmaller(one: Size, other: Size, order: Order): boolean {
  for (const key of order) if (one[key] !== other[key]) return one[key] < other[key];
  return false;
}

/** The dullest of a world's choices; `undefined` where the system has nothing left to do. */
export function dullestOf([first]: readonly Choice[]): Choice | undefined {
  return first === undefined || isExternal(first) ? undefined : first;
}

/** Whether another choice than the dullest was taken. */
export function isDeparture({ choice, dull }: Pick<Taken, 'choice' | 'dull'>): boolean {
  return choice.name !== dull?.name;
}

/** The departures of a course. */
export function tapeOf({ taken }: Pick<Course, 'taken'>): Tape {
  return taken.filter(isDeparture).map(departureOf);
}

/** A step as a departure. */
export function departureOf({ choice, dull }: Taken): Departure {
  return { at: dull?.name ?? endPoint, take: choice.name };
}

/** The size of the steps of a course. */
export function sizeOf(taken: readonly Taken[]): Size {
  let [faults, departures, switches] = [0, 0, 0];
  let last = '';
  for (const step of taken) {
    const actor = actorOf(step.choice);
    if (isFault(step.choice)) faults += 1;
    if (isDeparture(step)) departures += 1;
    if (last !== '' && actor !== last) switches += 1;
    last = actor;
  }
  return { departures, faults, steps: taken.length, switches };
}

/** Whose step a choice is: a child's is that of the actor above all. */
export function actorOf(choice: Choice): string {
  return rootOf(address(placeOf(choice)));
}
