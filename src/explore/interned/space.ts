/** The slots of a search: which actor has which, and all that was computed for their cells. */
import { parentOf } from '../../core/address.ts';
import type { Address, NodeId } from '../../core/brand.ts';
import { digest, formatDigest } from '../../core/digest.ts';
import type { Outcome } from '../../kernel/effect.ts';
import type { Mechanics } from '../../kernel/mechanics.ts';
import type { Fact, MonitorStates } from '../../kernel/monitor.ts';
import type { Declared } from '../../kernel/rules.ts';
import { emptyCell } from './cells/cell.ts';
import type { ActorValue, Call, Cell, GlobalCell, Move, NodeStatus, Op } from './cells/cell.ts';
import type { Reaction } from './cells/reaction.ts';
import { sortedGroups } from './cells/timer-groups.ts';
import { createInterner } from './interner.ts';
import type { Interner } from './interner.ts';
import { noJournal } from './journal.ts';
import type { Journal } from './journal.ts';
import { createMailBook } from './mail/mail-book.ts';
import type { MailBook } from './mail/mail-book.ts';
import { createParcels } from './mail/parcel.ts';
import type { Parcels } from './mail/parcel.ts';

/** A cell's mail and actor as one number, or all of it as text. */
type CellKey = number | string;

/** Where an actor lives in the vector. */
export interface Slot {
  readonly address: Address;
  readonly cells: Interner<Cell, CellKey>;
  readonly declared: Declared | undefined;
  /** The number of each cell some time later, by the span. */
  readonly elapsed: Map<number, number[]>;
  readonly index: number;
  /** The mail that its cells have. */
  readonly mails: MailBook;
  /** What the actor may do in each of its cells, as far as it was asked for, by what its node is. */
  readonly moves: Readonly<Record<NodeStatus | 'up', (MoveList | undefined)[]>>;
  readonly node: NodeId;
  readonly ops: Interner<Op>;
  /** What the environment may give an actor, by the number of its local state. */
  readonly inputs: (readonly OfferedInput[] | undefined)[];
  /** What events do to its actors, by the numbers of event and local state. */
  readonly reactions: (Reaction | undefined)[][];
  /** What starts do, by what they depend on. */
  readonly starts: Map<string, Reaction>;
}

/** An event that an actor can take from the environment, by its place in the declaration. */
export interface OfferedInput {
  readonly event: number;
  readonly index: number;
}

/** What an actor may do, and how long the system may wait for it at most. */
export interface MoveList {
  readonly deadline: number;
  readonly moves: readonly Move[];
  /** The first moves do nothing but to give the slot these other cells, at once. */
  readonly putCells: readonly number[];
  /** What the first moves say of the world: the most of their urgencies. */
  readonly putUrgency: Urgency;
  /** From here on the moves lead back to the cell itself, without doing anything elsewhere. */
  readonly stayFrom: number;
  readonly stayUrgency: Urgency;
}

/** Who would make a move: misfortune (0), the environment (1), or the system itself (2). */
export type Urgency = 0 | 1 | 2;

/** What one operation makes of the cells of one slot, as far as it was asked for. */
export interface OpTable {
  /** By cell: 0 for what is not known, the next cell + 1, or -1 - the place in `results`. */
  cells: Int32Array;
  /** What has further calls, or cannot be done. */
  readonly results: OpResult[];
}

/** What an operation makes of a cell, and what follows; `undefined` when it cannot be done. */
export interface OpResult {
  readonly calls: readonly Call[] | undefined;
  readonly cell: number;
}

/** All of it. */
export interface Space {
  readonly actors: Interner<ActorValue>;
  /** The budgets that moves draw on: operations on slot 0. */
  readonly budgets: Interner<string>;
  /** What monitors are told: operations on slot 1. */
  readonly facts: Interner<Fact>;
  readonly globals: Interner<GlobalCell>;
  /** Where what is learned is written for others. */
  readonly journal: Journal;
  readonly mechanics: Mechanics;
  readonly monitorStates: Interner<MonitorStates>;
  /** What XState made of local states and events. */
  readonly outcomes: Map<string, Outcome>;
  readonly parcels: Parcels;
  /** By slot and operation. */
  readonly results: (OpTable | undefined)[][];
  /** Slot 0 is for what belongs to no actor, slot 1 for the monitors. */
  readonly slots: readonly (Slot | undefined)[];
  /** The words that `results` takes. */
  readonly size: { words: number };
  /** The slot of an address, if it has one. */
  readonly slotAt: (address: string) => Slot | undefined;
  readonly slotOf: (address: Address) => Slot;
}

