/**
 * Goes through the runs of a system depth first, one of each set of equivalent ones as far as it can
 * tell: what was looked at sleeps until something comes that it depends on. Nothing of the worlds is
 * remembered beyond the run in hand.
 *
 * @see Godefroid, "Partial-Order Methods for the Verification of Concurrent Systems", 1996, chapter 5
 * (sleep sets); Abdulla and others as in `races.ts`.
 */
import type { Label } from '../interned/cells/cell.ts';
import type { Move } from '../interned/cells/cell.ts';
import type { Space } from '../interned/space.ts';
import { areDependent } from './footprint.ts';
import type { Taken } from './footprint.ts';
import type { Sight } from './footprints.ts';
import { nextOf } from './frame.ts';
import type { Frame, Next } from './frame.ts';
import { copiesOf, createOffers, isOwn } from './offer.ts';
import type { Offer, Offers } from './offer.ts';
import { createOrder } from './order.ts';
import type { Order } from './order.ts';
import { plan, reverseRaces } from './races.ts';
import type { Method } from './races.ts';
import { createTaker } from './taker.ts';
import type { Taker } from './taker.ts';
import { createThere } from './there.ts';
import { lookAtWithheld, planEnds } from './withheld.ts';

/** How to go, and who looks on. */
export interface DescentOptions {
  /** Steps of a run after which it is cut off. */
  readonly depthMax: number;
  /** Whether everything that is offered is taken in every world, unless it sleeps. */
  readonly isFull: boolean;
  /** Whether more than races makes other runs: what is there need not be on offer, nor come. */
  readonly isWithholding: boolean;
  /** Whether every world at rest is wanted, or only what leads on from there. */
  readonly isRestWanted: boolean;
  /** Whether a world is to be looked at; where there is such a bound, everything has to be taken. */
  readonly isWithin?: ((vector: Int32Array) => boolean) | undefined;
  /** How to go on from races; all but `careful` stop at the first step that takes away what was offered. */
  readonly method: Method;
  /** Looks at a world; whether to stop. */
  readonly onWorld: (world: Met) => boolean;
  /** Told after each run; whether to stop. */
  readonly onRun: (tally: Tally) => boolean;
  /** Told of each two steps of a run of which the later comes right after the earlier. */
  readonly onPair: (earlier: Taken, later: Taken) => void;
  readonly sight: Sight;
}

/** A world that was met. */
export interface Met {
  /** What leads there. */
  readonly labels: () => readonly Label[];
  readonly offers: readonly Offer[];
  readonly vector: Int32Array;
}

/** What was done so far. */
export interface Tally {
  /** Runs that were given up because all that could follow was looked at before. */
  blocked: number;
  /** Runs that were cut off. */
  cut: number;
  /** The longest run, in steps. */
  depth: number;
  /** Runs that ended where the system has nothing left to do. */
  ended: number;
  steps: number;
}

/** What came of it. */
export interface Descent {
  /** Whether a step took away what another one offers, so that only `careful` will do. */
  readonly hasConflict: boolean;
  /** Whether runs were cut off: then all that is on offer was taken before that. */
  readonly isCut: boolean;
  /** Whether no run was cut off, and nobody said stop. */
  readonly isWhole: boolean;
  readonly tally: Tally;
}

/** Goes through all runs. */
export function descend(space: Space, first: Int32Array, options: DescentOptions): Descent {
  const state: State = {
    ...options,
    checked: 0,
    frames: [],
    hasConflict: false,
    isCut: false,
    isStopped: false,
    offers: createOffers(space),
    order: createOrder(options.onPair),
    space,
    there: createThere(space),
    ...createTaker(space, options.sight),
    tally: { blocked: 0, cut: 0, depth: 0, ended: 0, steps: 0 },
  };
  const { frames, tally } = state;
  enter(state, { branches: [], sleep: new Map(), vector: first });
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    if (state.isStopped) break;
    const next = nextOf(frame);
    if (next === undefined) leave(state, frame);
    else advance(state, frame, next);
  }
  const { hasConflict, isCut, isStopped } = state;
  return { hasConflict, isCut, isWhole: !isStopped && !isCut, tally };
}

/** The run in hand, and what was found so far. */
interface State extends DescentOptions, Taker {
  /** Races of the steps before this one were looked for. */
  checked: number;
  readonly frames: Frame[];
  hasConflict: boolean;
  /** Whether there was more to take somewhere than `depthMax` allows. */
  isCut: boolean;
  isStopped: boolean;
  readonly offers: Offers;
  readonly order: Order;
  readonly space: Space;
  readonly there: (vector: Int32Array) => readonly Move[];
  readonly tally: Tally;
}

