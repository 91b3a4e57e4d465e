/**
 * What cells may do, as numbers side by side: most moves only give their slot another cell, and a search
 * takes these by the million. A cell with a move that waits for time to go by is not quick.
 */
import type { Move } from '../cells/cell.ts';
import { urgencyOf } from '../cells/move.ts';
import { globalSlot } from '../space.ts';
import type { MoveList, Space } from '../space.ts';
import { reachOf } from './reach.ts';

/** The quick cells of all slots. */
export interface QuickMoves {
  /** Notes what a cell may do; where that begins in `pool`, or -1 if it is not quick. */
  readonly add: (place: QuickPlace, list: MoveList) => number;
  /** Where the moves of a cell begin; 0 for what is not known. */
  readonly at: (slot: number, cell: number) => number;
  /**
   * At a beginning: the numbers of `head`; then the cells that moves give which do no more, and of those
   * that do the reach, slots and posts.
   */
  readonly pool: () => Int32Array;
}

/** A cell where it lives. */
export interface QuickPlace {
  readonly cell: number;
  readonly slot: number;
}

/** What stands at the beginning of a cell's moves, and where its cells begin. */
export const head = {
  /** How many moves there are, or -1 where some must be carried out to be counted. */
  all: 0,
  /** What they say of the world: those that need not be carried out, at least. */
  urgency: 1,
  /** How many give the slot another cell and do no more, how many do more, how many lead back. */
  puts: 2,
  others: 3,
  stays: 4,
  /** The reach of those that do more, together. */
  slots: 5,
  posts: 6,
  cells: 7,
} as const;

const poolStart = 1 << 10;
const cellsStart = 16;

/** No cells yet. */
export function createQuickMoves(space: Space): QuickMoves {
  const starts: Int32Array[] = [];
  let pool = new Int32Array(poolStart);
  // No cell begins at 0.
  let end = 1;
  const write = (place: QuickPlace, list: MoveList): number => {
    const isQuick = list.moves.every(({ after }) => after === 0);
    const row = isQuick ? rowOf(space, place.cell, list) : undefined;
    space.journal.row(place, list, row);
    if (row === undefined) return -1;
    const at = end;
    end += row.length;
    if (end > pool.length) pool = longer(pool, end);
    pool.set(row, at);
    return at;
  };
  return {
    add: ({ cell, slot }, list) => {
      const known = starts[slot] ?? new Int32Array(cellsStart);
      const table = cell < known.length ? known : longer(known, cell + 1);
      const at = write({ cell, slot }, list);
      table[cell] = at;
      while (starts.length < slot) starts.push(new Int32Array(cellsStart));
      starts[slot] = table;
      return at;
    },
    at: (slot, cell) => starts[slot]?.[cell] ?? 0,
    pool: () => pool,
  };
}

function rowOf(space: Space, cell: number, list: MoveList): readonly number[] {
  const { moves, putCells, putUrgency, stayFrom, stayUrgency } = list;
  const puts = putCells.length;
  const row = [moves.length, 0, puts, stayFrom - puts, moves.length - stayFrom, 0, 0];
  for (const put of putCells) row.push(put);
  let urgency = putUrgency | stayUrgency;
  let [posts, slots] = [0, 0];
  for (let place = puts; place < stayFrom; place += 1) {
    const move = moves[place];
    if (move === undefined) continue;
    if (isSure(cell, move)) urgency |= urgencyOf(move);
    else row[head.all] = -1;
    const reach = reachOf(space, move);
    posts |= reach.posts;
    slots |= reach.slots;
    row.push(reach.slots, reach.posts);
  }
  row[head.urgency] = urgency;
  row[head.slots] = slots;
  row[head.posts] = posts;
  return row;
}

/** Whether a move can be carried out wherever it is offered, and what it says of the world is certain. */
function isSure(from: number, move: Move): boolean {
  const { cell, ops, slot } = move;
  if (ops === undefined) return false;
  // What the environment gives in vain says nothing.
  const mustChange = urgencyOf(move) === 1;
  if (mustChange && cell === from) return false;
  for (let index = 0; index < ops.length; index += 2) {
    // What is to be spent may be lacking.
    if (ops[index] === globalSlot || (mustChange && ops[index] === slot)) return false;
  }
  return true;
}

function longer(array: Int32Array, least: number): Int32Array<ArrayBuffer> {
  const made = new Int32Array(Math.max(least, array.length * 2));
  made.set(array);
  return made;
}
