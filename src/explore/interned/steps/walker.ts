/**
 * Steps through interned worlds: from a vector to all that may follow, by looking up what each cell may
 * do and what each message makes of the cell that it reaches. XState is only called for what is new.
 */
import type { Mechanics } from '../../../kernel/mechanics.ts';
import { firstStates } from '../../../kernel/monitor.ts';
import type { Predicate } from '../../../runtime/property.ts';
import { asked } from '../../verdict.ts';
import { boundName } from '../../within.ts';
import { movesOf } from '../cells/cell-moves.ts';
import type { GlobalCell, Move } from '../cells/cell.ts';
import { internStates } from '../cells/monitoring.ts';
import { listOf } from '../cells/move.ts';
import { cutBetween, globalMoves } from '../global-moves.ts';
import { firstGlobal, internGlobal } from '../globals.ts';
import type { Journal } from '../journal.ts';
import { cellWithoutParcel } from '../mail/delivery.ts';
import { lost } from '../mail/post.ts';
import { createDecision } from '../questions/decision.ts';
import type { Decision } from '../questions/decision.ts';
import { callOf, createSpace, firstActorSlot, globalSlot, monitorSlot } from '../space.ts';
import type { MoveList, Slot, Space } from '../space.ts';
import { createChange } from './change.ts';
import type { Change } from './change.ts';
import { createElapse } from './elapse.ts';
import { createFollower } from './follow.ts';
import { createQuickWalk } from './quick-walk.ts';
import type { Shortcuts, Visit } from './quick-walk.ts';

/** Steps through the interned worlds of one system. */
export interface Walker {
  /** What the successor in hand has other than the world that is expanded. */
  readonly change: Change;
  /**
   * Gives each successor of a world, by `change`, and the move that leads there, always in the same
   * order. With `shortcuts`, simple moves are not carried out but given to them.
   */
  readonly expand: (vector: Int32Array, visit: Visit, shortcuts?: Shortcuts) => void;
  /** Whether a world is to be looked at, where the system has such a bound. */
  readonly isWithin: Decision | undefined;
  /** Whether, for a number of what belongs to no actor, nothing of that has a say. */
  readonly isSimple: (global: number) => boolean;
  /** The first world. */
  readonly first: () => Int32Array;
  /** Learns what follows from a world where shortcuts do; whether they do. */
  readonly learn: (vector: Int32Array) => boolean;
  /**
   * Tells the moves that the system owes in a world: its own, but for what a partition holds. Some of
   * them may have to wait for what is due before.
   */
  readonly owed: (vector: Int32Array, tell: Visit) => void;
  /** The cells that shortcuts speak of. */
  readonly pool: () => Int32Array;
  readonly space: Space;
}

/** A walker over a system, with its bound on worlds if it has one. */
export function createWalker(mechanics: Mechanics, within?: Predicate, journal?: Journal): Walker {
  const space = createSpace(mechanics, journal);
  const change = createChange();
  const take = createTaker(space, change);
  const conditionsOf = createConditions(space);
  // The moves of each slot in the world in hand.
  const lists: MoveList[] = [];
  const quick = createQuickWalk(space, { change, take });
  const expand = (vector: Int32Array, visit: Visit, shortcuts?: Shortcuts): void => {
    // What is found on the way gets its slots behind the last of these.
    const last = space.slots.length;
    const conditions = conditionsOf(vector[globalSlot] ?? 0);
    if (shortcuts !== undefined && conditions.isSimple && quick.covers(vector)) {
      quick.expand(vector, visit, shortcuts);
      return;
    }
    change.load(vector, last);
    let { deadline } = conditions.faults;
    for (let index = firstActorSlot; index < last; index += 1) {
      const list = listAt(space, conditions, { cell: vector[index] ?? 0, slot: index });
      lists[index] = list;
      if (list.deadline < deadline) deadline = deadlineOf(space, conditions, { deadline, list });
    }
    for (let index = firstActorSlot; index < last; index += 1) {
      for (const move of (lists[index] ?? noMoves).moves) {
        if (move.after > deadline) continue;
        const cut = conditions.isPlain ? undefined : cutOf(space, conditions.global, move);
        if (cut !== 'hold' && take(move, cut === 'drop') !== 'impossible') visit(move);
      }
    }
    for (const move of conditions.faults.moves) {
      if (move.after <= deadline && take(move, false) !== 'impossible') visit(move);
    }
  };
  const owed = (vector: Int32Array, tell: Visit): void => {
    const conditions = conditionsOf(vector[globalSlot] ?? 0);
    for (let index = firstActorSlot; index < space.slots.length; index += 1) {
      for (const move of listAt(space, conditions, { cell: vector[index] ?? 0, slot: index })
        .moves) {
        if (!move.isExternal && cutOf(space, conditions.global, move) !== 'hold') tell(move);
      }
    }
    for (const move of conditions.faults.moves) if (!move.isExternal) tell(move);
  };
  return {
    change,
    expand,
    first: () => firstWorld(space, change),
    isSimple: (global) => conditionsOf(global).isSimple,
    isWithin: within && createDecision(space, asked(boundName, within)),
    learn: (vector) => {
      if (!conditionsOf(vector[globalSlot] ?? 0).isSimple || !quick.covers(vector)) return false;
      quick.learn(vector);
      return true;
    },
    owed,
    pool: quick.pool,
    space,
  };
}