type Entered = Pick<Frame, 'branches' | 'sleep' | 'vector'>;

function enter(state: State, { branches, sleep, vector }: Entered): void {
  const { depthMax, frames, order, tally } = state;
  const isOutside = state.isWithin?.(vector) === false;
  const offers = isOutside ? [] : state.offers.all(vector);
  const isCut = frames.length >= depthMax && offers.length > 0;
  const before = frames.at(-1);
  const mayRace = state.isWithholding && !state.isFull && !isOutside;
  const withheld = mayRace ? lookAtWithheld(state, { before, offers, vector }) : nothing;
  frames.push({
    asleepBefore: new Set(sleep.keys()),
    branches: isCut ? [] : branches,
    current: undefined,
    isFull: state.isFull,
    gone: [],
    isOutside,
    leadingOut: new Set(),
    offers: isCut ? [] : offers,
    sleep,
    vector,
    withheld,
  });
  if (isOutside) return;
  tally.depth = Math.max(tally.depth, frames.length - 1);
  if (state.onWorld({ labels: () => labelsOf(order), offers, vector })) state.isStopped = true;
  const isQuiet = !offers.some(isOwn);
  if (isQuiet) tally.ended += 1;
  if (isQuiet && mayRace && state.isRestWanted) planEnds(state);
  if (!isCut) return;
  state.isCut = true;
  if (!isQuiet) tally.cut += 1;
  // What else there is may have no room behind what was taken: nothing may wait for a race.
  for (const frame of frames) frame.isFull = true;
}

const nothing: ReadonlyMap<number, Taken> = new Map();

function labelsOf({ steps }: Order): readonly Label[] {
  return steps.map(({ offer }) => offer.move.label);
}

function advance(state: State, frame: Frame, { after, offer }: Next): void {
  const { frames, order, space, tally } = state;
  const { taken, vector } = state.take(frame.vector, offer);
  tally.steps += 1;
  frame.current = taken;
  const sleep: Frame['sleep'] = new Map();
  for (const [id, other] of frame.sleep) {
    // Behind what leads out nothing was looked at.
    if (!frame.leadingOut.has(id) && !areDependent(other, taken)) sleep.set(id, other);
  }
  order.push(taken, copiesOf(space, frame.vector, offer));
  enter(state, { branches: after, sleep, vector });
  const next = frames.at(-1);
  if (next !== undefined && !state.isFull) planLost(state, { frame, next, offer });
}

interface Loss {
  readonly frame: Frame;
  readonly next: Frame;
  readonly offer: Offer;
}

/** What a step takes away will not come later in the run: it has to come instead. */
function planLost(state: State, { frame, next, offer }: Loss): void {
  const isLost = (other: Offer): boolean => {
    const { slot } = other.move;
    if (other.id === offer.id || frame.vector[slot] === next.vector[slot]) return false;
    // What is still there races with what withholds it.
    return !next.withheld.has(other.id) && state.offers.find(next.vector, other) === undefined;
  };
  // What is withheld may have to come after something that gives it free, as what sleeps below.
  frame.gone = [...frame.withheld.values()].filter((one) => isLost(one.offer));
  for (const other of frame.offers) {
    if (!isLost(other)) continue;
    state.hasConflict = true;
    const asleep = frame.asleepBefore.has(other.id) ? frame.sleep.get(other.id) : undefined;
    if (state.method !== 'careful') state.isStopped = true;
    // What sleeps may have to come after something that wakes it: the run in hand shows that alone.
    else if (asleep !== undefined) frame.gone = [...frame.gone, asleep];
    else plan(frame, [state.take(frame.vector, other).taken], state.method);
  }
}

function leave(state: State, frame: Frame): void {
  const { frames, order, tally } = state;
  if (frame.current === undefined) {
    if (frame.offers.some(isOwn)) tally.blocked += 1;
    if (!state.isFull) reverseRaces(state, state.checked);
    state.checked = order.steps.length;
    if (state.onRun(tally)) state.isStopped = true;
  }
  frames.pop();
  const parent = frames.at(-1);
  if (parent?.current === undefined) return;
  order.pop();
  state.checked = Math.min(state.checked, order.steps.length);
  const { id } = parent.current.offer;
  parent.sleep.set(id, parent.current);
  if (frame.isOutside) parent.leadingOut.add(id);
}
