/** Reads off two worlds and the slots that were looked at what the step between them read and changed. */
import type { Address } from '../../core/brand.ts';
import { digest, isSameDigest } from '../../core/digest.ts';
import type { GlobalCell } from '../interned/cells/cell.ts';
import { firstActorSlot, globalSlot, monitorSlot } from '../interned/space.ts';
import type { Slot, Space } from '../interned/space.ts';
import { createCellDifferences } from './cell-difference.ts';
import type { CellDifference } from './cell-difference.ts';
import { maskOf } from './footprint.ts';
import type { Taken } from './footprint.ts';
import type { Offer } from './offer.ts';
import {
  namesResource,
  partitionResource,
  planResource,
  resource,
  timeResource,
} from './resource.ts';

/** What a step changed, for those who look at it. */
export interface Changes {
  /** Slots whose cells are others now, and those of them whose local states are. */
  readonly cells: readonly number[];
  readonly locals: readonly number[];
  /** Whether an actor has come or gone. */
  readonly isPresenceChanged: boolean;
}

/** Which properties see a change, a bit for each. */
export type Sight = (changes: Changes) => number;

/** A step: the world before it, and the slots that were looked at with the cells that they were given. */
export interface Passage {
  readonly before: Int32Array;
  readonly offer: Offer;
  readonly touched: ReadonlyMap<number, readonly number[]>;
}

/** What is being put together. */
interface Notes {
  readonly added: number[];
  readonly cells: number[];
  isPresenceChanged: boolean;
  readonly locals: number[];
  readonly reads: Set<number>;
  readonly writes: Set<number>;
}

/** Reads off footprints. */
export function createFootprints(space: Space, sight: Sight): (passage: Passage) => Taken {
  const differenceOf = createCellDifferences(space);
  const differencesAlong = (slot: Slot, first: number, given: readonly number[]) =>
    given.map((cell, place) => differenceOf(slot, given[place - 1] ?? first, cell));
  const canDrop = (space.mechanics.rules.budgets.drop ?? 0) > 0;
  const { isTimed, ...own } = createOwn(space);
  return (passage) => {
    const { before, offer, touched } = passage;
    const notes: Notes = {
      added: [],
      cells: [],
      isPresenceChanged: false,
      locals: [],
      reads: new Set(),
      writes: new Set(),
    };
    own.note(notes, offer);
    if (isTimed) (offer.move.after > 0 ? notes.writes : notes.reads).add(timeResource);
    for (const [index, given] of touched) {
      const first = before[index] ?? 0;
      const numbers = [first, given.at(-1) ?? first] as const;
      const slot = space.slots[index];
      if (index === globalSlot) noteGlobal(space, notes, numbers);
      else if (index === monitorSlot) noteMonitors(space, notes, numbers);
      else if (slot !== undefined) {
        if (numbers[0] !== numbers[1]) notes.cells.push(index);
        noteMail(space, notes, { added: differenceOf(slot, ...numbers).added, slot });
        // What a link keeps is not sent twice: who sends asks whether it is there, unless it was lost.
        if (canDrop) notes.reads.add(resource('kept', index));
        noteActor(notes, index, differencesAlong(slot, first, given));
      }
    }
    const reads = [...notes.reads].filter((one) => !notes.writes.has(one));
    const writes = [...notes.writes];
    return {
      added: notes.added,
      offer,
      readMask: maskOf(reads),
      reads,
      seen: sight(notes),
      writeMask: maskOf(writes),
      writes,
    };
  };
}

interface Own {
  readonly isTimed: boolean;
  /** Notes what a move reads and takes before it does anything. */
  readonly note: (notes: Notes, offer: Offer) => void;
}

