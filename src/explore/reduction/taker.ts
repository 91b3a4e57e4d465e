/** Takes an offer: the world afterwards, and what the step read and changed. */
import { cellWithoutParcel } from '../interned/mail/delivery.ts';
import { lost } from '../interned/mail/post.ts';
import type { Space } from '../interned/space.ts';
import { createChange } from '../interned/steps/change.ts';
import type { Change } from '../interned/steps/change.ts';
import { createElapse } from '../interned/steps/elapse.ts';
import { createFollower } from '../interned/steps/follow.ts';
import type { Taken } from './footprint.ts';
import { createFootprints } from './footprints.ts';
import type { Sight } from './footprints.ts';
import type { Offer } from './offer.ts';

/** A step, and the world after it. */
export interface Arrived {
  readonly taken: Taken;
  readonly vector: Int32Array;
}

/** Takes the offers of a space's worlds. */
export interface Taker {
  /** What a step would read and take at once, of which nobody knows what it would do. */
  readonly prospect: (vector: Int32Array, offer: Offer) => Taken;
  readonly take: (vector: Int32Array, offer: Offer) => Arrived;
}

/** A taker of the offers of a space's worlds. */
export function createTaker(space: Space, sight: Sight): Taker {
  const { change, touched } = createTouches();
  const { follow } = createFollower(space, change);
  const elapse = createElapse(space, change);
  const footprintOf = createFootprints(space, sight);
  const carryOut = ({ isLost, move }: Offer): boolean => {
    const { after, calls, label, slot: index } = move;
    if (!isLost) {
      if (after > 0) elapse(after);
      if (index > 0) change.put(index, move.cell);
      return follow(calls);
    }
    const slot = space.slots[index];
    if (slot === undefined || label.type !== 'deliver') return false;
    const { parcel: number } = label;
    change.put(index, cellWithoutParcel(space, slot, { cell: change.at(index), parcel: number }));
    if (after > 0) elapse(after);
    const parcel = space.parcels.parcels.all[number];
    return parcel !== undefined && follow(lost(space, parcel, 'partition'));
  };
  return {
    prospect: (before, offer) => footprintOf({ before, offer, touched: new Map() }),
    take: (vector, offer) => {
      change.load(vector, space.slots.length);
      touched.clear();
      carryOut(offer);
      const after = change.cells().slice(0, space.slots.length);
      return { taken: footprintOf({ before: vector, offer, touched }), vector: after };
    },
  };
}

interface Touches {
  readonly change: Change;
  /** The slots that were looked at, and the cells that they were given, one after the other. */
  readonly touched: Map<number, number[]>;
}

/** A change that notes which slots are looked at. */
function createTouches(): Touches {
  const plain = createChange();
  const touched = new Map<number, number[]>();
  const cellsOf = (slot: number): number[] => {
    const known = touched.get(slot);
    if (known !== undefined) return known;
    const made: number[] = [];
    touched.set(slot, made);
    return made;
  };
  return {
    change: {
      ...plain,
      at: (slot) => {
        cellsOf(slot);
        return plain.at(slot);
      },
      put: (slot, cell) => {
        cellsOf(slot).push(cell);
        plain.put(slot, cell);
      },
    },
    touched,
  };
}
