/** A world on the way of the run in hand, and what has still to be taken from it. */
import type { Taken } from './footprint.ts';
import type { Offer } from './offer.ts';
import { mayBeginWith } from './wakeup.ts';
import type { Branch } from './wakeup.ts';

/** One world of the run in hand. */
export interface Frame {
  /** What has still to be taken. */
  readonly branches: Branch[];
  /** The step that was taken from here last. */
  current: Taken | undefined;
  /** The names of the steps that slept already when the world was come to. */
  readonly asleepBefore: ReadonlySet<number>;
  /** Whether all that is offered has to be taken, unless it sleeps. */
  isFull: boolean;
  /** Whether the bound on worlds leaves it out. */
  readonly isOutside: boolean;
  /** Sleeping steps that the current one took away. */
  gone: readonly Taken[];
  /** What is there and not offered, by name; empty where nobody wants to know. */
  readonly withheld: ReadonlyMap<number, Taken>;
  /** The names of steps that were taken from here and lead to where the bound leaves worlds out. */
  readonly leadingOut: Set<number>;
  readonly offers: readonly Offer[];
  /** Steps whose runs were looked at before, from this world or one before it, by their names. */
  readonly sleep: Map<number, Taken>;
  readonly vector: Int32Array;
}

/** What to take next. */
export interface Next {
  readonly after: Branch[];
  readonly offer: Offer;
}

/** Takes the next thing to do off a world; `undefined` when there is none. */
export function nextOf(frame: Frame): Next | undefined {
  const { branches, current, isFull, offers, sleep } = frame;
  for (let branch = branches.shift(); branch !== undefined; branch = branches.shift()) {
    const { after, taken } = branch;
    const offer = offers.find(({ id }) => id === taken.offer.id);
    if (offer !== undefined && !sleep.has(offer.id)) return { after, offer };
  }
  if (current !== undefined && !isFull) return undefined;
  const offer = offers.find(({ id }) => !sleep.has(id));
  return offer && { after: [], offer };
}

/** Whether runs that begin with these steps were looked at before. */
export function isAsleep({ sleep }: Frame, steps: readonly Taken[]): boolean {
  for (const taken of sleep.values()) if (mayBeginWith(taken, steps)) return true;
  return false;
}
