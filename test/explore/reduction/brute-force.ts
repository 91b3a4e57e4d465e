import { createWalker } from '../../../src/explore/interned/steps/walker.ts';
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
  const { take } = createTaker(space, sight);
  const runs = new Map<string, readonly Taken[]>();
  const run: Taken[] = [];
  const visit = (vector: Int32Array): void => {
    if (runs.size > runsMax) return;
    const here = offers.all(vector);
    const isQuiet = !here.some(isOwn);
    const isCut = run.length >= depthMax;
    if (isQuiet || isCut) runs.set(nameOf(run), [...run]);
    if (isCut) return;
    for (const offer of here) {
      const { taken, vector: after } = take(vector, offer);
      run.push(taken);
      visit(after);
      run.pop();
    }
  };
  visit(first());
  return runs.size > runsMax ? undefined : { all: runs.size, traces: tracesAmong(runs) };
}

interface RunsOptions {
  readonly depthMax: number;
  readonly runsMax: number;
  readonly sight?: Sight;
}

/**
 * Of how many kinds runs are, where two are of one kind if one becomes the other by exchanging
 * neighbours that do not depend on one another: Mazurkiewicz's traces, by their very definition.
 */
function tracesAmong(runs: ReadonlyMap<string, readonly Taken[]>): number {
  const leaders = new Map<string, string>();
  const leaderOf = (name: string): string => {
    let leader = name;
    for (let next = leaders.get(leader); next !== undefined; next = leaders.get(leader)) {
      leader = next;
    }
    return leader;
  };
  let traces = runs.size;
  for (const [name, run] of runs) {
    for (const exchanged of exchangesOf(run)) {
      const [one, other] = [leaderOf(name), leaderOf(nameOf(exchanged))];
      if (one === other || !runs.has(other)) continue;
      leaders.set(one, other);
      traces -= 1;
    }
  }
  return traces;
}

function exchangesOf(run: readonly Taken[]): readonly (readonly Taken[])[] {
  return run.flatMap((first, place) => {
    const second = run[place + 1];
    if (second === undefined || areDependent(first, second)) return [];
    return [run.toSpliced(place, 2, second, first)];
  });
}

function nameOf(run: readonly Taken[]): string {
  return run.map(({ offer }) => offer.id).join();
}
