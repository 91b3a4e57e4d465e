/** What an actor may do, and what that sends: for runs that keep the order of sending. */
import type { Move } from './cell.ts';
import type { MoveList, Slot, Space } from './space.ts';

/** A move as such a run sees it. */
export interface Card {
  readonly move: Move;
  /** The parcel that it delivers; -1 for an input. */
  readonly parcel: number;
  /** The slots and parcels of what it sends, in turn. */
  readonly posts: Int32Array;
}

/** The cards of one cell. */
export interface Hand {
  readonly deadline: number;
  readonly inputs: readonly Card[];
  readonly own: readonly Card[];
}

/**
 * The cards of a list of moves; `undefined` where more than the order of sending has a say in them:
 * timers, faults, budgets, children, mail inside the node.
 */
export function handOf(space: Space, slot: Slot, { deadline, moves }: MoveList): Hand | undefined {
  const cards = moves.map((move) => cardOf(space, slot, move));
  const known = cards.flatMap((card) => (card === undefined ? [] : [card]));
  if (known.length < cards.length) return undefined;
  return {
    deadline,
    inputs: known.filter(({ parcel }) => parcel < 0).toSorted(byInput),
    own: known.filter(({ parcel }) => parcel >= 0),
  };
}

/** In the order in which they are declared, as the kernel offers them. */
function byInput({ move: { label: one } }: Card, { move: { label: other } }: Card): number {
  return one.type === 'input' && other.type === 'input' ? one.input - other.input : 0;
}

function cardOf(space: Space, { declared }: Slot, move: Move): Card | undefined {
  const { label } = move;
  const posts = postsOf(space, move);
  if (posts === undefined) return undefined;
  if (label.type === 'input') {
    const isBudgeted = declared?.inputs[label.input]?.budget !== undefined;
    return isBudgeted ? undefined : { move, parcel: -1, posts };
  }
  if (label.type !== 'deliver') return undefined;
  const isLocal = space.parcels.parcels.all[label.parcel]?.isLocal !== false;
  return isLocal ? undefined : { move, parcel: label.parcel, posts };
}

function postsOf(space: Space, { cell, ops, slot: own }: Move): Int32Array | undefined {
  // What was set just now must fire some time.
  if (ops === undefined || (space.slots[own]?.cells.all[cell]?.timers.length ?? 0) > 0) {
    return undefined;
  }
  const posts: number[] = [];
  for (let index = 0; index < ops.length; index += 2) {
    const at = ops[index] ?? 0;
    const op = space.slots[at]?.ops.all[ops[index + 1] ?? 0];
    // What concerns no actor: facts for monitors.
    if (space.slots[at] === undefined || op?.type === 'end') continue;
    if (op?.type !== 'post' || space.parcels.parcels.all[op.parcel]?.isLocal !== false) {
      return undefined;
    }
    posts.push(at, op.parcel);
  }
  return Int32Array.from(posts);
}
