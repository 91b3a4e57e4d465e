/** Messages in flight as numbers, in the order in which they were sent. */
import type { Hand } from '../interned/cards.ts';
import { emptyCell } from '../interned/cell.ts';
import { addParcel } from '../interned/mail.ts';
import type { Mail } from '../interned/mail.ts';
import { createOlder } from '../interned/send-order.ts';
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

const roomStart = 64;

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

/** What is pending in a world whose parcels are `first`, the oldest first. */
export function createPending(space: Space, first: readonly number[]): Pending {
  const older = createOlder(space);
  const traitsOf = createTraits(space);
  let parcels = new Int32Array(Math.max(roomStart, first.length));
  let count = 0;
  const post = (parcel: number): void => {
    const { isPersistent } = traitsOf(parcel);
    if (isPersistent && parcels.subarray(0, count).includes(parcel)) return;
    if (count === parcels.length) {
      const more = new Int32Array(count * 2);
      more.set(parcels);
      parcels = more;
    }
    parcels[count] = parcel;
    count += 1;
  };
  return {
    age: (span) => {
      for (let place = 0; place < count; place += 1) {
        parcels[place] = older(parcels[place] ?? 0, span);
      }
    },
    cells: (bare) => {
      const mail: Mail[] = [];
      for (const parcel of parcels.subarray(0, count)) {
        const { slot } = traitsOf(parcel);
        mail[slot] = addParcel(mail[slot] ?? [], parcel, space.parcels.parcels.all);
      }
      return bare.map((cell, index) => {
        const slot = space.slots[index];
        const [posted, before] = [mail[index], slot?.cells.all[cell] ?? emptyCell];
        if (slot === undefined || posted === undefined) return cell;
        return internCell(slot, { ...before, mail: posted });
      });
    },
    count: () => count,
    parcelAt: (place) => traitsOf(parcels[place] ?? 0),
    post,
    reset: () => {
      count = 0;
      for (const parcel of first) post(parcel);
    },
    take: (place) => {
      if (traitsOf(parcels[place] ?? 0).isPersistent) return;
      for (let next = place + 1; next < count; next += 1) parcels[next - 1] = parcels[next] ?? 0;
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
