/**
 * The order in which what is in flight was sent, which an interned world does not hold: the dullest
 * choice is the oldest message. Kept beside the cells, for systems in which nothing but the order of
 * sending ranks messages: those without mail inside a node.
 */
import { digest, isSameDigest } from '../../core/digest.ts';
import { getIn } from '../../core/persistent-map.ts';
import { windowsAfter } from '../../kernel/elapse.ts';
import { linkKey } from '../../kernel/world.ts';
import type { World } from '../../kernel/world.ts';
import type { Parcel } from './parcel.ts';
import type { Space } from './space.ts';

/** The parcels on their way to each slot, with their places in the order of sending. */
export interface SendOrder {
  /** Lets `span` microseconds go by: parcels that wait have other numbers then. */
  readonly age: (span: number) => void;
  readonly post: (slot: number, parcel: number) => void;
  /** The place of the oldest parcel of that number. */
  readonly placeOf: (slot: number, parcel: number) => number;
  /** Goes back to the first world. */
  readonly reset: () => void;
  readonly take: (slot: number, parcel: number) => void;
}

interface Waiting {
  readonly parcels: number[];
  readonly places: number[];
}

const nowhere = Number.MAX_SAFE_INTEGER;

/** The order in the first world, whose cells are `cells`. */
export function createSendOrder(space: Space, cells: Int32Array, start: World): SendOrder {
  const table = space.parcels.parcels.all;
  const first = firstWaiting(space, cells, start);
  const waiting: Waiting[] = [];
  const older = createOlder(space);
  let sent = 0;
  const at = (slot: number): Waiting => {
    const known = waiting[slot];
    if (known !== undefined) return known;
    const made: Waiting = { parcels: [], places: [] };
    waiting[slot] = made;
    return made;
  };
  return {
    age: (span) => {
      for (const { parcels } of waiting) {
        for (let index = 0; index < parcels.length; index += 1) {
          parcels[index] = older(parcels[index] ?? 0, span);
        }
      }
    },
    placeOf: (slot, parcel) => {
      const { parcels, places } = at(slot);
      return places[parcels.indexOf(parcel)] ?? nowhere;
    },
    post: (slot, parcel) => {
      const { parcels, places } = at(slot);
      if (table[parcel]?.kind === 'persistent' && parcels.includes(parcel)) return;
      parcels.push(parcel);
      places.push(sent);
      sent += 1;
    },
    reset: () => {
      sent = start.ledger.nextSeq;
      for (let slot = 0; slot < Math.max(first.length, waiting.length); slot += 1) {
        const { parcels, places } = at(slot);
        parcels.length = 0;
        places.length = 0;
        parcels.push(...(first[slot]?.parcels ?? []));
        places.push(...(first[slot]?.places ?? []));
      }
    },
    take: (slot, parcel) => {
      if (table[parcel]?.kind === 'persistent') return;
      const { parcels, places } = at(slot);
      const index = parcels.indexOf(parcel);
      if (index < 0) return;
      // Written out: `splice` makes an array of what it takes.
      for (let next = index + 1; next < parcels.length; next += 1) {
        parcels[next - 1] = parcels[next] ?? 0;
        places[next - 1] = places[next] ?? 0;
      }
      parcels.pop();
      places.pop();
    },
  };
}

/** What waits in the first world, in the order in which the kernel sent it. */
function firstWaiting(space: Space, cells: Int32Array, start: World): readonly Waiting[] {
  return space.slots.map((slot) => {
    const mail = slot?.cells.all[cells[slot.index] ?? 0]?.mail ?? [];
    const taken = new Set<number>();
    const found = mail.map((parcel) => {
      const place = placeIn(start, space.parcels.parcels.all[parcel], taken);
      taken.add(place);
      return { parcel, place };
    });
    const sorted = found.toSorted((one, other) => one.place - other.place);
    return {
      parcels: sorted.map(({ parcel }) => parcel),
      places: sorted.map(({ place }) => place),
    };
  });
}

function placeIn(start: World, parcel: Parcel | undefined, taken: ReadonlySet<number>): number {
  if (parcel === undefined) return nowhere;
  const queue = getIn(start.links, linkKey(parcel.from, parcel.to))?.queue ?? [];
  const content = digest(parcel.content);
  const found = queue.find(
    (envelope) => !taken.has(envelope.seq) && isSameDigest(digest(envelope.content), content),
  );
  return found?.seq ?? nowhere;
}

/** The number of a parcel some time later; remembered. */
function createOlder({ parcels }: Space): (parcel: number, span: number) => number {
  const known = new Map<number, number[]>();
  return (number, span) => {
    const ofSpan = known.get(span) ?? [];
    const seen = ofSpan[number];
    if (seen !== undefined) return seen;
    const parcel = parcels.parcels.all[number];
    const made =
      parcel === undefined || parcel.windows.length === 0
        ? number
        : parcels.parcelOf({ ...parcel, windows: windowsAfter(parcel.windows, span) });
    ofSpan[number] = made;
    known.set(span, ofSpan);
    return made;
  };
}
