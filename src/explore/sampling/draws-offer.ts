/** What a world offers to a run by draws: the messages that are pending, then what the environment may give. */
import { handOf } from '../interned/cells/cards.ts';
import type { Card, Hand } from '../interned/cells/cards.ts';
import type { Space } from '../interned/space.ts';
import type { Pending } from './pending-mail.ts';

const queuesStart = 64;

/** What a world offers, dullest first. */
export interface Offer {
  readonly inputs: () => number;
  /** Looks at the world as it is; whether the order of sending is all that ranks what it offers. */
  readonly look: () => boolean;
  readonly own: () => number;
  /** By its number, the system's own first; `undefined` to end. */
  readonly pick: (number: number) => Card | undefined;
  /** Where the parcel of one of the system's own is pending. */
  readonly placeOf: (number: number) => number;
}

/** What is offered where the cells without mail are `bare`; it reads both anew at each look. */
export function createOffer(space: Space, pending: Pending, bare: Int32Array): Offer {
  // What is offered: the first so many count.
  const cards: Card[] = [];
  const places: number[] = [];
  const gifts = createGifts(space, bare);
  let owned = 0;
  let deadline = Number.POSITIVE_INFINITY;
  // By queue, the last look that met a parcel of it: what comes behind is not offered.
  let met = new Int32Array(queuesStart);
  let looks = 0;
  /** Time has a say: what may happen soonest comes first, and of that what was sent first. */
  const sort = (): void => {
    const known = places.slice(0, owned).map((place, index) => ({ card: cards[index], place }));
    owned = 0;
    for (const { card, place } of known.toSorted(
      (one, other) => (one.card?.after ?? 0) - (other.card?.after ?? 0),
    )) {
      if (card === undefined || card.after > deadline) continue;
      cards[owned] = card;
      places[owned] = place;
      owned += 1;
    }
  };
  const lookAt = (place: number): boolean => {
    const { hands, number, queue, slot } = pending.parcelAt(place);
    if (queue >= met.length) met = longer(met, queue);
    if (met[queue] === looks) return true;
    met[queue] = looks;
    const cell = bare[slot] ?? 0;
    const hand = (hands[cell] ??= handOf(space, { cell, parcel: number, slot }));
    if (hand === false) return false;
    if (hand.deadline < deadline) ({ deadline } = hand);
    for (let index = 0; index < hand.cards.length; index += 1) {
      const card = hand.cards[index];
      if (card === undefined) continue;
      cards[owned] = card;
      places[owned] = place;
      owned += 1;
    }
    return true;
  };
  return {
    inputs: gifts.count,
    look: () => {
      owned = 0;
      deadline = Number.POSITIVE_INFINITY;
      looks += 1;
      const count = pending.count();
      for (let place = 0; place < count; place += 1) if (!lookAt(place)) return false;
      if (deadline !== Number.POSITIVE_INFINITY) sort();
      return gifts.look();
    },
    own: () => owned,
    pick: (number) => {
      if (number < 0) return undefined;
      if (number < owned) return cards[number];
      return gifts.at(number - owned);
    },
    placeOf: (number) => places[number] ?? 0,
  };
}

/** What the environment may give. */
interface Gifts {
  readonly at: (number: number) => Card | undefined;
  readonly count: () => number;
  /** Looks at the cells as they are; whether nothing ranks what is found. */
  readonly look: () => boolean;
}

function createGifts(space: Space, bare: Int32Array): Gifts {
  const inputSlots = space.slots.flatMap((slot) =>
    (slot?.declared?.inputs.length ?? 0) > 0 ? [slot?.index ?? 0] : [],
  );
  const known: (Hand | false | undefined)[][] = [];
  const inputs: Card[] = [];
  let count = 0;
  return {
    at: (number) => (number < count ? inputs[number] : undefined),
    count: () => count,
    look: () => {
      count = 0;
      for (const slot of inputSlots) {
        const cell = bare[slot] ?? 0;
        const hand = ((known[slot] ??= [])[cell] ??= handOf(space, { cell, slot }));
        if (hand === false) return false;
        for (const card of hand.cards) {
          inputs[count] = card;
          count += 1;
        }
      }
      return true;
    },
  };
}

function longer(array: Int32Array, index: number): Int32Array<ArrayBuffer> {
  const made = new Int32Array(index * 2);
  made.set(array);
  return made;
}
