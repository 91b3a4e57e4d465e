/** What an actor may do next, computed once for each of its cells. */
import { SimulationError } from '../../../core/errors.ts';
import { inputBudget } from '../../../kernel/budgets.ts';
import type { EventObject } from '../../../kernel/effect.ts';
import { spendCall } from '../globals.ts';
import { deliver, timesOf, withoutParcel } from '../mail/delivery.ts';
import { offeredMail } from '../mail/mail.ts';
import type { Placed } from '../mail/mail.ts';
import type { TimerValue } from '../mail/parcel.ts';
import { postKnown } from '../mail/post.ts';
import { internCell } from '../space.ts';
import type { MoveList, OfferedInput, Slot, Space } from '../space.ts';
import { elapsed } from './cell-ops.ts';
import { emptyCell } from './cell.ts';
import type { Call, Cell, Label, Move, NodeStatus } from './cell.ts';
import { messageFaults } from './message-faults.ts';
import { listOf, moveOf } from './move.ts';
import { react, reactionTo } from './reaction.ts';
import { withoutTimer } from './timer-groups.ts';

/** A cell, and what its node is. */
export interface CellState {
  readonly cell: number;
  readonly node: NodeStatus | 'up';
}

/** The moves of an actor. */
export function movesOf(space: Space, slot: Slot, { cell: number, node }: CellState): MoveList {
  const known = slot.moves[node];
  const seen = known[number];
  if (seen !== undefined) return seen;
  const cell = slot.cells.all[number] ?? emptyCell;
  const own =
    node === 'paused' ? [] : ownMoves(space, slot, { cell, from: number, isDown: node === 'down' });
  const list = listOf([...own, ...messageFaults(space, slot, cell)], number);
  known[number] = list;
  return list;
}

/** What an actor does that does not stand still. */
function ownMoves(
  space: Space,
  slot: Slot,
  { cell, from, isDown }: Omit<Delivering, 'placed'>,
): readonly Move[] {
  const own: Move[] = [];
  for (const placed of offeredMail(cell.mail, space.parcels.parcels.all)) {
    for (const move of deliveries(space, slot, { cell, from, isDown, placed })) own.push(move);
  }
  const inputs = inputMoves(space, slot, { cell, from });
  if (cell.timers.length === 0) return [...own, ...inputs];
  return [
    ...own,
    ...timerMoves(space, slot, { cell, from }),
    ...earlyMoves(space, slot, { cell, from }),
    ...inputs,
  ];
}

const noMoves: readonly Move[] = [];

interface Moving {
  readonly cell: Cell;
  /** The number of the cell. */
  readonly from: number;
}

interface Delivering extends Moving {
  readonly isDown: boolean;
  readonly placed: Placed;
}

function deliveries(
  space: Space,
  slot: Slot,
  { cell, from, isDown, placed }: Delivering,
): readonly Move[] {
  const { number, position } = placed;
  const parcel = space.parcels.parcels.all[number];
  if (parcel === undefined) return [];
  const { deadline, windows } = timesOf(space, parcel);
  const left = withoutParcel(space, slot, { cell, number });
  const at = (after: number): readonly Move[] => {
    const label: Label = { type: 'deliver', after, parcel: number, position };
    const rest = after === 0 ? left : elapsed(space, left, after);
    return attempt(slot, { after, cell: rest, deadline, from, label }, () =>
      deliver(space, slot, { cell, isDown, number, parcel, rest }),
    );
  };
  const [first = 0] = windows;
  return windows.length === 1 ? at(first) : windows.flatMap(at);
}

function timerMoves(space: Space, slot: Slot, { cell, from }: Moving): readonly Move[] {
  const { mechanics, parcels } = space;
  const isTimed = mechanics.rules.time === 'timed';
  return cell.timers.flatMap((group, index) => {
    const timer = parcels.timers.all[group[0] ?? 0];
    if (timer === undefined) return [];
    const deadline = isTimed ? (timer.windows.at(-1) ?? 0) : Number.POSITIVE_INFINITY;
    return (isTimed ? timer.windows : [0]).flatMap((after) => {
      const left = { ...cell, timers: withoutTimer(cell.timers, index, 0) };
      const rest = after === 0 ? left : elapsed(space, left, after);
      return timer.events.flatMap((event, outcome): readonly Move[] => {
        const label: Label = { type: 'fire', after, group, outcome, slot: slot.index };
        return attempt(slot, { after, cell: rest, deadline, from, label }, () =>
          goOff(space, slot, { event, rest, timer }),
        );
      });
    });
  });
}

