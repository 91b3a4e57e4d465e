/** Messages in flight as numbers, in the order in which they were sent. */
import type { Hand } from '../interned/cells/cards.ts';
import { emptyCell } from '../interned/cells/cell.ts';
import { addParcel } from '../interned/mail/mail.ts';
import type { Mail } from '../interned/mail/mail.ts';
import { createOlder } from '../interned/mail/send-order.ts';
import { internCell } from '../interned/space.ts';
import type { Space } from '../interned/space.ts';

/** What is pending; a place is an index from the oldest on. */
export interface Pending {
  /** Lets `span` microseconds go by: parcels that wait have other numbers then. */
  readonly age: (span: number) => void;
  /** The cells with their mail, by those without. */
  readonly cells: (bare: Int32Array) => Int32Array;
  readonly count: () => number;
  readonly parcelAt: (place: number) => Traits;
  readonly post: (parcel: number) => void;
  /** Goes back to the first world. */
  readonly reset: () => void;
  /** Takes a parcel out, unless its link is persistent. */
  readonly take: (place: number) => void;
}

/** What is asked of a parcel again and again. */
export interface Traits {
  /** What it may do where it arrives, by the bare cell there, as far as it was asked for. */
  readonly hands: (Hand | false | undefined)[];
  readonly isPersistent: boolean;
  readonly number: number;
  /** Of the parcels with one number here the first may be delivered: of a FIFO, or of equal ones. */
  readonly queue: number;
  readonly slot: number;
}

const nothing: Traits = { hands: [], isPersistent: false, number: 0, queue: 1, slot: 0 };

/** What is pending in a world whose parcels are `first`, the oldest first. */
export function createPending(space: Space, first: readonly number[]): Pending {
  const older = createOlder(space);
  const traitsOf = createTraits(space);
  // The first so many count.
  const parcels: Traits[] = [];
  let count = 0;
  const parcelAt = (place: number): Traits => parcels[place] ?? nothing;
  const isPending = (traits: Traits): boolean => {
    const place = parcels.indexOf(traits);
    return place >= 0 && place < count;
  };
  const post = (parcel: number): void => {
    const traits = traitsOf(parcel);
    if (traits.isPersistent && isPending(traits)) return;
    parcels[count] = traits;
    count += 1;
  };
  return {
    age: (span) => {
      for (let place = 0; place < count; place += 1) {
        parcels[place] = traitsOf(older(parcelAt(place).number, span));
      }
    },
    cells: (bare) => {
      const mail: Mail[] = [];
      for (const { number, slot } of parcels.slice(0, count)) {
        mail[slot] = addParcel(mail[slot] ?? [], number, space.parcels.parcels.all);
      }
      return bare.map((cell, index) => {
        const slot = space.slots[index];
        const [posted, before] = [mail[index], slot?.cells.all[cell] ?? emptyCell];
        if (slot === undefined || posted === undefined) return cell;
        return internCell(slot, { ...before, mail: posted });
      });
    },
    count: () => count,
    parcelAt,
    post,
    reset: () => {
      count = 0;
      for (const parcel of first) post(parcel);
    },
    take: (place) => {
      if (parcelAt(place).isPersistent) return;
      // Few are pending: a loop beats a call of `copyWithin`.
      for (let next = place + 1; next < count; next += 1) parcels[next - 1] = parcelAt(next);
      count -= 1;
    },
  };
}

function createTraits({ parcels, slotAt }: Space): (parcel: number) => Traits {
  const known: (Traits | undefined)[] = [];
  const traitsOf = (number: number): Traits => {
    const parcel = parcels.parcels.all[number];
    const [kind, link] = [parcel?.kind, parcel?.link ?? 0];
    return {
      hands: [],
      isPersistent: kind === 'persistent',
      number,
      queue: kind === 'fifo' ? link * 2 : number * 2 + 1,
      slot: slotAt(parcel?.to ?? '')?.index ?? 0,
    };
  };
  return (number) => (known[number] ??= traitsOf(number));
}
