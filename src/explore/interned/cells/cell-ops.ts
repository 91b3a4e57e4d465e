/** What an operation makes of one cell; computed once for each pair of them. */
import { lastName, parentOf } from '../../../core/address.ts';
import { SimulationError, unreachable } from '../../../core/errors.ts';
import type { StartRequest } from '../../../kernel/effect.ts';
import { windowsAfter } from '../../../kernel/elapse.ts';
import { internGlobal, spent } from '../globals.ts';
import { mailForSuccessor, remoteMail, removeParcel, sortedMail } from '../mail/mail.ts';
import { globalSlot, internCell, monitorSlot } from '../space.ts';
import type { OpResult, Slot, Space } from '../space.ts';
import { emptyCell } from './cell.ts';
import type { Call, Cell, Op } from './cell.ts';
import { afterFactNumber, factCall } from './monitoring.ts';
import { react, reactionToStart } from './reaction.ts';

/** Where an operation is carried out. */
export interface OpPlace {
  readonly cell: number;
  readonly op: number;
  readonly slot: number;
}

/** The result of an operation on a cell. */
export function resultOf(space: Space, { cell, op, slot: index }: OpPlace): OpResult {
  if (index === globalSlot) {
    const global = space.globals.all[cell];
    const after = global && spent(global, space.budgets.all[op] ?? '');
    if (after === undefined) return impossible;
    return { calls: noCalls, cell: internGlobal(space, after) };
  }
  if (index === monitorSlot) return { calls: noCalls, cell: afterFactNumber(space, cell, op) };
  const slot = space.slots[index];
  const what = slot?.ops.all[op];
  if (slot === undefined || what === undefined) return impossible;
  const before = slot.cells.all[cell] ?? emptyCell;
  const done = operate(space, slot, { cell: before, op: what });
  return { calls: done.calls, cell: internCell(slot, done.cell) };
}

/** The cell `span` microseconds later. */
export function elapsed({ parcels }: Space, cell: Cell, span: number): Cell {
  const mail = cell.mail.map((number) => {
    const parcel = parcels.parcels.all[number];
    if (parcel === undefined || parcel.windows.length === 0) return number;
    return parcels.parcelOf({ ...parcel, windows: windowsAfter(parcel.windows, span) });
  });
  const timers = cell.timers.map((group) =>
    group.map((number) => {
      const timer = parcels.timers.all[number];
      if (timer === undefined) return number;
      return parcels.timerOf({ ...timer, windows: windowsAfter(timer.windows, span) });
    }),
  );
  return { ...cell, mail: sortedMail(mail, parcels.parcels.all), timers };
}

const noCalls: readonly Call[] = [];
const impossible: OpResult = { calls: undefined, cell: 0 };

interface Done {
  readonly calls: readonly Call[];
  readonly cell: Cell;
}

function operate(
  space: Space,
  slot: Slot,
  { cell, op }: { readonly cell: Cell; readonly op: Op },
): Done {
  const table = space.parcels.parcels.all;
  switch (op.type) {
    case 'post':
      return receive(space, slot, { cell, number: op.parcel });
    case 'if-present':
      return { calls: cell.actor === 0 ? noCalls : op.calls, cell };
    case 'start':
      if (cell.actor === 0) return startIn(space, slot, { cell, request: op.start });
      return queueStart(space, slot, { cell, number: op.parcel });
    case 'stop':
      return still(cell.actor === 0 ? cell : withMail(space, slot, { cell, number: op.parcel }));
    case 'end':
      // A declared actor that has ended stays to be looked at.
      return still({
        ...cell,
        actor: slot.declared === undefined ? 0 : cell.actor,
        mail: mailForSuccessor(cell.mail, table),
        timers: [],
      });
    case 'kill':
      return removed(space, slot, { before: cell, mail: mailForSuccessor(cell.mail, table) });
    case 'fell':
      return removed(space, slot, { before: cell, mail: remoteMail(cell.mail, table) });
    case 'start-waiting':
      return startWaiting(space, slot, cell);
    case 'crash':
      return crashed(space, slot, cell);
    case 'restart':
      return restarted(space, slot, cell);
    case 'redirect':
      return still({ ...cell, timers: redirected(space, cell, op) });
    default:
      return unreachable(op);
  }
}

function still(cell: Cell): Done {
  return { calls: noCalls, cell };
}

interface Receiving {
  readonly cell: Cell;
  readonly number: number;
}

