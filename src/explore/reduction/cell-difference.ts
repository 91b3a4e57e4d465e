/** What one step made of one actor and of its mail. */
import { emptyCell } from '../interned/cells/cell.ts';
import type { Cell } from '../interned/cells/cell.ts';
import type { Slot, Space } from '../interned/space.ts';

/** How two cells of one slot differ. */
export interface CellDifference {
  /** Parcels that are more often in the mail. */
  readonly added: readonly number[];
  /** Whether the actor or its timers are others. */
  readonly isActorChanged: boolean;
  /** Whether there is an actor that runs in one of them alone. */
  readonly isPresenceChanged: boolean;
  /** Whether the local state is another. */
  readonly isLocalChanged: boolean;
}

/** Compares cells, each pair once. */
export function createCellDifferences(
  space: Space,
): (slot: Slot, before: number, after: number) => CellDifference {
  const known: Map<number, CellDifference>[] = [];
  return (slot, before, after) => {
    const here = known[slot.index] ?? new Map<number, CellDifference>();
    known[slot.index] = here;
    const key = before * cellsMax + after;
    const seen = here.get(key);
    if (seen !== undefined) return seen;
    const cells = slot.cells.all;
    const made = differenceOf(space, cells[before] ?? emptyCell, cells[after] ?? emptyCell);
    here.set(key, made);
    return made;
  };
}

/** Two numbers below it make one that JavaScript still counts exactly. */
const cellsMax = 2 ** 26;

function differenceOf(space: Space, before: Cell, after: Cell): CellDifference {
  const isLocalChanged = before.actor !== after.actor;
  return {
    added: without(after.mail, before.mail),
    isActorChanged:
      isLocalChanged ||
      before.durable !== after.durable ||
      before.timers.map((group) => group.join()).join('|') !==
        after.timers.map((group) => group.join()).join('|'),
    isPresenceChanged: isRunning(space, before) !== isRunning(space, after),
    isLocalChanged,
  };
}

function isRunning({ actors }: Space, { actor }: Cell): boolean {
  return actor !== 0 && actors.all[actor]?.local.status === 'active';
}

/** The mail without other mail, each as often as it is there. */
function without(mail: readonly number[], other: readonly number[]): readonly number[] {
  const left = [...other];
  return mail.filter((number) => {
    const at = left.indexOf(number);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
