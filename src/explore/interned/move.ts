/** Moves, and lists of them. */
import type { Call, Label, Move } from './cell.ts';
import type { MoveList } from './space.ts';

/** What makes a move; what need not happen has no deadline. */
export type MoveParts = Pick<Move, 'after' | 'calls' | 'cell' | 'label' | 'slot'> & {
  readonly deadline?: number | undefined;
};

/** A move, its calls flat where all of them concern one slot each. */
export function moveOf({ deadline = Number.POSITIVE_INFINITY, ...parts }: MoveParts): Move {
  const { after, calls, cell, label, slot } = parts;
  const ops = flatten(calls);
  return {
    after,
    calls,
    cell,
    deadline,
    isExternal: isExternalLabel(label),
    isPut: after === 0 && slot > 0 && calls.length === 0,
    label,
    ops,
    slot,
  };
}

/** The moves from a cell, those that lead back to it behind the others. */
export function listOf(moves: readonly Move[], cell = -1): MoveList {
  const isStay = (move: Move): boolean => move.isPut && move.cell === cell;
  const stays = moves.filter(isStay);
  const others = stays.length === 0 ? moves : moves.filter((move) => !isStay(move));
  let deadline = Number.POSITIVE_INFINITY;
  for (const move of moves) deadline = Math.min(deadline, move.deadline);
  return {
    deadline,
    isStill: stays.every(({ isExternal }) => isExternal),
    moves: stays.length === 0 ? moves : [...others, ...stays],
    stayFrom: others.length,
  };
}

const noOps = new Int32Array(0);

function flatten(calls: readonly Call[]): Int32Array | undefined {
  if (calls.length === 0) return noOps;
  const flat: number[] = [];
  for (const { op, slot } of calls) {
    if (typeof op !== 'number') return undefined;
    flat.push(slot, op);
  }
  return Int32Array.from(flat);
}

function isExternalLabel(label: Label): boolean {
  if (label.type === 'node') return !label.change.isPlanned;
  return label.type !== 'deliver' && label.type !== 'fire';
}