/** Mail of the own node to a child that has ended is a dead letter. */
function receive(space: Space, slot: Slot, { cell, number }: Receiving): Done {
  const parcel = space.parcels.parcels.all[number];
  if (parcel?.content.type !== 'event') return still(cell);
  const { event } = parcel.content;
  const { from, to } = parcel;
  if (parcel.isLocal && cell.actor === 0 && slot.declared === undefined) {
    return { calls: factCall(space, { event, from, to, type: 'lost', why: 'dead-letter' }), cell };
  }
  const calls = factCall(space, { event, from, to, type: 'sent' });
  return { calls, cell: withMail(space, slot, { cell, number }) };
}

function withMail({ parcels }: Space, { mails }: Slot, { cell, number }: Receiving): Cell {
  return { ...cell, mail: mails.with(cell.mail, number, parcels.parcels.all) };
}

/** A child starts at once, unless its predecessor of that name has still to be stopped. */
function queueStart(space: Space, slot: Slot, { cell, number }: Receiving): Done {
  const table = space.parcels.parcels.all;
  if (cell.mail.some((other) => table[other]?.content.type === 'stop')) {
    return still(withMail(space, slot, { cell, number }));
  }
  const error = new SimulationError(
    'kernel/duplicate-child',
    `"${parentOf(slot.address) ?? ''}" starts a child "${lastName(slot.address)}" while one of ` +
      'that name is running. Stop the old one first, or give the new one another id.',
  );
  return { calls: [{ op: { error, type: 'throw' }, slot: slot.index }], cell };
}

interface Starting {
  readonly cell: Cell;
  readonly durable?: unknown;
  readonly request: Omit<StartRequest, 'id'>;
}

function startIn(space: Space, slot: Slot, { cell, durable, request }: Starting): Done {
  const reaction = reactionToStart(space, slot, { durable, request });
  return { calls: reaction.calls, cell: react(space, cell, reaction) };
}

/** The successor that waited behind the end of its predecessor. */
function startWaiting(space: Space, slot: Slot, cell: Cell): Done {
  const table = space.parcels.parcels.all;
  const parent = parentOf(slot.address);
  const first = cell.mail.find((number) => table[number]?.from === parent);
  const content = first === undefined ? undefined : table[first]?.content;
  if (cell.actor !== 0 || first === undefined || content?.type !== 'start') return still(cell);
  const rest = { ...cell, mail: removeParcel(cell.mail, first) };
  return startIn(space, slot, { cell: rest, request: content.start });
}

interface Removing {
  readonly before: Cell;
  readonly durable?: unknown;
  readonly mail: Cell['mail'];
}

/** The cell of an actor that was stopped from outside; one that is not there stays as it is. */
function removed(space: Space, slot: Slot, { before, durable, mail }: Removing): Done {
  if (before.actor === 0) return still(before);
  const name = space.actors.all[before.actor]?.systemId;
  const calls: readonly Call[] = [
    ...(name === undefined
      ? []
      : [{ op: { name, type: 'drop-alias' } as const, slot: slot.index }]),
    ...factCall(space, { actor: slot.address, type: 'stopped' }),
  ];
  const kept = durable === undefined ? {} : { durable };
  return { calls, cell: { actor: 0, mail, timers: [], ...kept } };
}

/** What the actor had declared durable is kept; all else of it is gone, with the mail of its node. */
function crashed(space: Space, slot: Slot, cell: Cell): Done {
  const { stepper } = space.mechanics;
  const actor = space.actors.all[cell.actor];
  const keys = slot.declared?.durable ?? [];
  const durable =
    keys.length === 0 || actor === undefined ? undefined : stepper.durable(actor.local, keys);
  const mail = remoteMail(cell.mail, space.parcels.parcels.all);
  return removed(space, slot, { before: cell, durable, mail });
}

function restarted(space: Space, slot: Slot, cell: Cell): Done {
  const { mail, timers } = cell;
  if (slot.declared === undefined) return still(cell);
  const { input, logic } = slot.declared;
  const up: Cell = { actor: 0, mail, timers };
  return startIn(space, slot, { cell: up, durable: cell.durable, request: { input, logic } });
}

function redirected(
  { parcels }: Space,
  { timers }: Cell,
  { name, to }: Extract<Op, { type: 'redirect' }>,
): Cell['timers'] {
  return timers.map((group) =>
    group.map((number) => {
      const timer = parcels.timers.all[number];
      if (timer?.isAlias !== true || timer.to !== name) return number;
      const { isAlias: _, ...rest } = timer;
      return parcels.timerOf({ ...rest, to });
    }),
  );
}
