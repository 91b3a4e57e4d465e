import { createWalker } from '../../../src/explore/interned/walker.ts';
import { areDependent } from '../../../src/explore/reduction/footprint.ts';
import type { Taken } from '../../../src/explore/reduction/footprint.ts';
import type { Sight } from '../../../src/explore/reduction/footprints.ts';
import { createOffers, isOwn } from '../../../src/explore/reduction/offer.ts';
import { createTaker } from '../../../src/explore/reduction/taker.ts';
import { defineSystem } from '../../../src/index.ts';
import type { SystemDefinition } from '../../../src/index.ts';
import { contentsOfVector } from '../interned/contents.ts';

/** The worlds in which a system has nothing left to do, of all that at most `depthMax` steps lead to. */
export function endsOf(definition: SystemDefinition, depthMax: number): readonly string[] {
  const { change, expand, first, space } = createWalker(defineSystem(definition).mechanics);
  const offers = createOffers(space);
  const ends = new Set<string>();
  const seen = new Set<string>();
  let level: readonly Int32Array[] = [first()];
  for (let depth = 0; depth <= depthMax && level.length > 0; depth += 1) {
    const next: Int32Array[] = [];
    for (const vector of level) {
      const key = vector.join().replace(/(?:,0)+$/, '');
      if (seen.has(key)) continue;
      seen.add(key);
      if (!offers.all(vector).some(isOwn)) ends.add(contentsOfVector(space, vector));
      if (depth === depthMax) continue;
      expand(vector, () => {
        next.push(Int32Array.from(space.slots, (_, slot) => change.at(slot)));
      });
    }
    level = next;
  }
  return [...ends].toSorted();
}

/** The runs of a system, counted one by one and up to the order of independent steps. */
export interface Runs {
  readonly all: number;
  readonly traces: number;
}

/** Makes every run of a system; `undefined` if there are more than `runsMax`. */
export function runsOf(
  definition: SystemDefinition,
  { depthMax, runsMax, sight = () => 0 }: RunsOptions,
): Runs | undefined {
  const { first, space } = createWalker(defineSystem(definition).mechanics);
  const offers = createOffers(space);
  const take = createTaker(space, sight);
  const traces = new Set<string>();
  let all = 0;
  const run: Made[] = [];
  const visit = (vector: Int32Array): void => {
    if (all > runsMax) return;
    const here = offers.all(vector);
    const isQuiet = !here.some(isOwn);
    const isCut = run.length >= depthMax;
    if (isQuiet || isCut) {
      all += 1;
      traces.add(normalForm(run));
    }
    if (isCut) return;
    for (const offer of here) {
      const { taken, vector: after } = take(vector, offer);
      const { label, slot } = offer.move;
      const parcel = 'parcel' in label ? label.parcel : -1;
      const mail = space.slots[slot]?.cells.all[vector[slot] ?? 0]?.mail ?? [];
      const copies = mail.filter((number) => number === parcel).length;
      run.push({ cause: copies === 0 ? undefined : causeOf(run, parcel, copies), taken });
      visit(after);
      run.pop();
    }
  };
  visit(first());
  return all > runsMax ? undefined : { all, traces: traces.size };
}

interface RunsOptions {
  readonly depthMax: number;
  readonly runsMax: number;
  readonly sight?: Sight;
}

/** A step of a run, and the step that sent what it is about. */
interface Made {
  readonly cause: Made | undefined;
  readonly taken: Taken;
}

/** The step that sent the oldest of the equal messages of which one is about to be taken. */
function causeOf(run: readonly Made[], parcel: number, copies: number): Made | undefined {
  const senders = run.flatMap((made) =>
    made.taken.added.flatMap((number) => (number === parcel ? [made] : [])),
  );
  return copies > senders.length ? undefined : senders.at(-copies);
}

/**
 * The names of the steps of a run in the one order that all equivalent runs share: each time the step
 * with the smallest name among those that wait for no other.
 */
function normalForm(run: readonly Made[]): string {
  let left = [...run];
  const names: number[] = [];
  while (left.length > 0) {
    const ready = left.filter((step, index) =>
      left
        .slice(0, index)
        .every((earlier) => step.cause !== earlier && !areDependent(earlier.taken, step.taken)),
    );
    const least = ready.toSorted((one, other) => one.taken.offer.id - other.taken.offer.id)[0];
    if (least === undefined) break;
    names.push(least.taken.offer.id);
    left = left.filter((step) => step !== least);
  }
  return names.join();
}
