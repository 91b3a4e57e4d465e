/**
 * Runs by draws over interned worlds: the same runs as `draws` makes on the plain kernel, step by step.
 * Draws count the choices of a world dullest first, which needs more than the world: so the order of
 * sending is kept beside it.
 */
import type { Run } from '../../kernel/run.ts';
import type { World } from '../../kernel/world.ts';
import { handOf } from '../interned/cards.ts';
import type { Card, Hand } from '../interned/cards.ts';
import { createChange } from '../interned/change.ts';
import { createSendOrder } from '../interned/send-order.ts';
import type { SendOrder } from '../interned/send-order.ts';
import { firstActorSlot, globalSlot } from '../interned/space.ts';
import type { Space } from '../interned/space.ts';
import { createConditions, createTaker, listAt } from '../interned/walker.ts';
import type { Walker } from '../interned/walker.ts';
import { drawnFrom } from '../strategies/draws.ts';
import type { Judge } from './judge.ts';

/** A run by draws; `undefined` where it cannot be made here. */
export type DrawsRun = (numbers: ArrayLike<number>) => Drawn | undefined;

/** A run that was drawn, and what it breaks. */
export interface Drawn {
  readonly broken: string | undefined;
  readonly ended: Run['ended'];
  readonly steps: number;
}

/** What runs by draws need. */
export interface DrawsRunOptions {
  readonly judge: Judge<Int32Array>;
  /** The first world on the plain kernel, which knows the order of sending. */
  readonly start: World;
  readonly stepsMax: number;
  readonly walker: Walker;
}

/** Runs by draws from the first world. */
export function createDrawsRun({ judge, start, stepsMax, walker }: DrawsRunOptions): DrawsRun {
  const { space } = walker;
  const first = walker.first();
  const change = createChange();
  const carryOut = createTaker(space, change);
  const order = createSendOrder(space, first, start);
  const offer = createOffer(space, order);
  return (numbers) => {
    const draw = drawnFrom(numbers);
    change.load(first, space.slots.length);
    order.reset();
    judge.begin();
    for (let steps = 0; ; steps += 1) {
      const cells = change.cells();
      let broken = judge.look(cells);
      if (broken !== undefined) return { broken, ended: 'until', steps };
      if (steps >= stepsMax) return { broken, ended: 'steps-max', steps };
      if (!offer.look(cells)) return undefined;
      const own = offer.own();
      if (own === 0) broken = judge.rest(cells);
      if (broken !== undefined) return { broken, ended: 'quiescent', steps };
      // To end comes first where the system has nothing left to do of its own.
      const options = own + offer.inputs() + (own === 0 ? 1 : 0);
      const drawn = options > 1 ? draw(options) : 0;
      const card = offer.pick(own === 0 ? drawn - 1 : drawn);
      if (card === undefined) return { broken: judge.end(cells), ended: 'quiescent', steps };
      if (!carryOut(card.move, false)) return undefined;
      change.commit();
      follow(order, card);
    }
  };
}

/** What is in flight after a move. */
function follow(order: SendOrder, { move, parcel, posts }: Card): void {
  if (parcel >= 0) order.take(move.slot, parcel);
  if (move.after > 0) order.age(move.after);
  for (let index = 0; index < posts.length; index += 2) {
    order.post(posts[index] ?? 0, posts[index + 1] ?? 0);
  }
}

/** What a world offers, dullest first. */
interface Offer {
  readonly inputs: () => number;
  /** Looks at another world; whether the order of sending is all that ranks what it offers. */
  readonly look: (cells: Int32Array) => boolean;
  readonly own: () => number;
  /** By its number, the system's own first; `undefined` to end. */
  readonly pick: (number: number) => Card | undefined;
}

function createOffer(space: Space, order: SendOrder): Offer {
  const handAt = createHands(space);
  const conditionsOf = createConditions(space);
  // What is offered: the first so many of each row count.
  const own: Card[] = [];
  const places: number[] = [];
  const inputs: Card[] = [];
  let [owned, given] = [0, 0];
  const add = (hand: Hand, deadline: number): void => {
    const { inputs: more, own: cards } = hand;
    for (let index = 0; index < cards.length; index += 1) {
      const card = cards[index];
      if (card === undefined || card.move.after > deadline) continue;
      own[owned] = card;
      places[owned] = order.placeOf(card.move.slot, card.parcel);
      owned += 1;
    }
    for (let index = 0; index < more.length; index += 1) {
      const card = more[index];
      if (card !== undefined) inputs[given] = card;
      given += 1;
    }
  };
  const hands: Hand[] = [];
  return {
    inputs: () => given,
    look: (cells) => {
      [owned, given] = [0, 0];
      const { faults, isPlain } = conditionsOf(cells[globalSlot] ?? 0);
      if (!isPlain || faults.moves.length > 0) return false;
      let deadline = Number.POSITIVE_INFINITY;
      const slots = space.slots.length;
      for (let slot = firstActorSlot; slot < slots; slot += 1) {
        const hand = handAt(slot, cells[slot] ?? 0);
        if (hand === undefined) return false;
        hands[slot] = hand;
        if (hand.deadline < deadline) ({ deadline } = hand);
      }
      for (let slot = firstActorSlot; slot < slots; slot += 1) {
        const hand = hands[slot];
        if (hand !== undefined) add(hand, deadline);
      }
      return true;
    },
    own: () => owned,
    pick: (number) => {
      if (number < 0) return undefined;
      if (number >= owned) return number - owned < given ? inputs[number - owned] : undefined;
      // The dullest of what is left is taken out, one after the other: numbers are small.
      let left = owned;
      for (let more = number; more > 0; more -= 1) {
        const best = dullest(own, places, left);
        left -= 1;
        const [card, place] = [own[left], places[left]];
        if (card === undefined || place === undefined) continue;
        own[best] = card;
        places[best] = place;
      }
      return own[dullest(own, places, left)];
    },
  };
}

/** The place of what comes first of so many: what may happen soonest, and of that what was sent first. */
function dullest(cards: readonly Card[], places: readonly number[], count: number): number {
  let best = 0;
  for (let index = 1; index < count; index += 1) {
    const sooner = (cards[index]?.move.after ?? 0) - (cards[best]?.move.after ?? 0);
    if (sooner < 0 || (sooner === 0 && (places[index] ?? 0) < (places[best] ?? 0))) best = index;
  }
  return best;
}

/** The hands of cells, each made once. */
function createHands(space: Space): (slot: number, cell: number) => Hand | undefined {
  const known: (Hand | false | undefined)[][] = [];
  const conditions = createConditions(space)(0);
  return (index, cell) => {
    const ofSlot = known[index] ?? [];
    known[index] = ofSlot;
    const seen = ofSlot[cell];
    if (seen !== undefined) return seen === false ? undefined : seen;
    const slot = space.slots[index];
    const made = slot && handOf(space, slot, listAt(space, conditions, { cell, slot: index }));
    ofSlot[cell] = made ?? false;
    return made;
  };
}
