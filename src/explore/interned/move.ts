/** Moves, and lists of them. */
import type { Call, Label, Move } from './cell.ts';
import type { MoveList } from './space.ts';

/** What makes a move; what need not happen has no deadline. */
export type MoveParts = Pick<Move, 'after' | 'calls' | 'cell' | 'label' | 'slot'> & {
  readonly deadline?: number | undefined;
};

/** A move, its calls flat where all of them concern one slot each. */
export function moveOf({ deadline = Number.POSITIVE_INFINITY, ...parts }: MoveParts): Move {
  const ops = flatten(parts.calls);
  const isExternal = isExternalLabel(parts.label);
  return { ...parts, deadline, isExternal, ...(ops === undefined ? {} : { ops }) };
}

/** The moves with the least of their deadlines. */
export function listOf(moves: readonly Move[]): MoveList {
  const deadline = moves.reduce(
    (least, move) => Math.min(least, move.deadline),
    Number.POSITIVE_INFINITY,
  );
  return { deadline, moves };
}

function flatten(calls: readonly Call[]): Int32Array | undefined {
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
