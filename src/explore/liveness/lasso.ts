/**
 * A run without end that is fair and stays in a region: it goes round in a strongly connected part, in
 * which each duty is done by some step or is none in some world. With weak fairness no part of such a
 * part needs to be looked at: what is owed all over it, and never done in it, is so in each part of it.
 *
 * @see Lichtenstein and Pnueli, "Checking that finite state concurrent programs satisfy their linear
 * specification", POPL 1985, section 4 (justice).
 */
import { invariant } from '../../core/errors.ts';
import type { Walker } from '../interned/steps/walker.ts';
import { cyclicComponents } from './components.ts';
import { createDuties } from './duties.ts';
import type { Duties } from './duties.ts';
import type { Region } from './region.ts';

/** Where a run without end goes round. */
export interface Lasso {
  /** The moves of one turn, by place among those of their worlds. */
  readonly turn: readonly number[];
  /** The world of the region with which a turn begins. */
  readonly state: number;
}

/** A fair lasso in a region that was explored, from the world that was found first; if there is one. */
export function fairLasso(walker: Walker, region: Region): Lasso | undefined {
  const graph = {
    offsets: region.offsets(),
    size: region.size(),
    targets: region.targets(),
  };
  const guide = createGuide(walker, region);
  for (const states of cyclicComponents(graph)) {
    const members = new Set(states);
    if (neglected(guide, states, members).size === 0) return turnIn(guide, states[0] ?? 0, members);
  }
  return undefined;
}

/** A way between two worlds of a component. */
interface Way {
  readonly duty: number;
  readonly move: number;
  readonly to: number;
}

interface Guide {
  readonly dutiesAt: (state: number) => ReadonlySet<number>;
  readonly waysFrom: (state: number, members: ReadonlySet<number>) => readonly Way[];
}

function createGuide(walker: Walker, region: Region): Guide {
  const duties: Duties = createDuties(walker);
  const vector = new Int32Array(walker.space.slots.length);
  return {
    dutiesAt: (state) => {
      region.read(state, vector);
      return duties.at(vector);
    },
    waysFrom: (state, members) => {
      const ways: Way[] = [];
      const [offsets, targets] = [region.offsets(), region.targets()];
      region.read(state, vector);
      let move = 0;
      walker.expand(vector, (made) => {
        const to = targets[(offsets[state] ?? 0) + move] ?? -1;
        if (members.has(to)) ways.push({ duty: duties.of(made), move, to });
        move += 1;
      });
      return ways;
    },
  };
}

/** What is owed in each of these worlds and done by no way between them. */
function neglected(
  { dutiesAt, waysFrom }: Guide,
  states: Int32Array,
  members: ReadonlySet<number>,
): ReadonlySet<number> {
  let left = dutiesAt(states[0] ?? 0);
  for (const state of states) {
    if (left.size === 0) return left;
    left = intersection(left, dutiesAt(state));
  }
  const open = new Set(left);
  for (const state of states) {
    if (open.size === 0) return open;
    for (const { duty } of waysFrom(state, members)) open.delete(duty);
  }
  return open;
}

/** A turn from `start` on which each duty is done or is none somewhere; each part of it by breadth. */
function turnIn(guide: Guide, start: number, members: ReadonlySet<number>): Lasso {
  const turn: number[] = [];
  let state = start;
  let left = guide.dutiesAt(start);
  const walk = (isThere: (way: Way) => boolean): void => {
    for (const { duty, move, to } of shortest(guide, { isThere, members, start: state })) {
      turn.push(move);
      state = to;
      left = intersection(left, guide.dutiesAt(to));
      if (left.has(duty)) left = new Set([...left].filter((other) => other !== duty));
    }
  };
  while (left.size > 0) {
    const open = left;
    walk(
      ({ duty, to }) => open.has(duty) || intersection(open, guide.dutiesAt(to)).size < open.size,
    );
  }
  if (state !== start || turn.length === 0) walk(({ to }) => to === start);
  return { state: start, turn };
}

interface Wanted {
  readonly isThere: (way: Way) => boolean;
  readonly members: ReadonlySet<number>;
  readonly start: number;
}

/** The shortest ways from `start` of which the last is wanted. */
function shortest({ waysFrom }: Guide, { isThere, members, start }: Wanted): readonly Way[] {
  const cameBy = new Map<number, { readonly from: number; readonly way: Way }>();
  const queue = [start];
  for (const from of queue) {
    for (const way of waysFrom(from, members)) {
      if (isThere(way)) return [...pathTo(cameBy, from, start), way];
      if (way.to === start || cameBy.has(way.to)) continue;
      cameBy.set(way.to, { from, way });
      queue.push(way.to);
    }
  }
  invariant(
    false,
    'explore/lost-path',
    'A part of the worlds that can be gone round in has no way round. Please report this system.',
  );
  return [];
}

function pathTo(
  cameBy: ReadonlyMap<number, { readonly from: number; readonly way: Way }>,
  end: number,
  start: number,
): readonly Way[] {
  const path: Way[] = [];
  for (let at = end; at !== start;) {
    const step = cameBy.get(at);
    if (step === undefined) break;
    path.push(step.way);
    at = step.from;
  }
  return path.toReversed();
}

function intersection(
  first: ReadonlySet<number>,
  second: ReadonlySet<number>,
): ReadonlySet<number> {
  return new Set([...first].filter((one) => second.has(one)));
}
