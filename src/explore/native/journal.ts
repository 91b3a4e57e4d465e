/** Writes what was learned of a system to the shared memory, as it is learned. */
import type { Call } from '../interned/cells/cell.ts';
import { urgencyOf } from '../interned/cells/move.ts';
import type { Journal } from '../interned/journal.ts';
import type { MoveList, OpResult, Space } from '../interned/space.ts';
import * as field from './fields.ts';
import type { Heap } from './heap.ts';

/** A journal in shared memory. */
export interface NativeJournal extends Journal {
  /** Lists what is known where all look for it; to be called when there are more slots. */
  readonly list: (space: Space) => void;
}

interface Described {
  /** The operations of the slot, described side by side. */
  ops: Int32Array;
  opCount: number;
  /** For each operation, where its results lie. */
  readonly results: Int32Array[];
  rows: Int32Array;
}

const few = 16;
const noOps = new Int32Array(0);

/** An empty journal. */
export function createJournal(heap: Heap): NativeJournal {
  const described: Described[] = [];
  let listed = 0;
  const describedAt = (slot: number): Described => {
    for (let next = described.length; next <= slot; next += 1) {
      const none = heap.lasting(few);
      described.push({ opCount: 0, ops: heap.lasting(field.opWords), results: [], rows: none });
    }
    const found = described[slot];
    return found ?? { opCount: 0, ops: heap.lasting(0), results: [], rows: heap.lasting(0) };
  };
  const publish = (table: number, slot: number, { array, count }: Published): void => {
    if (slot >= listed) return;
    const at = ((heap.words()[field.headAt / 4 + table] ?? 0) >>> 2) + slot * 2;
    // Who reads it asks first how many there are.
    Atomics.store(heap.words(), at, array.byteOffset);
    Atomics.store(heap.words(), at + 1, count);
  };
  return {
    ints: heap.lasting,
    list: (space) => {
      const words = heap.words();
      const length = space.slots.length;
      for (const table of [field.rowTables, field.opTables]) {
        words[field.headAt / 4 + table] = heap.lasting(length * 2).byteOffset;
      }
      listed = length;
      for (let slot = 0; slot < length; slot += 1) {
        const { opCount, ops, rows } = describedAt(slot);
        publish(field.rowTables, slot, { array: rows, count: rows.length });
        publish(field.opTables, slot, { array: ops, count: opCount });
      }
    },
    op: (slot, op, { cells, results }) => {
      const known = describedAt(slot);
      if ((op + 1) * field.opWords > known.ops.length) {
        known.ops = longer(heap, known.ops, (op + 1) * field.opWords);
      }
      const at = op * field.opWords;
      if (results.length > 0) {
        const list = resultsOf(heap, known.results[op], results);
        known.results[op] = list;
        known.ops[at + field.opResults] = list.byteOffset;
        Atomics.store(known.ops, at + field.opResultCount, results.length);
      }
      known.ops[at + field.opCells] = cells.byteOffset;
      Atomics.store(known.ops, at + field.opCellCount, cells.length);
      known.opCount = Math.max(known.opCount, op + 1);
      publish(field.opTables, slot, { array: known.ops, count: known.opCount });
    },
    row: ({ cell, slot }, list, row) => {
      const known = describedAt(slot);
      const at = row === undefined ? field.notQuick : rowAt(heap, list, row);
      if (cell >= known.rows.length) known.rows = longer(heap, known.rows, cell + 1);
      Atomics.store(known.rows, cell, at);
      publish(field.rowTables, slot, { array: known.rows, count: known.rows.length });
    },
  };
}

interface Published {
  readonly array: Int32Array;
  readonly count: number;
}

/** Where the results of an operation lie: those that are new are written. */
function resultsOf(
  heap: Heap,
  known: Int32Array | undefined,
  results: readonly OpResult[],
): Int32Array {
  const list =
    known === undefined || results.length > known.length
      ? longer(heap, known ?? new Int32Array(0), results.length)
      : known;
  for (let index = results.length - 1; index >= 0 && list[index] === 0; index -= 1) {
    const result = results[index];
    if (result !== undefined) list[index] = resultAt(heap, result);
  }
  return list;
}

function resultAt(heap: Heap, { calls, cell }: OpResult): number {
  const flat = calls === undefined ? undefined : flatCalls(calls);
  const length = flat?.length ?? 0;
  const result = heap.lasting(field.resultFirst + length);
  result[field.resultCell] = cell;
  result[field.resultCalls] = flat === undefined ? field.wide : length / 2;
  if (calls === undefined) result[field.resultCalls] = field.impossible;
  if (flat !== undefined) result.set(flat, field.resultFirst);
  return result.byteOffset;
}

function flatCalls(calls: readonly Call[]): readonly number[] | undefined {
  const flat: number[] = [];
  for (const { op, slot } of calls) {
    if (typeof op !== 'number') return undefined;
    flat.push(slot, op);
  }
  return flat;
}

/** Writes what a cell may do; where, or `notQuick` if some of it has to be carried out by hand. */
function rowAt(
  heap: Heap,
  { moves, putCells, stayFrom }: MoveList,
  row: readonly number[],
): number {
  const puts = putCells.length;
  const others = moves.slice(puts, stayFrom);
  if (others.some(({ ops }) => ops === undefined)) return field.notQuick;
  const own = field.rowCells + puts + others.length;
  const opsLength = others.reduce((sum, { ops }) => sum + (ops?.length ?? 0), 0);
  // Its other moves lie behind it.
  const written = heap.lasting(own + others.length * field.moveFirst + opsLength);
  for (let index = 0; index < field.rowCells + puts; index += 1) written[index] = row[index] ?? 0;
  let at = own;
  for (const [index, move] of others.entries()) {
    const ops = move.ops ?? noOps;
    const reach = field.rowCells + puts + index * 2;
    written[at + field.moveSlots] = row[reach] ?? 0;
    written[at + field.movePosts] = row[reach + 1] ?? 0;
    written[at + field.moveCell] = move.cell;
    written[at + field.moveUrgency] = urgencyOf(move);
    written[at + field.moveOps] = ops.length / 2;
    written.set(ops, at + field.moveFirst);
    written[field.rowCells + puts + index] = written.byteOffset + at * 4;
    at += field.moveFirst + ops.length;
  }
  return written.byteOffset;
}

function longer(heap: Heap, array: Int32Array, least: number): Int32Array {
  const made = heap.lasting(Math.max(least, array.length * 2, few));
  made.set(array);
  return made;
}