const noMoves: MoveList = listOf([]);

/** The world before anything was delivered: all declared actors have done their first step. */
function firstWorld(space: Space, change: Change): Int32Array {
  const { rules } = space.mechanics;
  const { follow } = createFollower(space, change);
  change.load(new Int32Array(0), space.slots.length);
  change.put(globalSlot, internGlobal(space, firstGlobal(space.mechanics)));
  change.put(monitorSlot, internStates(space, firstStates(rules.monitors)));
  for (const { address } of rules.actors) {
    follow([callOf(space.slotOf(address), { type: 'restart' })]);
  }
  return Int32Array.from(space.slots, (_, slot) => change.at(slot));
}

/** Whether a move was possible, and whether anything followed from what it did. */
export type Taken = 'impossible' | 'followed' | 'done';

/** Carries out a move, or loses the message that it would deliver. */
export function createTaker(space: Space, change: Change): (move: Move, isLost: boolean) => Taken {
  const { follow, operate } = createFollower(space, change);
  const elapse = createElapse(space, change);
  const lose = ({ after, label, slot: index }: Move): boolean => {
    const slot = space.slots[index];
    if (slot === undefined || label.type !== 'deliver') return false;
    const { parcel: number } = label;
    const cell = change.at(index);
    change.put(index, cellWithoutParcel(space, slot, { cell, parcel: number }));
    if (after > 0) elapse(after);
    const parcel = space.parcels.parcels.all[number];
    return parcel !== undefined && follow(lost(space, parcel, 'partition'));
  };
  return (move, isLost) => {
    const { after, ops, slot } = move;
    change.begin();
    if (isLost) return afterFollowing(lose(move));
    if (after > 0) elapse(after);
    if (slot > 0) change.put(slot, move.cell);
    if (ops === undefined) return afterFollowing(follow(move.calls));
    for (let index = 0; index < ops.length; index += 2) {
      const further = operate(ops[index] ?? 0, ops[index + 1] ?? 0);
      if (further === undefined) return 'impossible';
      if (further.length > 0) {
        return afterFollowing(follow([...further, ...move.calls.slice(index / 2 + 1)]));
      }
    }
    return 'done';
  };
}

function afterFollowing(isPossible: boolean): Taken {
  return isPossible ? 'followed' : 'impossible';
}

/** What holds for all actors of a world. */
export interface Conditions {
  readonly faults: MoveList;
  readonly global: GlobalCell;
  /** Whether all nodes are up and nothing is cut. */
  readonly isPlain: boolean;
  /** Whether, besides, nothing can befall the nodes or the network as a whole. */
  readonly isSimple: boolean;
}

/** What holds for all actors, by the number of what belongs to none. */
export function createConditions(space: Space): (number: number) => Conditions {
  const known: Conditions[] = [];
  return (number) => {
    const seen = known[number];
    if (seen !== undefined) return seen;
    const global = space.globals.all[number] ?? firstGlobal(space.mechanics);
    const isPlain = global.partition === undefined && Object.keys(global.nodes).length === 0;
    const faults = listOf(globalMoves(space.mechanics, global));
    const made = { faults, global, isPlain, isSimple: isPlain && faults.moves.length === 0 };
    known[number] = made;
    return made;
  };
}

interface Place {
  readonly cell: number;
  readonly slot: number;
}

/** The moves of the actor at a slot. */
export function listAt(
  space: Space,
  { global, isPlain }: Conditions,
  { cell, slot: index }: Place,
): MoveList {
  const slot: Slot | undefined = space.slots[index];
  if (slot === undefined) return noMoves;
  if (isPlain) return slot.moves.up[cell] ?? movesOf(space, slot, { cell, node: 'up' });
  return movesOf(space, slot, { cell, node: global.nodes[slot.node] ?? 'up' });
}

interface Waiting {
  readonly deadline: number;
  readonly list: MoveList;
}

/** A message that a partition holds keeps nobody waiting. */
export function deadlineOf(
  space: Space,
  { global, isPlain }: Conditions,
  { deadline, list }: Waiting,
): number {
  if (isPlain) return list.deadline;
  return list.moves.reduce(
    (least, move) =>
      cutOf(space, global, move) === 'hold' ? least : Math.min(least, move.deadline),
    deadline,
  );
}

/** What a partition in force does to what a move would deliver. */
export function cutOf(
  space: Space,
  global: GlobalCell,
  { label }: Move,
): 'drop' | 'hold' | undefined {
  if (global.partition === undefined || label.type !== 'deliver') return undefined;
  const parcel = space.parcels.parcels.all[label.parcel];
  return parcel === undefined ? undefined : cutBetween(space.mechanics, global, parcel);
}
