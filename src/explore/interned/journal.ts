/** Where what is learned of a system is written, for those who go by it elsewhere. */
import type { MoveList, OpTable } from './space.ts';
import type { QuickPlace } from './steps/quick-moves.ts';

/** Told of what is learned. */
export interface Journal {
  /** Numbers that others may read. */
  readonly ints: (length: number) => Int32Array;
  /** Something new is known of an operation. */
  readonly op: (slot: number, op: number, table: OpTable) => void;
  /** What a cell may do is known, as a row of numbers if it is quick. */
  readonly row: (place: QuickPlace, list: MoveList, row: readonly number[] | undefined) => void;
}

/** Nobody reads it. */
export const noJournal: Journal = {
  ints: (length) => new Int32Array(length),
  op: () => undefined,
  row: () => undefined,
};
