/**
 * What an actor may do whose mail is kept elsewhere: one parcel after the other is tried on the bare
 * cell, which has no mail. So what is computed grows with local states times parcels, not with mail.
 */
import { internCell, monitorSlot } from '../space.ts';
import type { Slot, Space } from '../space.ts';
import { movesOf } from './cell-moves.ts';
import { resultOf } from './cell-ops.ts';
import { emptyCell } from './cell.ts';
import type { Move } from './cell.ts';

/** A move of an actor whose mail is kept elsewhere. */
export interface Card {
  readonly after: number;
  /** The bare cell afterwards. */
  readonly cell: number;
  /** What monitors are told, in order. */
  readonly facts: Int32Array;
  /** The number of the input; -1 for a delivery. */
  readonly input: number;
  /** Whether it leads to where cards do not say what may be done: timers, children, mail inside a node. */
  readonly leadsOut: boolean;
  /** The parcels that it sends, in order. */
  readonly posts: Int32Array;
  readonly slot: number;
}

/** The cards of one cell. */
export interface Hand {
  readonly cards: readonly Card[];
  readonly deadline: number;
}

/** Where a hand is for, while all nodes are up. */
export interface HandPlace {
  /** The bare cell. */
  readonly cell: number;
  /** The parcel that arrives; without one the hand is what the environment may give. */
  readonly parcel?: number;
  readonly slot: number;
}

/**
 * What a parcel may do where it arrives, the soonest first; or what the environment may give, in the
 * order in which it is declared; `false` where more than the order of sending ranks what may be done.
 */
export function handOf(space: Space, { cell, parcel, slot: index }: HandPlace): Hand | false {
  const slot = space.slots[index];
  if (slot === undefined) return false;
  const bare = slot.cells.all[cell] ?? emptyCell;
  const number = parcel === undefined ? cell : internCell(slot, { ...bare, mail: [parcel] });
  const { deadline, moves } = movesOf(space, slot, { cell: number, node: 'up' });
  const cards = moves.map((move) => cardOf(space, slot, move));
  const known = cards.flatMap((card) => (card === undefined ? [] : [card]));
  if (bare.timers.length > 0 || known.length < cards.length) return false;
  const isGiving = parcel === undefined;
  return {
    cards: known
      .filter(({ input }) => input >= 0 === isGiving)
      .toSorted((one, other) => one.after - other.after || one.input - other.input),
    deadline,
  };
}

/** The number of a cell without its mail. */
export function bareCell(slot: Slot, cell: number): number {
  return internCell(slot, { ...(slot.cells.all[cell] ?? emptyCell), mail: [] });
}

/** Timers that fire, faults and what draws on a budget make no cards. */
function cardOf(space: Space, slot: Slot, move: Move): Card | undefined {
  const { after, cell, label } = move;
  const hasTimers = (slot.cells.all[cell]?.timers.length ?? 0) > 0;
  const done = hasTimers ? undefined : consequences(space, slot, move);
  const card = { ...(done ?? out), after, leadsOut: done === undefined, slot: slot.index };
  if (label.type === 'input') {
    const isBudgeted = slot.declared?.inputs[label.input]?.budget !== undefined;
    return isBudgeted ? undefined : { ...card, input: label.input };
  }
  if (label.type !== 'deliver') return undefined;
  const isLocal = space.parcels.parcels.all[label.parcel]?.isLocal !== false;
  return isLocal ? undefined : { ...card, input: -1 };
}

const out = { cell: 0, facts: new Int32Array(0), posts: new Int32Array(0) };

function consequences(
  space: Space,
  own: Slot,
  { cell, ops }: Move,
): Pick<Card, 'cell' | 'facts' | 'posts'> | undefined {
  const facts: number[] = [];
  const posts: number[] = [];
  if (ops === undefined) return undefined;
  let bare = bareCell(own, cell);
  for (let index = 0; index < ops.length; index += 2) {
    const [at, op] = [ops[index] ?? 0, ops[index + 1] ?? 0];
    const what = space.slots[at]?.ops.all[op];
    const isRemote =
      what?.type === 'post' && space.parcels.parcels.all[what.parcel]?.isLocal === false;
    const isEnd = what?.type === 'end' && at === own.index;
    if (at !== monitorSlot && !isRemote && !isEnd) return undefined;
    if (at === monitorSlot) {
      facts.push(op);
      continue;
    }
    // What is sent to an actor is told, whatever its cell.
    const result = resultOf(space, { cell: isEnd ? bare : 0, op, slot: at });
    if (isRemote) posts.push(what.parcel);
    else bare = result.cell;
    for (const call of result.calls ?? []) {
      if (call.slot !== monitorSlot || typeof call.op !== 'number') return undefined;
      facts.push(call.op);
    }
  }
  return { cell: bare, facts: Int32Array.from(facts), posts: Int32Array.from(posts) };
}
