/**
 * Races with what never happens in a run: with what is there and not on offer, and with the end that a
 * run would have come to without something from outside. Neither is a step of the run in hand, so that it
 * is put behind it for as long as it takes to see what it races with.
 *
 * @see Abdulla, Aronis, Jonsson and Sagonas, "Source Sets", JACM 64(4), 2017, section 8 (steps that
 * others disable); there locks alone do so, here whatever `there.ts` names.
 */
import type { Move } from '../interned/cells/cell.ts';
import type { Space } from '../interned/space.ts';
import { areDependent } from './footprint.ts';
import type { Taken } from './footprint.ts';
import type { Frame } from './frame.ts';
import { copiesOf, isOwn } from './offer.ts';
import type { Offer } from './offer.ts';
import { plan, reverse } from './races.ts';
import type { RaceOptions } from './races.ts';
import { timeResource } from './resource.ts';

/** A run in hand, with all that is there in its worlds. */
export interface Withholding extends RaceOptions {
  readonly prospect: (vector: Int32Array, offer: Offer) => Taken;
  readonly space: Space;
  /** What is there in a world, on offer or not. */
  readonly there: (vector: Int32Array) => readonly Move[];
}

/** What is there in a world that the run comes to and is not on offer, by name; its races are planned. */
export function lookAtWithheld(
  run: Withholding,
  {
    before,
    offers,
    vector,
  }: Pick<Frame, 'offers' | 'vector'> & { readonly before: Frame | undefined },
): ReadonlyMap<number, Taken> {
  const offered = new Set(offers.map(({ id }) => id));
  const last = run.order.steps.at(-1);
  const found = new Map<number, Taken>();
  for (const move of run.there(vector)) {
    const offer = run.offers.offerOf(move);
    if (offered.has(offer.id) || found.has(offer.id)) continue;
    const known = before?.withheld.get(offer.id);
    const taken = known ?? run.prospect(vector, offer);
    found.set(offer.id, taken);
    // As long as nothing comes that concerns it, all is as it was.
    if (known === undefined || (last !== undefined && areDependent(last, known))) {
      raceAgainst(run, taken, copiesOf(run.space, vector, offer));
    }
  }
  return found;
}

/** Has each run looked at in which what is withheld comes before a step that it depends on. */
function raceAgainst(run: Withholding, taken: Taken, copies: number): void {
  const { order } = run;
  const later = order.steps.length;
  order.push(taken, copies, true);
  for (let earlier = later - 1; earlier >= 0; earlier -= 1) {
    const step = order.steps[earlier];
    if (step === undefined || !areDependent(step, taken)) continue;
    reverse(run, earlier, later);
    // Before the clock was moved it was something else.
    if (step.writes.includes(timeResource)) break;
  }
  order.pop();
}

/**
 * Has the runs looked at that come to rest without something from outside: what did not come of it is
 * left. Properties of worlds at rest need them, for no run need take what the environment may give.
 */
export function planEnds({ frames, order }: RaceOptions): void {
  const { isAfter, steps } = order;
  for (const [index, { offer }] of steps.entries()) {
    const frame = frames[index];
    if (isOwn(offer) || frame === undefined) continue;
    const others = steps.filter((_, later) => later > index && !isAfter(later, index));
    if (others.length > 0) plan(frame, others, 'careful');
  }
}
