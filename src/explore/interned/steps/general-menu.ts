/** What a world offers where time, budgets, faults or the network have a say in it. */
import type { Move } from '../cells/cell.ts';
import { firstActorSlot } from '../space.ts';
import type { MoveList, Space } from '../space.ts';
import { budgetOf } from './menu.ts';
import { cutOf, deadlineOf, listAt } from './walker.ts';
import type { Conditions } from './walker.ts';

/** The moves of one world, each by itself. */
export interface GeneralMenu {
  readonly faults: readonly Move[];
  readonly inputs: readonly Move[];
  /** Looks at another world. */
  readonly look: (cells: Int32Array, conditions: Conditions) => void;
  readonly own: readonly Move[];
}

/** The menu of no world yet. */
export function createGeneralMenu(space: Space): GeneralMenu {
  const own: Move[] = [];
  const inputs: Move[] = [];
  const faults: Move[] = [];
  const lists: MoveList[] = [];
  const add = (move: Move): void => {
    if (!move.isExternal) own.push(move);
    else if (move.label.type === 'input') inputs.push(move);
    else faults.push(move);
  };
  const isPaid = ({ global }: Conditions, move: Move): boolean => {
    const slot = move.isExternal ? space.slots[move.slot] : undefined;
    const budget = slot === undefined ? undefined : budgetOf(slot, move);
    return budget === undefined || (global.budgets[budget] ?? 0) > 0;
  };
  const look = (cells: Int32Array, conditions: Conditions): void => {
    for (const moves of [own, inputs, faults]) moves.length = 0;
    lists.length = 0;
    let { deadline } = conditions.faults;
    for (let index = firstActorSlot; index < space.slots.length; index += 1) {
      const list = listAt(space, conditions, { cell: cells[index] ?? 0, slot: index });
      lists.push(list);
      if (list.deadline < deadline) deadline = deadlineOf(space, conditions, { deadline, list });
    }
    for (const { moves } of lists) {
      for (const move of moves) {
        if (move.after > deadline || !isPaid(conditions, move)) continue;
        if (conditions.isPlain || cutOf(space, conditions.global, move) !== 'hold') add(move);
      }
    }
    for (const move of conditions.faults.moves) if (move.after <= deadline) add(move);
  };
  return { faults, inputs, look, own };
}
