/** Moves, and lists of them. */
import type { MoveList, Urgency } from '../space.ts';
import type { Call, Label, Move } from './cell.ts';

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

/** The moves from a cell: first those that give it another, last those that lead back to it. */
export function listOf(moves: readonly Move[], cell = -1): MoveList {
  const puts: Move[] = [];
  const others: Move[] = [];
  const stays: Move[] = [];
  let deadline = Number.POSITIVE_INFINITY;
  for (const move of moves) {
    deadline = Math.min(deadline, move.deadline);
    if (!move.isPut) others.push(move);
    else if (move.cell === cell) stays.push(move);
    else puts.push(move);
  }
  return {
    deadline,
    moves: [...puts, ...others, ...stays],
    putCells: puts.map((move) => move.cell),
    putUrgency: mostOf(puts),
    stayFrom: puts.length + others.length,
    // What the environment gives in vain is as good as nothing.
    stayUrgency: stays.some(({ isExternal }) => !isExternal) ? 2 : 0,
  };
}

/** Who would make a move. */
export function urgencyOf({ isExternal, label }: Move): Urgency {
  if (!isExternal) return 2;
  return label.type === 'input' ? 1 : 0;
}

function mostOf(moves: readonly Move[]): Urgency {
  let most: Urgency = 0;
  for (const move of moves) {
    const its = urgencyOf(move);
    if (its > most) most = its;
  }
  return most;
}

const noOps = new Int32Array(0);

function flatten(calls: readonly Call[]): Int32Array | undefined {
  if (calls.length === 0) return noOps;
  const flat = new Int32Array(calls.length * 2);
  let end = 0;
  for (const { op, slot } of calls) {
    if (typeof op !== 'number') return undefined;
    flat[end] = slot;
    flat[end + 1] = op;
    end += 2;
  }
  return flat;
}

function isExternalLabel(label: Label): boolean {
  if (label.type === 'node') return !label.change.isPlanned;
  return label.type !== 'deliver' && label.type !== 'fire';
}