function createOwn(space: Space): Own {
  const { parcels } = space.parcels;
  const { budgets, partitions, plan, time } = space.mechanics.rules;
  const canSplit = partitions.length > 0;
  const canFail =
    plan.length > 0 || [budgets.crash, budgets.pause].some((budget = 0) => budget > 0);
  const readActor = (notes: Notes, index: number): void => {
    notes.reads.add(resource('actor', index));
    const slot = space.slots[index];
    if (canFail && slot !== undefined) notes.reads.add(nodeResource(space, slot.node));
  };
  return {
    isTimed: time === 'timed',
    note: (notes, { move: { calls, label, slot } }) => {
      for (const { op, slot: at } of calls) {
        if (at === globalSlot && typeof op === 'number') notes.writes.add(resource('budget', op));
      }
      if (label.type === 'node') {
        notes.reads.add(partitionResource);
        if (label.change.isPlanned) notes.writes.add(planResource);
        else if (Object.hasOwn(budgets, label.change.type)) {
          notes.writes.add(budgetResource(space, label.change.type));
        }
        if (label.change.subject !== '') notes.reads.add(nodeResource(space, label.change.subject));
        return;
      }
      if (label.type !== 'drop' && label.type !== 'duplicate') {
        readActor(notes, slot);
      }
      if (!('parcel' in label)) return;
      const parcel = parcels.all[label.parcel];
      if (parcel === undefined) return;
      if (canSplit && label.type === 'deliver' && !parcel.isLocal)
        notes.reads.add(partitionResource);
      const isTaken =
        label.type === 'drop' || (label.type === 'deliver' && parcel.kind !== 'persistent');
      const place =
        parcel.kind === 'fifo' ? resource('head', parcel.link) : resource('parcel', label.parcel);
      (isTaken ? notes.writes : notes.reads).add(place);
      if (isTaken && parcel.kind === 'persistent') notes.writes.add(resource('kept', slot));
    },
  };
}

/** Who comes back as what it was has been gone all the same. */
function noteActor(notes: Notes, index: number, differences: readonly CellDifference[]): void {
  notes.reads.add(resource('presence', index));
  for (const { isActorChanged, isLocalChanged, isPresenceChanged } of differences) {
    if (isActorChanged) notes.writes.add(resource('actor', index));
    if (isLocalChanged && !notes.locals.includes(index)) notes.locals.push(index);
    if (!isPresenceChanged) continue;
    notes.writes.add(resource('presence', index));
    notes.isPresenceChanged = true;
  }
}

function noteMail(
  space: Space,
  notes: Notes,
  { added, slot }: { readonly added: readonly number[]; readonly slot: Slot },
): void {
  for (const number of added) {
    const parcel = space.parcels.parcels.all[number];
    if (parcel === undefined) continue;
    notes.added.push(number);
    if (parcel.kind === 'fifo') notes.writes.add(resource('tail', parcel.link));
    // Whoever is about to be stopped gives its names away, and its place.
    if (parcel.content.type === 'stop') notes.writes.add(resource('presence', slot.index));
  }
}

/** A monitor that was told something and is as before only read it; which were told is not known. */
function noteMonitors(
  space: Space,
  notes: Notes,
  [before, after]: readonly [number, number],
): void {
  const [old, now] = [before, after].map((number) => space.monitorStates.all[number] ?? []);
  space.mechanics.rules.monitors.forEach((_, place) => {
    const isChanged = !isSameDigest(digest(old?.[place]), digest(now?.[place]));
    (isChanged ? notes.writes : notes.reads).add(resource('monitor', place));
  });
  if (before !== after) notes.cells.push(monitorSlot);
}

function noteGlobal(space: Space, notes: Notes, [before, after]: readonly [number, number]): void {
  const [old, now] = [space.globals.all[before], space.globals.all[after]];
  notes.reads.add(namesResource);
  if (old === undefined || now === undefined || old === now) return;
  for (const budget of changedKeys(old.budgets, now.budgets)) {
    notes.writes.add(budgetResource(space, budget));
  }
  for (const node of changedKeys(old.nodes, now.nodes)) notes.writes.add(nodeResource(space, node));
  if (changedKeys(old.aliases, now.aliases).length > 0) notes.writes.add(namesResource);
  if (old.partition !== now.partition) notes.writes.add(partitionResource);
  if (old.planned !== now.planned) notes.writes.add(planResource);
}

function changedKeys(
  old: Readonly<Record<string, Address | number | string>>,
  now: GlobalCell['aliases'] | GlobalCell['budgets'] | GlobalCell['nodes'],
): readonly string[] {
  const keys = new Set([...Object.keys(old), ...Object.keys(now)]);
  const values: Readonly<Record<string, Address | number | string>> = now;
  return [...keys].filter((key) => old[key] !== values[key]);
}

function budgetResource({ budgets }: Space, budget: string): number {
  return resource(
    'budget',
    budgets.intern(budget, () => budget),
  );
}

/** Nodes have no numbers of their own; the first slot that lies on one stands for it. */
function nodeResource(space: Space, node: string): number {
  const first = space.slots.findIndex((slot) => slot?.node === node);
  return resource('node', Math.max(first, firstActorSlot));
}
