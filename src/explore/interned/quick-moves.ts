/**
 * What cells may do, as numbers side by side: most moves only give their slot another cell, and a search
 * takes these by the million. A cell with a move that waits for time to go by is not quick.
 */
import type { MoveList } from './space.ts';

/** The quick cells of all slots. */
export interface QuickMoves {
  /** Notes what a cell may do; where that begins in `pool`, or -1 if it is not quick. */
  readonly add: (slot: number, cell: number, list: MoveList) => number;
  /**
   * At a beginning: how many moves give another cell, how many do more, how many lead back, the most
   * urgent of the first and of the last of these three; then the other cells.
   */
  readonly pool: () => Int32Array;
  /** By slot and cell, where the cell's moves begin; 0 for what is not known. */
  readonly starts: (Int32Array | undefined)[];
}

/** Numbers before the cells. */
export const quickHead = 4;

const poolStart = 1 << 10;
const cellsStart = 16;

/** No cells yet. */
export function createQuickMoves(): QuickMoves {
  const starts: (Int32Array | undefined)[] = [];
  let pool = new Int32Array(poolStart);
  // No cell begins at 0.
  let end = 1;
  const write = ({ moves, putCells, putUrgency, stayFrom, stayUrgency }: MoveList): number => {
    if (moves.some(({ after }) => after > 0)) return -1;
    const at = end;
    end += quickHead + putCells.length;
    if (end > pool.length) pool = longer(pool, end);
    const [puts, stays] = [putCells.length, moves.length - stayFrom];
    const urgency = Math.max(putUrgency, stayUrgency);
    pool.set([puts, stayFrom - puts, stays, urgency, ...putCells], at);
    return at;
  };
  return {
    add: (slot, cell, list) => {
      const known = starts[slot] ?? new Int32Array(cellsStart);
      const table = cell < known.length ? known : longer(known, cell + 1);
      const at = write(list);
      table[cell] = at;
      starts[slot] = table;
      return at;
    },
    pool: () => pool,
    starts,
  };
}

function longer(array: Int32Array, least: number): Int32Array<ArrayBuffer> {
  const made = new Int32Array(Math.max(least, array.length * 2));
  made.set(array);
  return made;
}
