/**
 * Finds in a run what could have come the other way round, and has it looked at: for each race of two
 * steps the run in which the second does not wait for the first.
 *
 * @see Abdulla, Aronis, Jonsson and Sagonas, "Source Sets", JACM 64(4), 2017: algorithm 1 (source-DPOR),
 * algorithm 2 (optimal-DPOR). Here races are looked for at the end of a run in both.
 */
import { areDependent } from './footprint.ts';
import type { Taken } from './footprint.ts';
import { isAsleep } from './frame.ts';
import type { Frame } from './frame.ts';
import type { Offers } from './offer.ts';
import type { Order } from './order.ts';
import { initialsOf, insert } from './wakeup.ts';

/**
 * How to go on from a race. `optimal` plans the whole sequence that leads there, `source` its first step.
 * Where a step may take away what another one offers, that sequence may be more than there will be: then
 * `careful` plans the first step of what the second step of the race cannot do without.
 */
export type Method = 'careful' | 'optimal' | 'source';

/** What the search for races is told. */
export interface RaceOptions {
  readonly frames: readonly Frame[];
  readonly method: Method;
  readonly offers: Offers;
  readonly order: Order;
  readonly take: (
    vector: Int32Array,
    offer: Taken['offer'],
  ) => {
    readonly taken: Taken;
    readonly vector: Int32Array;
  };
}

/**
 * Looks at the races of a run, of which all steps before `from` were looked at in another run. What an
 * optimal search plans holds all that does not wait for the first step of a race, so that a race counts
 * anew when more of that has come.
 */
export function reverseRaces(options: RaceOptions, from: number): void {
  const { frames, method, order } = options;
  const { length } = order.steps;
  for (let later = from; later < length; later += 1) {
    for (let earlier = 0; earlier < later; earlier += 1) {
      const gone = frames[earlier]?.gone ?? [];
      if (gone.length === 0 || order.isAfter(later, earlier)) continue;
      // A step that would wake what sleeps, and that what took this away has nothing to do with.
      const step = order.steps[later];
      const isWaking = step !== undefined && gone.some((other) => areDependent(other, step));
      if (isWaking) reverse(options, earlier, later);
    }
  }
  for (let later = method === 'optimal' ? 0 : from; later < length; later += 1) {
    for (const earlier of order.nearest(later)) {
      if (later >= from || hasNews(order, { earlier, from })) reverse(options, earlier, later);
    }
  }
}

function hasNews(
  { isAfter, steps }: Order,
  { earlier, from }: { readonly earlier: number; readonly from: number },
): boolean {
  for (let step = Math.max(from, earlier + 1); step < steps.length; step += 1) {
    if (!isAfter(step, earlier)) return true;
  }
  return false;
}

/** Has a sequence that begins in a world looked at, unless it was. */
export function plan(frame: Frame, steps: readonly Taken[], method: Method): void {
  if (method === 'optimal') {
    if (!isAsleep(frame, steps)) insert(frame.branches, steps);
    return;
  }
  const { branches, current, sleep } = frame;
  const initials = initialsOf(steps);
  const isKnown = initials.some(
    ({ offer: { id } }) =>
      sleep.has(id) ||
      current?.offer.id === id ||
      branches.some(({ taken }) => taken.offer.id === id),
  );
  const [first] = initials;
  if (!isKnown && first !== undefined) branches.push({ after: [], taken: first });
}

/** Has the run looked at in which the later of two steps does not wait for the earlier. */
export function reverse(options: RaceOptions, earlier: number, later: number): void {
  const { frames, method, order } = options;
  const { steps } = order;
  const [frame, first, second] = [frames[earlier], steps[earlier], steps[later]];
  if (frame === undefined || first === undefined || second === undefined) return;
  if (first.offer.id === second.offer.id || order.causeOf(later) === earlier) return;
  const between = betweenOf(options, earlier, later);
  for (const last of takenAfter(options, { between, frame, second })) {
    plan(frame, [...between, last], method);
  }
}

/** The steps after the first of a race that do not wait for it, as far as they are planned. */
function betweenOf({ method, order }: RaceOptions, earlier: number, later: number): Taken[] {
  const { isAfter, steps } = order;
  const end = method === 'optimal' ? steps.length : later;
  const between: Taken[] = [];
  for (let step = earlier + 1; step < end; step += 1) {
    const taken = steps[step];
    if (taken === undefined || step === later || isAfter(step, earlier)) continue;
    if (method === 'careful' && !isAfter(later, step)) continue;
    between.push(taken);
  }
  return between;
}

interface Reversal {
  readonly between: readonly Taken[];
  readonly frame: Frame;
  readonly second: Taken;
}

/** The second step as it is without the first; nothing where it only comes of it. */
function takenAfter(
  { offers, take }: RaceOptions,
  { between, frame, second }: Reversal,
): readonly Taken[] {
  let { vector } = frame;
  for (const { offer } of between) {
    const here = offers.find(vector, offer);
    if (here === undefined) return [];
    vector = take(vector, here).vector;
  }
  return offers.alike(vector, second.offer).map((last) => take(vector, last).taken);
}
