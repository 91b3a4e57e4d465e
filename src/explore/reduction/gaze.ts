/**
 * What properties look at: all that any of them has read in any world so far. Two steps that change
 * what one property reads are dependent, so that it sees the same in every order that is left out.
 *
 * @see Peled, "All from One, One for All: on Model Checking Using Representatives", CAV 1993
 * (visibility).
 */
import type { Predicate, WorldProperty } from '../../runtime/property.ts';
import type { View } from '../../runtime/view.ts';
import { monitorSlot } from '../interned/space.ts';
import type { Space } from '../interned/space.ts';
import type { Changes, Sight } from './footprints.ts';

/** The gaze of some properties. */
export interface Gaze {
  /** How many things have been read so far; when it grows, runs may have been left out wrongly. */
  readonly size: () => number;
  readonly sight: Sight;
  /** The properties, whose reading is noted. */
  readonly watched: readonly WorldProperty[];
}

/** There are 32 bits; with more properties some share one. */
const bits = 32;

/** A gaze that has seen nothing. */
export function createGaze(space: Space, properties: readonly WorldProperty[]): Gaze {
  const all = properties.map((property) => ({ property, reads: new Set<string>() }));
  return {
    sight: (changes) => {
      let seen = 0;
      for (const [index, { reads }] of all.entries()) {
        if (isSeen(space, reads, changes)) seen |= 1 << (index % bits);
      }
      return seen;
    },
    size: () => all.reduce((sum, { reads }) => sum + reads.size, 0),
    watched: all.map(({ property, reads }) => ({
      ...property,
      holds: noting(property.holds, reads),
    })),
  };
}

/** The places of the properties that a number of pairs was told of, by the bits that `sight` gives. */
export function bitsIn(seen: number): readonly number[] {
  return Array.from({ length: bits }, (_, bit) => bit).filter((bit) => (seen & (1 << bit)) !== 0);
}

const addresses = 'addresses of';
const messages = 'messages of';
const monitors = 'monitors of';

function noting(predicate: Predicate, reads: Set<string>): Predicate {
  return (view) => predicate(notingView(view, reads));
}

function notingView(view: View, reads: Set<string>): View {
  return {
    actor: (address) => {
      reads.add(`actor ${address}`);
      return view.actor(address);
    },
    addresses: () => {
      reads.add(addresses);
      return view.addresses();
    },
    messages: () => {
      reads.add(messages);
      return view.messages();
    },
    monitor: (name) => {
      reads.add(monitors);
      return view.monitor(name);
    },
  };
}

function isSeen(
  space: Space,
  reads: ReadonlySet<string>,
  { cells, isPresenceChanged, locals }: Changes,
): boolean {
  if (reads.has(messages) && cells.some((slot) => slot !== monitorSlot)) return true;
  if (reads.has(addresses) && isPresenceChanged) return true;
  if (reads.has(monitors) && cells.includes(monitorSlot)) return true;
  return locals.some((slot) => reads.has(`actor ${space.slots[slot]?.address ?? ''}`));
}
