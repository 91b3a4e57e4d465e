/** What a world offers next, under names that hold as long as nothing happens that concerns them. */
import { unreachable } from '../../core/errors.ts';
import { movesOf } from '../interned/cells/cell-moves.ts';
import type { Label, Move } from '../interned/cells/cell.ts';
import { cutBetween, globalMoves } from '../interned/global-moves.ts';
import { firstGlobal } from '../interned/globals.ts';
import { createInterner } from '../interned/interner.ts';
import { firstActorSlot, globalSlot } from '../interned/space.ts';
import type { MoveList, Space } from '../interned/space.ts';

/** A move that a world offers. */
export interface Offer {
  /** The number of its name. */
  readonly id: number;
  /** Whether a partition loses the message that it would deliver. */
  readonly isLost: boolean;
  readonly move: Move;
}

/** Finds what worlds offer. */
export interface Offers {
  /** All that a world offers; what the system does by itself stands before what comes from outside. */
  readonly all: (vector: Int32Array) => readonly Offer[];
  /** The offer of that name in another world, for the actor or the system that it concerns. */
  readonly find: (vector: Int32Array, offer: Offer) => Offer | undefined;
  /** What a world offers that is about the same as an offer: in a FIFO a message may have moved up meanwhile. */
  readonly alike: (vector: Int32Array, offer: Offer) => readonly Offer[];
  /** A move as an offer, whether or not any world offers it. */
  readonly offerOf: (move: Move) => Offer;
  /** The offers of an actor in one of its cells, where nothing else forbids them. */
  readonly ofSlot: (vector: Int32Array, slot: number) => readonly Offer[];
}

/** The offers of the worlds of a space. */
export function createOffers(space: Space): Offers {
  const { nameOf } = createNames(space);
  const kept = new Map<Move, Offer>();
  const lost = new Map<Move, Offer>();
  const offerOf = (move: Move, isLost: boolean): Offer => {
    const table = isLost ? lost : kept;
    const seen = table.get(move);
    if (seen !== undefined) return seen;
    const made: Offer = { id: nameOf(move.label), isLost, move };
    table.set(move, made);
    return made;
  };
  const conditionsOf = createConditions(space);
  const listAt = (vector: Int32Array, index: number): MoveList | undefined => {
    const slot = space.slots[index];
    if (slot === undefined) return undefined;
    const { statuses } = conditionsOf(vector);
    return movesOf(space, slot, { cell: vector[index] ?? 0, node: statuses[slot.node] ?? 'up' });
  };
  const offered = (conditions: Conditions, move: Move): Offer | undefined => {
    if (!canPay(space, conditions, move)) return undefined;
    const cut = cutOf(space, conditions, move);
    return cut === 'hold' ? undefined : offerOf(move, cut === 'drop');
  };
  const ofSlot = (vector: Int32Array, index: number): readonly Offer[] => {
    const conditions = conditionsOf(vector);
    const moves = listAt(vector, index)?.moves ?? [];
    return moves.flatMap((move) => offered(conditions, move) ?? []);
  };
  const all = (vector: Int32Array): readonly Offer[] => {
    const conditions = conditionsOf(vector);
    const found: Offer[] = [];
    let { deadline } = conditions.faults;
    for (let index = firstActorSlot; index < space.slots.length; index += 1) {
      for (const move of (vector[index] ?? 0) === 0 ? [] : (listAt(vector, index)?.moves ?? [])) {
        const offer = offered(conditions, move);
        if (cutOf(space, conditions, move) !== 'hold') deadline = Math.min(deadline, move.deadline);
        if (offer !== undefined) found.push(offer);
      }
    }
    for (const move of conditions.faults.moves) found.push(offerOf(move, false));
    const due = found.filter(({ move }) => move.after <= deadline);
    return [...due.filter(isOwn), ...due.filter((offer) => !isOwn(offer))];
  };
  const near = (vector: Int32Array, { slot }: Move): readonly Offer[] =>
    slot === globalSlot
      ? conditionsOf(vector).faults.moves.map((fault) => offerOf(fault, false))
      : ofSlot(vector, slot);
  return {
    alike: (vector, { id, move }) => {
      // What is there need not be on offer yet, where everything waits for a clock.
      const here = space.mechanics.rules.time === 'timed' ? all(vector) : near(vector, move);
      return here.filter((other) => other.id === id || isOfOneMessage(other.move, move));
    },
    all,
    find: (vector, { id, move }) => near(vector, move).find((other) => other.id === id),
    offerOf: (move) => offerOf(move, false),
    ofSlot,
  };
}

