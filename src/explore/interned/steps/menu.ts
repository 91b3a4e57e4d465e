/** What an actor may do, sorted for a walk that only takes one of it. */
import { inputBudget } from '../../../kernel/budgets.ts';
import type { Move } from '../cells/cell.ts';
import type { MoveList, Slot } from '../space.ts';

/** The moves of one cell. */
export interface Menu {
  /** Whether it offers more than what the system and its environment may do at any moment. */
  readonly isSpecial: boolean;
  /** The environment's inputs, with what they draw on. */
  readonly inputs: readonly Move[];
  /** Faults of its mail. */
  readonly faults: readonly Move[];
  /** What the system does of its own. */
  readonly own: readonly Move[];
}

/** Nothing to do. */
export const noMenu: Menu = { faults: [], inputs: [], isSpecial: false, own: [] };

/** The menu of a list of moves. */
export function menuOf({ declared }: Slot, { deadline, moves }: MoveList): Menu {
  const inputs = moves.filter(({ label }) => label.type === 'input');
  const own = moves.filter(({ isExternal }) => !isExternal);
  const faults = moves.filter((move) => move.isExternal && move.label.type !== 'input');
  const isTimed = deadline !== Number.POSITIVE_INFINITY || moves.some(({ after }) => after > 0);
  const isBudgeted = declared?.inputs.some(({ budget }) => budget !== undefined) === true;
  return {
    faults,
    inputs,
    isSpecial: isTimed || faults.length > 0 || (isBudgeted && inputs.length > 0),
    own,
  };
}

/** The budget that a move draws on, if it draws on one. */
export function budgetOf({ declared }: Slot, { label }: Move): string | undefined {
  if (label.type === 'drop' || label.type === 'duplicate' || label.type === 'early') {
    return label.type;
  }
  if (label.type !== 'input' || declared === undefined) return undefined;
  const isBudgeted = declared.inputs[label.input]?.budget !== undefined;
  return isBudgeted ? inputBudget(declared, label.input) : undefined;
}
