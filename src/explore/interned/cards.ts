/**
 * What an actor may do whose mail is kept elsewhere: one parcel after the other is tried on the bare
 * cell, which has no mail. So what is computed grows with local states times parcels, not with mail.
 */
import { resultOf } from './cell-ops.ts';
import { emptyCell } from './cell.ts';
import type { Move } from './cell.ts';
import { internCell, monitorSlot } from './space.ts';
import type { Slot, Space } from './space.ts';
import { createConditions, listAt } from './walker.ts';

/** A move of an actor whose mail is kept elsewhere. */
export interface Card {
  readonly after: number;
  /** The bare cell afterwards. */
  readonly cell: number;
  /** What monitors are told, in order. */
  readonly facts: Int32Array;
  /** The number of the input; -1 for a delivery. */
  readonly input: number;
  /** The parcels that it sends, in order. */
  readonly posts: Int32Array;
  readonly slot: number;
}

/** The cards of one cell. */
export interface Hand {
  readonly cards: readonly Card[];
  readonly deadline: number;
}

/** Hands, each made once; `undefined` where more than the order of sending ranks what may be done. */
export interface Hands {
  /** What a parcel may do where it arrives, the soonest first. */
  readonly delivering: (slot: number, cell: number, parcel: number) => Hand | undefined;
  /** What the environment may give, in the order in which it is declared. */
  readonly giving: (slot: number, cell: number) => Hand | undefined;
}

type Known = (Hand | false | undefined)[];

/** The hands of a space while all nodes are up. */
export function createHands(space: Space): Hands {
  const conditions = createConditions(space)(0);
  const given: Known[] = [];
  const delivered: Known[] = [];
  const make = (index: number, cell: number, mail: readonly number[]): Hand | false => {
    const slot = space.slots[index];
    if (slot === undefined) return false;
    const bare = slot.cells.all[cell] ?? emptyCell;
    const number = mail.length === 0 ? cell : internCell(slot, { ...bare, mail });
    const { deadline, moves } = listAt(space, conditions, { cell: number, slot: index });
    const cards = moves.map((move) => cardOf(space, slot, move));
    const known = cards.flatMap((card) => (card === undefined ? [] : [card]));
    if (bare.timers.length > 0 || known.length < cards.length) return false;
    const isGiving = mail.length === 0;
    return {
      cards: known
        .filter(({ input }) => input >= 0 === isGiving)
        .toSorted((one, other) => one.after - other.after || one.input - other.input),
      deadline,
    };
  };
  return {
    delivering: (slot, cell, parcel) => {
      const known = (delivered[parcel] ??= []);
      const hand = (known[cell] ??= make(slot, cell, [parcel]));
      return hand === false ? undefined : hand;
    },
    giving: (slot, cell) => {
      const known = (given[slot] ??= []);
      const hand = (known[cell] ??= make(slot, cell, []));
      return hand === false ? undefined : hand;
    },
  };
}

/** The number of a cell without its mail. */
export function bareCell(slot: Slot, cell: number): number {
  return internCell(slot, { ...(slot.cells.all[cell] ?? emptyCell), mail: [] });
}

/** Timers, faults, budgets, children and mail inside a node make no cards. */
function cardOf(space: Space, slot: Slot, move: Move): Card | undefined {
  const { after, label } = move;
  const hasTimers = (slot.cells.all[move.cell]?.timers.length ?? 0) > 0;
  const done = hasTimers ? undefined : consequences(space, slot, move);
  if (done === undefined) return undefined;
  const card = { ...done, after, slot: slot.index };
  if (label.type === 'input') {
    const isBudgeted = slot.declared?.inputs[label.input]?.budget !== undefined;
    return isBudgeted ? undefined : { ...card, input: label.input };
  }
  if (label.type !== 'deliver') return undefined;
  const isLocal = space.parcels.parcels.all[label.parcel]?.isLocal !== false;
  return isLocal ? undefined : { ...card, input: -1 };
}

function consequences(
  space: Space,
  own: Slot,
  { cell, ops }: Move,
): Pick<Card, 'cell' | 'facts' | 'posts'> | undefined {
  const facts: number[] = [];
  const posts: number[] = [];
  let bare = bareCell(own, cell);
  if (ops === undefined) return undefined;
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
