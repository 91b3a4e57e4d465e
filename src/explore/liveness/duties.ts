/**
 * What a fair run owes: for each link that has something in flight its next message (for each message,
 * where the link has no order), for each set timer its firing, and the next fault of the plan.
 */
import { digest, formatDigest } from '../../core/digest.ts';
import { unreachable } from '../../core/errors.ts';
import type { Move } from '../interned/cells/cell.ts';
import { createInterner } from '../interned/interner.ts';
import type { Space } from '../interned/space.ts';
import type { Walker } from '../interned/steps/walker.ts';

/** Duties by number. */
export interface Duties {
  /** The duties of a world, each once. */
  readonly at: (vector: Int32Array) => ReadonlySet<number>;
  /** The duty that a move does, or -1: what the environment does, nobody owes. */
  readonly of: (move: Move) => number;
}

/** What is taken for granted where a verdict speaks of runs without end. */
export const fairness =
  'A fair run puts nothing off for ever that can be done all the while: the next message of each ' +
  'link (each message, where a link has no order), each set timer, the next fault of the plan. Inputs ' +
  'and faults that may come are never owed.';

/** The duties in the worlds of a walker. */
export function createDuties({ owed, space }: Walker): Duties {
  const names = createInterner<string>();
  const known = new Map<Move, number>();
  const of = (move: Move): number => {
    const seen = known.get(move);
    if (seen !== undefined) return seen;
    const name = move.isExternal ? undefined : nameOf(space, move);
    const number = name === undefined ? -1 : names.intern(name, () => name);
    known.set(move, number);
    return number;
  };
  return {
    at: (vector) => {
      const all = new Set<number>();
      owed(vector, (move) => all.add(of(move)));
      all.delete(-1);
      return all;
    },
    of,
  };
}

/** Time passes without a duty becoming another, so no name has what is left of a wait. */
function nameOf({ parcels }: Space, { label }: Move): string | undefined {
  switch (label.type) {
    case 'deliver': {
      const parcel = parcels.parcels.all[label.parcel];
      if (parcel === undefined) return undefined;
      const { content, kind, link } = parcel;
      return kind === 'fifo' ? `link ${link}` : `message ${link} ${formatDigest(digest(content))}`;
    }
    case 'fire': {
      const timer = parcels.timers.all[label.group[0] ?? -1];
      const what = [timer?.events, timer?.id, timer?.to].map((part) => formatDigest(digest(part)));
      return `timer ${label.slot} ${what.join(' ')}`;
    }
    case 'node':
      return 'plan';
    case 'drop':
    case 'duplicate':
    case 'early':
    case 'input':
      return undefined;
    default:
      return unreachable(label);
  }
}