/** The slot of what belongs to no actor. */
export const globalSlot = 0;
/** The slot of the states of monitors. */
export const monitorSlot = 1;
/** Actors have the slots from here on. */
export const firstActorSlot = 2;

/** An empty space over a system; its declared actors have the first slots. */
export function createSpace(mechanics: Mechanics, journal: Journal = noJournal): Space {
  const slots: (Slot | undefined)[] = [undefined, undefined];
  const results: (OpTable | undefined)[][] = [[], []];
  const byAddress = new Map<string, Slot>();
  const actors = createInterner<ActorValue>();
  // Number 0 means that there is no actor.
  actors.intern('', () => ({ local: { status: 'done' }, logic: '' }));
  const slotOf = (address: Address): Slot => {
    const known = byAddress.get(address);
    if (known !== undefined) return known;
    const slot = createSlot(mechanics, { address, index: slots.length });
    slots.push(slot);
    results.push([]);
    byAddress.set(address, slot);
    return slot;
  };
  for (const { address } of mechanics.rules.actors) slotOf(address);
  return {
    actors,
    budgets: createInterner<string>(),
    facts: createInterner<Fact>(),
    globals: createInterner<GlobalCell>(),
    journal,
    mechanics,
    monitorStates: createInterner<MonitorStates>(),
    outcomes: new Map(),
    parcels: createParcels(),
    results,
    size: { words: 0 },
    slotAt: (address) => byAddress.get(address),
    slotOf,
    slots,
  };
}

/** The number of a cell at its slot. */
export function internCell(slot: Slot, cell: Cell): number {
  const { actor, durable, timers } = cell;
  const mail = slot.mails.numberOf(cell.mail);
  // Most cells have no more than that.
  if (timers.length === 0 && durable === undefined && actor < actorsMost) {
    return slot.cells.intern(mail * actorsMost + actor, () => ({
      actor,
      mail: slot.mails.of(mail),
      timers: noTimers,
    }));
  }
  const kept = durable === undefined ? '' : formatDigest(digest(durable));
  const groups = sortedGroups(timers);
  const key = `${actor}|${mail}|${groups.join(';')}|${kept}`;
  return slot.cells.intern(key, () => ({ ...cell, mail: slot.mails.of(mail), timers: groups }));
}

const actorsMost = 2 ** 24;
const noTimers: Cell['timers'] = [];

/** The number of a local state with its logic. */
export function internActor(space: Space, actor: ActorValue): number {
  const { local, logic, systemId = '' } = actor;
  return space.actors.intern(`${logic}|${systemId}|${formatDigest(digest(local))}`, () => actor);
}

/** The number of an operation at its slot. */
function internOp(slot: Slot, op: Op): number {
  const start = 'start' in op ? formatDigest(digest(op.start)) : undefined;
  return slot.ops.intern(JSON.stringify({ ...op, start }), () => op);
}

/** A call of an operation on a slot. */
export function callOf(slot: Slot, op: Op): Call {
  return { op: internOp(slot, op), slot: slot.index };
}

/** The slots below that of `top`, in the order in which the kernel stops them: the last name first. */
export function slotsBelow({ slots }: Space, top: Slot): readonly Slot[] {
  return lastFirst(
    slots.flatMap((slot) => (slot !== undefined && isBelow(slot, top) ? [slot] : [])),
  );
}

/** The slots of a node, in the order in which the kernel stops them. */
export function slotsOfNode({ slots }: Space, node: string): readonly Slot[] {
  return lastFirst(slots.flatMap((slot) => (slot?.node === node ? [slot] : [])));
}

function createSlot(
  mechanics: Mechanics,
  { address, index }: Pick<Slot, 'address' | 'index'>,
): Slot {
  const slot: Slot = {
    address,
    cells: createInterner<Cell, CellKey>(),
    declared: mechanics.rules.actors.find((declared) => declared.address === address),
    elapsed: new Map(),
    index,
    mails: createMailBook(),
    moves: { down: [], paused: [], up: [] },
    node: mechanics.nodeOf(address),
    ops: createInterner<Op>(),
    inputs: [],
    reactions: [],
    starts: new Map(),
  };
  internCell(slot, emptyCell);
  return slot;
}

function isBelow({ address }: Slot, top: Slot): boolean {
  return parentOf(address) !== undefined && address.startsWith(`${top.address}/`);
}

function lastFirst(slots: readonly Slot[]): readonly Slot[] {
  return slots.toSorted((first, second) => (first.address < second.address ? 1 : -1));
}
