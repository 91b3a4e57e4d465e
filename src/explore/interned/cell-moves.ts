/** What an actor may do next, computed once for each of its cells. */
import { SimulationError } from '../../core/errors.ts';
import { inputBudget } from '../../kernel/faults.ts';
import { elapsed } from './cell-ops.ts';
import { emptyCell } from './cell.ts';
import type { Call, Cell, Label, Move, NodeStatus } from './cell.ts';
import { deliver, timesOf, withoutParcel } from './delivery.ts';
import { spendCall } from './globals.ts';
import { offeredMail } from './mail.ts';
import type { Placed } from './mail.ts';
import { messageFaults } from './message-faults.ts';
import { listOf, moveOf } from './move.ts';
import { postKnown } from './post.ts';
import { react, reactionTo } from './reaction.ts';
import { internCell } from './space.ts';
import type { MoveList, Slot, Space } from './space.ts';
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
  const own = node === 'paused' ? [] : ownMoves(space, slot, { cell, isDown: node === 'down' });
  const list = listOf([...own, ...messageFaults(space, slot, cell)], number);
  known[number] = list;
  return list;
}

/** What an actor does that does not stand still. */
function ownMoves(
  space: Space,
  slot: Slot,
  { cell, isDown }: Omit<Delivering, 'placed'>,
): readonly Move[] {
  const mail = offeredMail(cell.mail, space.parcels.parcels.all);
  return [
    ...mail.flatMap((placed) => deliveries(space, slot, { cell, isDown, placed })),
    ...timerMoves(space, slot, cell),
    ...inputMoves(space, slot, cell),
  ];
}

interface Delivering {
  readonly cell: Cell;
  readonly isDown: boolean;
  readonly placed: Placed;
}

function deliveries(
  space: Space,
  slot: Slot,
  { cell, isDown, placed }: Delivering,
): readonly Move[] {
  const { number, position } = placed;
  const parcel = space.parcels.parcels.all[number];
  if (parcel === undefined) return [];
  const { deadline, windows } = timesOf(space, parcel);
  return windows.flatMap((after): readonly Move[] => {
    const label: Label = { type: 'deliver', after, parcel: number, position };
    const left = withoutParcel(space, cell, number);
    const rest = after === 0 ? left : elapsed(space, left, after);
    return attempt(slot, { after, cell: rest, deadline, label }, () =>
      deliver(space, slot, { cell, isDown, parcel, rest }),
    );
  });
}

function timerMoves(space: Space, slot: Slot, cell: Cell): readonly Move[] {
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
        return attempt(slot, { after, cell: rest, deadline, label }, () => {
          if (timer.to !== slot.address) {
            const calls = postKnown(space, { event, from: slot.address, to: timer.to });
            return { calls, cell: rest };
          }
          const number = parcels.eventOf(event);
          const reaction = reactionTo(space, slot, { actor: cell.actor, event: number });
          return { calls: reaction.calls, cell: react(space, rest, reaction) };
        });
      });
    });
  });
}

function inputMoves(space: Space, slot: Slot, cell: Cell): readonly Move[] {
  const { actors, mechanics, parcels } = space;
  const actor = actors.all[cell.actor];
  const { address, declared, index: at } = slot;
  if (declared === undefined || cell.actor === 0 || actor?.local.status !== 'active') return [];
  const site = { address, logic: actor.logic };
  return declared.inputs.flatMap(({ budget, event }, index): readonly Move[] => {
    if (!mechanics.stepper.can(site, actor.local, event)) return [];
    const label: Label = { type: 'input', after: 0, input: index, slot: at };
    const spending = budget === undefined ? [] : [spendCall(space, inputBudget(declared, index))];
    return attempt(slot, { cell, label, spending }, () => {
      const number = parcels.eventOf(event);
      const reaction = reactionTo(space, slot, { actor: cell.actor, event: number });
      return { calls: reaction.calls, cell: react(space, cell, reaction) };
    });
  });
}

interface Attempt {
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
  { after = 0, cell, deadline, label, spending = [] }: Attempt,
  run: () => { readonly calls: readonly Call[]; readonly cell: Cell } | undefined,
): readonly Move[] {
  const done = runOrThrowLater(run, cell);
  if (done === undefined) return [];
  const calls = [...spending, ...done.calls];
  const next = internCell(slot, done.cell);
  return [moveOf({ after, calls, cell: next, deadline, label, slot: slot.index })];
}

function runOrThrowLater(
  run: () => { readonly calls: readonly Call[]; readonly cell: Cell } | undefined,
  cell: Cell,
): { readonly calls: readonly Call[]; readonly cell: Cell } | undefined {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof SimulationError)) throw error;
    return { calls: [{ op: { error, type: 'throw' }, slot: 0 }], cell };
  }
}
