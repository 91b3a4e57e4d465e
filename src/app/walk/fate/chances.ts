/**
 * With what chance a walk through a graph fails, if at each place each way on is as likely as any other:
 * the hitting probabilities of a finite Markov chain. Places from which all walks fail, or none, are found
 * by the graph alone, so no rounding makes something certain that is not.
 *
 * @see Baier and Katoen, "Principles of Model Checking", 2008, sections 10.1.1 and 10.1.2.
 */
import { cyclicComponents } from '../../../explore/liveness/components.ts';

/** A place: where its ways lead, and how a walk may end in it. At least one of both. */
export interface Place {
  readonly next: readonly number[];
  readonly ends: readonly ('fails' | 'passes')[];
  /** Whether a walk that never leaves places like this one fails. */
  readonly isOwing: boolean;
}

const sweepsMax = 5_000;
const precise = 1e-10;

/** The chance of each place; `undefined` where it could not be worked out to ten digits. */
export function chancesOf(places: readonly Place[]): Float64Array | undefined {
  const settled = withCircles(places);
  const canFail = reaching(settled, 'fails');
  const canPass = reaching(settled, 'passes');
  const chances = Float64Array.from(settled, (_, at) => (canPass[at] === 1 ? 0 : 1));
  for (let sweep = 0; sweep < sweepsMax; sweep += 1) {
    let change = 0;
    // Later places were found from earlier ones: so most ways lead to what is known already.
    for (let at = settled.length - 1; at >= 0; at -= 1) {
      const place = settled[at];
      if (place === undefined || canFail[at] === 0 || canPass[at] === 0) continue;
      const chance = meanOf(place, chances);
      change = Math.max(change, Math.abs(chance - (chances[at] ?? 0)));
      chances[at] = chance;
    }
    if (change < precise) return chances;
  }
  return undefined;
}

function meanOf({ ends, next }: Place, chances: Float64Array): number {
  const failing = ends.filter((end) => end === 'fails').length;
  const sum = next.reduce((all, to) => all + (chances[to] ?? 0), failing);
  return sum / (next.length + ends.length);
}

/** Where walks go round for ever with no way out, they end as what they go round in says. */
function withCircles(places: readonly Place[]): readonly Place[] {
  const settled = [...places];
  for (const circle of cyclicComponents(graphOf(places))) {
    const inside = new Set(circle);
    const members = [...circle].flatMap((at) => places[at] ?? []);
    const isClosed = members.every(
      ({ ends, next }) => ends.length === 0 && next.every((to) => inside.has(to)),
    );
    if (!isClosed) continue;
    const end = members.every(({ isOwing }) => isOwing) ? 'fails' : 'passes';
    for (const at of circle) settled[at] = { ends: [end], isOwing: end === 'fails', next: [] };
  }
  return settled;
}

function graphOf(places: readonly Place[]) {
  const offsets = new Int32Array(places.length + 1);
  for (const [at, { next }] of places.entries()) {
    offsets[at + 1] = (offsets[at] ?? 0) + next.length;
  }
  return {
    offsets,
    size: places.length,
    targets: Int32Array.from(places.flatMap(({ next }) => next)),
  };
}

/** From which places some walk comes to such an end. */
function reaching(places: readonly Place[], end: 'fails' | 'passes'): Uint8Array {
  const sources: number[][] = places.map(() => []);
  for (const [at, { next }] of places.entries()) for (const to of next) sources[to]?.push(at);
  const found = new Uint8Array(places.length);
  const open = places.flatMap(({ ends }, at) => (ends.includes(end) ? [at] : []));
  for (const at of open) found[at] = 1;
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const source of sources[at] ?? []) {
      if (found[source] === 1) continue;
      found[source] = 1;
      open.push(source);
    }
  }
  return found;
}
