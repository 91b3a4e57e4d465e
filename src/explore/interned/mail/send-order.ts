/**
 * The order in which what is in flight was sent, which an interned world does not hold: the dullest
 * choice is the oldest message. For systems in which nothing but that ranks messages: those without
 * mail inside a node.
 */
import { digest, isSameDigest } from '../../../core/digest.ts';
import { getIn } from '../../../core/persistent-map.ts';
import { windowsAfter } from '../../../kernel/elapse.ts';
import { linkKey } from '../../../kernel/world.ts';
import type { World } from '../../../kernel/world.ts';
import type { Space } from '../space.ts';
import type { Parcel } from './parcel.ts';

const nowhere = Number.MAX_SAFE_INTEGER;

/** The parcels that wait in the first world, in the order in which the kernel sent them. */
export function firstPending(space: Space, cells: Int32Array, start: World): readonly number[] {
  const table = space.parcels.parcels.all;
  const taken = new Set<number>();
  return space.slots
    .flatMap((slot) => slot?.cells.all[cells[slot.index] ?? 0]?.mail ?? [])
    .map((parcel) => {
      const place = placeIn(start, table[parcel], taken);
      taken.add(place);
      return { parcel, place };
    })
    .toSorted((one, other) => one.place - other.place)
    .map(({ parcel }) => parcel);
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
export function createOlder({ parcels }: Space): (parcel: number, span: number) => number {
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
