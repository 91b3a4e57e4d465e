/**
 * What cells may do, as numbers side by side: most moves only give their slot another cell, and a search
 * takes these by the million. A cell with a move that waits for time to go by is not quick.
 */
import type { Move } from './cell.ts';
import { mostUrgent, urgencyOf } from './move.ts';
import { reachOf, reachOfAll } from './reach.ts';
import { globalSlot } from './space.ts';
import type { MoveList, Space } from './space.ts';

/** The quick cells of all slots. */
export interface QuickMoves {
  /** Notes what a cell may do; where that begins in `pool`, or -1 if it is not quick. */
  readonly add: (slot: number, cell: number, list: MoveList) => number;
  /**
   * At a beginning: how many moves give another cell, how many do more, how many lead back, the most
   * urgent of the first and of the last of these three, that of the second, the reach of the second
   * together; then the other cells, and the reach of each move that does more.
   */
  readonly pool: () => Int32Array;
  /** By slot and cell, where the cell's moves begin; 0 for what is not known. */
  readonly starts: (Int32Array | undefined)[];
}

/** Numbers before the cells. */
export const quickHead = 7;
/** The urgency of moves that have to be carried out to be counted. */
export const unsure = -1;

const poolStart = 1 << 10;
const cellsStart = 16;

/** No cells yet. */
export function createQuickMoves(space: Space): QuickMoves {
  const starts: (Int32Array | undefined)[] = [];
  let pool = new Int32Array(poolStart);
  // No cell begins at 0.
  let end = 1;
  const write = (cell: number, list: MoveList): number => {
    const { moves, putCells, putUrgency, stayFrom, stayUrgency } = list;
    if (moves.some(({ after }) => after > 0)) return -1;
    const others = moves.slice(putCells.length, stayFrom);
    const reaches = others.map((move) => reachOf(space, move));
    const all = reachOfAll(reaches);
    const row = [
      ...[putCells.length, others.length, moves.length - stayFrom],
      ...[Math.max(putUrgency, stayUrgency), urgencyUnseen(cell, others), all.slots, all.posts],
      ...putCells,
      ...reaches.flatMap(({ posts, slots }) => [slots, posts]),
    ];
    const at = end;
    end += row.length;
    if (end > pool.length) pool = longer(pool, end);
    pool.set(row, at);
    return at;
  };
  return {
    add: (slot, cell, list) => {
      const known = starts[slot] ?? new Int32Array(cellsStart);
      const table = cell < known.length ? known : longer(known, cell + 1);
      const at = write(cell, list);
      table[cell] = at;
      starts[slot] = table;
      return at;
    },
    pool: () => pool,
    starts,
  };
}

/** What moves say of the world without being carried out, if that can be told. */
function urgencyUnseen(cell: number, moves: readonly Move[]): number {
  return moves.every((move) => isSure(cell, move)) ? mostUrgent(moves.map(urgencyOf)) : unsure;
}

/** Whether a move can be carried out wherever it is offered, and what it says of the world is certain. */
function isSure(cell: number, move: Move): boolean {
  const { ops, slot } = move;
  if (ops === undefined) return false;
  const slots = ops.filter((_, index) => index % 2 === 0);
  // What the environment gives in vain says nothing, and what is spent may be lacking.
  const isChange = move.cell !== cell && !slots.includes(slot);
  return !slots.includes(globalSlot) && (urgencyOf(move) !== 1 || isChange);
}

function longer(array: Int32Array, least: number): Int32Array<ArrayBuffer> {
  const made = new Int32Array(Math.max(least, array.length * 2));
  made.set(array);
  return made;
}
