/** Carries out moves; see `createTaker` and `createFollower` of `src/explore/interned`. */
import {
  impossible,
  moveCell,
  moveFirst,
  moveOps,
  opCellCount,
  opCells,
  opResultCount,
  opResults,
  opTables,
  opWords,
  resultCalls,
  resultCell,
  resultFirst,
  stackMax,
  wide,
} from '../src/explore/native/fields';
import { change, undo } from './change';
import { at, head, put, seen } from './memory';
import { cells, openCalls, slotCount } from './state';

/** What came of a move. */
const done: i32 = 0;
export const followed: i32 = 1;
export const notPossible: i32 = 2;
/** It has to be carried out by hand. */
export const unknown: i32 = 3;

let open: i32 = 0;

/** Carries out the move that lies there, for a slot. */
export function take(slot: i32, move: usize): i32 {
  undo();
  change(slot, at(move, moveCell));
  const count = at(move, moveOps);
  for (let index = 0; index < count; index += 1) {
    const call = move + ((<usize>(moveFirst + index * 2)) << 2);
    const result = operate(at(call, 0), at(call, 1));
    if (result == 0) continue;
    if (result == impossible) return notPossible;
    if (result == wide) return unknown;
    open = 0;
    if (!push(call + 8, count - index - 1)) return unknown;
    if (!push(<usize>result + (resultFirst << 2), at(<usize>result, resultCalls))) return unknown;
    return followAll();
  }
  return done;
}

/** Puts calls where they wait, the first of them on top. */
function push(calls: usize, count: i32): bool {
  if (open + count > stackMax) return false;
  for (let index = count - 1; index >= 0; index -= 1) {
    put(openCalls, open * 2, at(calls, index * 2));
    put(openCalls, open * 2 + 1, at(calls, index * 2 + 1));
    open += 1;
  }
  return true;
}

function followAll(): i32 {
  for (let left = stackMax * 4; left > 0; left -= 1) {
    if (open == 0) return followed;
    open -= 1;
    const result = operate(at(openCalls, open * 2), at(openCalls, open * 2 + 1));
    if (result == 0) continue;
    if (result == impossible) return notPossible;
    if (result == wide) return unknown;
    if (!push(<usize>result + (resultFirst << 2), at(<usize>result, resultCalls))) return unknown;
  }
  return unknown;
}

/**
 * Carries out one operation: 0 where nothing follows, where a result lies whose calls follow, `impossible`,
 * or `wide` for what has to be carried out by hand.
 */
function operate(slot: i32, op: i32): i32 {
  if (slot >= slotCount) return wide;
  const table = <usize>head(opTables) + ((<usize>slot) << 3);
  if (op >= seen(table, 1)) return wide;
  const description = <usize>at(table, 0) + ((<usize>op * opWords) << 2);
  const cell = at(cells, slot);
  if (cell >= seen(description, opCellCount)) return wide;
  const known = at(<usize>at(description, opCells), cell);
  if (known > 0) {
    change(slot, known - 1);
    return 0;
  }
  if (known == 0 || -1 - known >= seen(description, opResultCount)) return wide;
  const result = <usize>at(<usize>at(description, opResults), -1 - known);
  const calls = at(result, resultCalls);
  if (calls < 0) return calls;
  change(slot, at(result, resultCell));
  return <i32>result;
}