/** Timers that fire before they are due, while the budget lasts; in untimed mode none has to wait. */
function earlyMoves(space: Space, slot: Slot, { cell, from }: Moving): readonly Move[] {
  const { budgets, time } = space.mechanics.rules;
  if (time === 'untimed' || (budgets.early ?? 0) === 0) return [];
  const spending = [spendCall(space, 'early')];
  return cell.timers.flatMap((group, index) => {
    const timer = space.parcels.timers.all[group[0] ?? 0];
    if (timer === undefined || timer.windows[0] === 0) return [];
    const rest = { ...cell, timers: withoutTimer(cell.timers, index, 0) };
    return timer.events.flatMap((event, outcome): readonly Move[] => {
      const label: Label = { type: 'early', after: 0, group, outcome, slot: slot.index };
      return attempt(slot, { cell: rest, from, label, spending }, () =>
        goOff(space, slot, { event, rest, timer }),
      );
    });
  });
}

interface Firing {
  readonly event: EventObject;
  /** The cell without the timer. */
  readonly rest: Cell;
  readonly timer: TimerValue;
}

/** What a timer does: its actor reacts, or somebody gets mail. */
function goOff(space: Space, slot: Slot, { event, rest, timer }: Firing): Outcome {
  if (timer.to !== slot.address) {
    const calls = postKnown(space, { event, from: slot.address, to: timer.to });
    return { calls, cell: rest };
  }
  const number = space.parcels.eventOf(event);
  const reaction = reactionTo(space, slot, { actor: rest.actor, event: number });
  return { calls: reaction.calls, cell: react(space, rest, reaction) };
}

interface Outcome {
  readonly calls: readonly Call[];
  readonly cell: Cell;
}

function inputMoves(space: Space, slot: Slot, { cell, from }: Moving): readonly Move[] {
  const { declared, index: at } = slot;
  if (declared === undefined || cell.actor === 0) return [];
  const offered = (slot.inputs[cell.actor] ??= offeredInputs(space, slot, cell.actor));
  return offered.flatMap(({ event, index }): readonly Move[] => {
    const label: Label = { type: 'input', after: 0, input: index, slot: at };
    const { budget } = declared.inputs[index] ?? {};
    const spending = budget === undefined ? [] : [spendCall(space, inputBudget(declared, index))];
    return attempt(slot, { cell, from, label, spending }, () => {
      const reaction = reactionTo(space, slot, { actor: cell.actor, event });
      return { calls: reaction.calls, cell: react(space, cell, reaction) };
    });
  });
}

function offeredInputs(space: Space, slot: Slot, number: number): readonly OfferedInput[] {
  const { actors, mechanics, parcels } = space;
  const actor = actors.all[number];
  const { address, declared } = slot;
  if (actor?.local.status !== 'active') return [];
  const site = { address, logic: actor.logic };
  return (declared?.inputs ?? []).flatMap(({ event }, index) =>
    mechanics.stepper.can(site, actor.local, event)
      ? [{ event: parcels.eventOf(event), index }]
      : [],
  );
}

interface Attempt {
  /** The number of the cell before. */
  readonly from: number;
  readonly after?: number;
  /** The cell if the machine throws. */
  readonly cell: Cell;
  readonly deadline?: number;
  readonly label: Label;
  readonly spending?: readonly Call[];
}

/** A move that no world may ever offer must not end the search: its error waits until it is taken. */
function attempt(
  slot: Slot,
  { after = 0, cell, deadline, from, label, spending = [] }: Attempt,
  run: () => Outcome | undefined,
): readonly Move[] {
  const done = runOrThrowLater(run, cell);
  if (done === undefined) return noMoves;
  const calls = spending.length === 0 ? done.calls : [...spending, ...done.calls];
  const isSame = done.cell === slot.cells.all[from];
  const next = isSame ? from : internCell(slot, done.cell);
  return [moveOf({ after, calls, cell: next, deadline, label, slot: slot.index })];
}

function runOrThrowLater(run: () => Outcome | undefined, cell: Cell): Outcome | undefined {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof SimulationError)) throw error;
    return { calls: [{ op: { error, type: 'throw' }, slot: 0 }], cell };
  }
}