/** Whether the system does it by itself. */
export function isOwn({ move }: Offer): boolean {
  return !move.isExternal;
}

/** Whether two faults befall one message in one way, wherever it stands. */
function isOfOneMessage({ label }: Move, { label: other }: Move): boolean {
  if (label.type !== 'drop' && label.type !== 'duplicate') return false;
  return label.type === other.type && label.parcel === other.parcel;
}

/** How many messages like that which an offer is about are in the mail. */
export function copiesOf(
  space: Space,
  vector: Int32Array,
  { move: { label, slot } }: Offer,
): number {
  if (!('parcel' in label)) return 0;
  const mail = space.slots[slot]?.cells.all[vector[slot] ?? 0]?.mail ?? [];
  return mail.filter((number) => number === label.parcel).length;
}

/** What holds for all actors of a world. */
interface Conditions {
  readonly budgets: Readonly<Record<string, number>>;
  readonly faults: Pick<MoveList, 'deadline' | 'moves'>;
  readonly global: ReturnType<typeof firstGlobal>;
  readonly statuses: Readonly<Record<string, 'down' | 'paused'>>;
}

function createConditions(space: Space): (vector: Int32Array) => Conditions {
  const known: Conditions[] = [];
  return (vector) => {
    const number = vector[globalSlot] ?? 0;
    const seen = known[number];
    if (seen !== undefined) return seen;
    const global = space.globals.all[number] ?? firstGlobal(space.mechanics);
    const moves = globalMoves(space.mechanics, global);
    const deadline = Math.min(...moves.map((move) => move.deadline), Number.POSITIVE_INFINITY);
    const faults = { deadline, moves };
    const made = { budgets: global.budgets, faults, global, statuses: global.nodes };
    known[number] = made;
    return made;
  };
}

/** Whether there is something left of the budgets that a move draws on. */
function canPay(space: Space, { budgets }: Conditions, { calls }: Move): boolean {
  return calls.every(({ op, slot }) => {
    if (slot !== globalSlot || typeof op !== 'number') return true;
    return (budgets[space.budgets.all[op] ?? ''] ?? 0) > 0;
  });
}

function cutOf(space: Space, { global }: Conditions, { label }: Move): 'drop' | 'hold' | undefined {
  if (global.partition === undefined || label.type !== 'deliver') return undefined;
  const parcel = space.parcels.parcels.all[label.parcel];
  return parcel === undefined ? undefined : cutBetween(space.mechanics, global, parcel);
}

/** Names of moves by what they are: a message and what becomes of it, a timer and what comes of it. */
function createNames({ parcels: { parcels } }: Space): {
  readonly nameOf: (label: Label) => number;
} {
  const names = createInterner<string>();
  return {
    nameOf: (label) => {
      const isOrdered = 'parcel' in label && parcels.all[label.parcel]?.kind === 'fifo';
      const text = textOf(label, isOrdered);
      return names.intern(text, () => text);
    },
  };
}

/** Where messages have no order, their places say nothing. */
function textOf(label: Label, isOrdered: boolean): string {
  switch (label.type) {
    case 'deliver':
      return `deliver|${label.parcel}|${label.after}`;
    case 'drop':
    case 'duplicate':
      return `${label.type}|${label.parcel}|${isOrdered ? label.position : ''}`;
    case 'fire':
    case 'early':
      return `${label.type}|${label.slot}|${label.group.join()}|${label.outcome}|${label.after}`;
    case 'input':
      return `input|${label.slot}|${label.input}`;
    case 'node':
      return JSON.stringify(label.change);
    default:
      return unreachable(label);
  }
}
