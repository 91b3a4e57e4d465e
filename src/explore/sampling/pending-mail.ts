/** Messages in flight as numbers, in the order in which they were sent. */
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
  /** Whether the parcel is the head of its FIFO, or the first of equal ones; after `sift`. */
  readonly isOffered: (place: number) => boolean;
  readonly parcelAt: (place: number) => number;
  readonly post: (parcel: number) => void;
  /** Goes back to the first world. */
  readonly reset: () => void;
  readonly sift: () => void;
  readonly slotAt: (place: number) => number;
  /** Takes a parcel out, unless its link is persistent. */
  readonly take: (place: number) => void;
}

const roomStart = 64;

/** What is pending in a world whose parcels are `first`, the oldest first. */
export function createPending(space: Space, first: readonly number[]): Pending {
  const older = createOlder(space);
  const traitsOf = createTraits(space);
  let parcels = new Int32Array(Math.max(roomStart, first.length));
  let isOpen = new Uint8Array(parcels.length);
  let count = 0;
  // By what at most one parcel of may be offered, the last sifting that met one.
  let met = new Int32Array(roomStart);
  let sifting = 0;
  const post = (parcel: number): void => {
    const { isPersistent } = traitsOf(parcel);
    if (isPersistent && parcels.subarray(0, count).includes(parcel)) return;
    if (count === parcels.length) {
      const more = new Int32Array(count * 2);
      more.set(parcels);
      parcels = more;
      isOpen = new Uint8Array(count * 2);
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
    isOffered: (place) => isOpen[place] === 1,
    parcelAt: (place) => parcels[place] ?? 0,
    post,
    reset: () => {
      count = 0;
      for (const parcel of first) post(parcel);
    },
    sift: () => {
      sifting += 1;
      for (let place = 0; place < count; place += 1) {
        const { queue } = traitsOf(parcels[place] ?? 0);
        if (queue >= met.length) {
          const more = new Int32Array(queue * 2);
          more.set(met);
          met = more;
        }
        isOpen[place] = met[queue] === sifting ? 0 : 1;
        met[queue] = sifting;
      }
    },
    slotAt: (place) => traitsOf(parcels[place] ?? 0).slot,
    take: (place) => {
      if (traitsOf(parcels[place] ?? 0).isPersistent) return;
      for (let next = place + 1; next < count; next += 1) parcels[next - 1] = parcels[next] ?? 0;
      count -= 1;
    },
  };
}

/** What is asked of parcels again and again. */
interface Traits {
  readonly isPersistent: boolean;
  /** Of parcels with one number here one may be delivered: of a FIFO, or of equal ones. */
  readonly queue: number;
  readonly slot: number;
}

function createTraits({ parcels, slotAt }: Space): (parcel: number) => Traits {
  const known: (Traits | undefined)[] = [];
  const traitsOf = (number: number): Traits => {
    const parcel = parcels.parcels.all[number];
    const [kind, link] = [parcel?.kind, parcel?.link ?? 0];
    return {
      isPersistent: kind === 'persistent',
      queue: kind === 'fifo' ? link * 2 : number * 2 + 1,
      slot: slotAt(parcel?.to ?? '')?.index ?? 0,
    };
  };
  return (number) => (known[number] ??= traitsOf(number));
}
