/** What becomes of a message that arrives. */
import type { Call, Cell } from '../cells/cell.ts';
import { react, reactionTo } from '../cells/reaction.ts';
import { callOf, internCell } from '../space.ts';
import type { Slot, Space } from '../space.ts';
import type { Parcel } from './parcel.ts';
import { lost, postKnown } from './post.ts';

/** A message about to arrive. */
export interface Arrival {
  /** The cell before. */
  readonly cell: Cell;
  readonly isDown: boolean;
  readonly number: number;
  readonly parcel: Parcel;
  /** The cell without the message, once the time is there. */
  readonly rest: Cell;
}

/** The cell afterwards and what follows; `undefined` where the delivery is no choice at all. */
export function deliver(
  space: Space,
  slot: Slot,
  { cell, isDown, number, parcel, rest }: Arrival,
): { readonly calls: readonly Call[]; readonly cell: Cell } | undefined {
  const { content, kind } = parcel;
  const { toDownNode, unhandled } = space.mechanics.rules;
  const isKept = unhandled === 'keep';
  if (content.type === 'stop') return { calls: stopCalls(slot), cell: rest };
  const actor = space.actors.all[cell.actor];
  if (cell.actor === 0 || actor === undefined) {
    // What is lost leaves its link, unless nothing ever does.
    if (isKept && content.type === 'event' && kind === 'persistent' && toDownNode !== 'refused') {
      return undefined;
    }
    const why = isDown ? 'node-down' : 'dead-letter';
    return {
      calls: [...lost(space, parcel, why), ...refusal(space, slot, { isDown, parcel })],
      cell: rest,
    };
  }
  if (actor.local.status !== 'active') {
    return isKept ? undefined : { calls: lost(space, parcel, 'dead-letter'), cell: rest };
  }
  const event = space.parcels.broughtBy(number);
  const reaction = reactionTo(space, slot, { actor: cell.actor, event });
  if (isKept && reaction.isNothing) return undefined;
  return { calls: reaction.calls, cell: react(space, rest, reaction) };
}

/** The cell without the message; from a persistent link nothing is ever consumed. */
export function withoutParcel(
  { parcels }: Space,
  { mails }: Slot,
  { cell, number }: Pick<Arrival, 'cell' | 'number'>,
): Cell {
  if (parcels.parcels.all[number]?.kind === 'persistent') return cell;
  return { ...cell, mail: mails.without(cell.mail, number) };
}

/** The number of a cell without a message that a partition drops. */
export function cellWithoutParcel(
  space: Space,
  slot: Slot,
  { cell, parcel }: { readonly cell: number; readonly parcel: number },
): number {
  const before = slot.cells.all[cell];
  return before === undefined
    ? cell
    : internCell(slot, withoutParcel(space, slot, { cell: before, number: parcel }));
}

/** When a message may arrive, and after which moment it must have arrived. */
export function timesOf(
  { mechanics }: Space,
  { isLocal, windows }: Parcel,
): { readonly deadline: number; readonly windows: readonly number[] } {
  if (mechanics.rules.time === 'untimed') return { deadline: never, windows: atOnce };
  // Within a node mail takes no time; a persistent message may be read at any moment.
  if (windows.length === 0) return { deadline: isLocal ? 0 : never, windows: atOnce };
  return { deadline: windows.at(-1) ?? 0, windows };
}

const never = Number.POSITIVE_INFINITY;
const atOnce = [0];

/** The child and all below it are gone, and its successor may start. */
function stopCalls(slot: Slot): readonly Call[] {
  return [
    { op: { type: 'fell-below' }, slot: slot.index },
    callOf(slot, { type: 'kill' }),
    callOf(slot, { type: 'start-waiting' }),
  ];
}

/** A refusal travels back like any message, unless the sender is gone or refused itself. */
function refusal(
  space: Space,
  slot: Slot,
  { isDown, parcel }: { readonly isDown: boolean; readonly parcel: Parcel },
): readonly Call[] {
  const { rules, stepper } = space.mechanics;
  const { content, from } = parcel;
  if (!isDown || rules.toDownNode !== 'refused' || content.type !== 'event') return [];
  const event = stepper.refused(slot.address, content.event);
  if (content.event.type === event.type) return [];
  const calls = postKnown(space, { event, from: slot.address, to: from });
  return [callOf(space.slotOf(from), { calls, type: 'if-present' })];
}
