/**
 * Runs by draws over interned local states: the same runs as `draws` makes on the plain kernel, step by
 * step. Draws count the choices of a world dullest first, and that is the order of sending. So mail is
 * no part of the cells here but a list of what is pending, in that order.
 */
import type { Run } from '../../kernel/run.ts';
import type { World } from '../../kernel/world.ts';
import { bareCell } from '../interned/cells/cards.ts';
import { afterFactNumber } from '../interned/cells/monitoring.ts';
import { firstPending } from '../interned/mail/send-order.ts';
import { globalSlot, monitorSlot } from '../interned/space.ts';
import type { Space } from '../interned/space.ts';
import { createConditions } from '../interned/steps/walker.ts';
import type { Walker } from '../interned/steps/walker.ts';
import { drawnFrom } from '../strategies/draws.ts';
import { createOffer } from './draws-offer.ts';
import type { Broken, Judge } from './judge.ts';
import { createPending } from './pending-mail.ts';

/** A run by draws; `undefined` where it cannot be made here. */
export type DrawsRun = (numbers: ArrayLike<number>) => Drawn | undefined;

/** A run that was drawn, and what it breaks. */
export interface Drawn {
  readonly broken: Broken;
  readonly ended: Run['ended'];
  readonly steps: number;
}

/** The world that a run is in. */
export interface DrawnWorld {
  /** Cells without mail. */
  readonly bare: Int32Array;
  /** Cells with mail, which are made when they are asked for. */
  readonly full: () => Int32Array;
}

/** What runs by draws need. */
export interface DrawsRunOptions {
  readonly judge: Judge<DrawnWorld>;
  /** Whether the judge has asked for messages so far; else worlds with the same cells are alike to it. */
  readonly readsMail: () => boolean;
  /** The first world on the plain kernel, which knows the order of sending. */
  readonly start: World;
  readonly stepsMax: number;
  readonly walker: Walker;
}

/** Runs by draws from the first world. */
export function createDrawsRun({
  judge,
  readsMail,
  start,
  stepsMax,
  walker,
}: DrawsRunOptions): DrawsRun {
  const { space } = walker;
  const first = walker.first();
  const firstBare = first.map((cell, index) => {
    const slot = space.slots[index];
    return slot === undefined ? cell : bareCell(slot, cell);
  });
  const bare = firstBare.slice();
  const pending = createPending(space, firstPending(space, first, start));
  const world: DrawnWorld = { bare, full: () => pending.cells(bare) };
  const offer = createOffer(space, pending, bare);
  const tell = createMonitors(space);
  const { faults, isPlain } = createConditions(space)(first[globalSlot] ?? 0);
  const isRanked = isPlain && faults.moves.length === 0 && !hasMore(space, first);
  return (numbers) => {
    if (!isRanked) return undefined;
    const draw = drawnFrom(numbers);
    bare.set(firstBare);
    pending.reset();
    judge.begin();
    let isSeen = false;
    for (let steps = 0; ; steps += 1) {
      let broken = isSeen ? undefined : judge.look(world);
      if (broken !== undefined) return { broken, ended: 'until', steps };
      if (steps >= stepsMax) return { broken, ended: 'steps-max', steps };
      if (!offer.look()) return undefined;
      const own = offer.own();
      if (own === 0) broken = judge.rest(world);
      if (broken !== undefined) return { broken, ended: 'quiescent', steps };
      // To end comes first where the system has nothing left to do of its own.
      const options = own + offer.inputs() + (own === 0 ? 1 : 0);
      const drawn = options > 1 ? draw(options) : 0;
      const number = own === 0 ? drawn - 1 : drawn;
      const card = offer.pick(number);
      if (card === undefined) return { broken: undefined, ended: 'quiescent', steps };
      const { after, cell, facts, leadsOut, posts, slot } = card;
      if (leadsOut) return undefined;
      isSeen = bare[slot] === cell && after === 0 && facts.length === 0 && !readsMail();
      bare[slot] = cell;
      if (number < own) pending.take(offer.placeOf(number));
      if (after > 0) pending.age(after);
      for (let index = 0; index < posts.length; index += 1) pending.post(posts[index] ?? 0);
      if (facts.length > 0) bare[monitorSlot] = tell(bare[monitorSlot] ?? 0, facts);
    }
  };
}

/** Whether something of the first world is neither a local state nor mail. */
function hasMore({ slots }: Space, first: Int32Array): boolean {
  return slots.some((slot) => (slot?.cells.all[first[slot.index] ?? 0]?.timers.length ?? 0) > 0);
}

/** The monitors' states after some facts. */
function createMonitors(space: Space): (states: number, facts: Int32Array) => number {
  const known: (number | undefined)[][] = [];
  return (states, facts) => {
    let now = states;
    for (const fact of facts) {
      const after = (known[fact] ??= []);
      now = after[now] ??= afterFactNumber(space, now, fact);
    }
    return now;
  };
}
