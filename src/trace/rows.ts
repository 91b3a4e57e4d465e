/** The rows of a picture with one lane for each node. */
import type { Address } from '../core/brand.ts';
import type { LossReason } from '../kernel/step.ts';
import type { Label } from './words.ts';

/** A row of the picture. `at` is in virtual microseconds, `step` the step that it shows. */
export type Row = MessageRow | LocalRow | MarkRow | SplitRow;

/** A message reached its receiver, or was lost. */
export interface MessageRow {
  readonly type: 'message';
  readonly at: number;
  readonly step: number;
  readonly from: string;
  readonly to: string;
  readonly label: string;
  /** Why it reached nobody. */
  readonly lost?: LossReason;
  /** Set where a message sent later came first: the step in which this one was sent. */
  readonly sentIn?: number;
}

/** What some nodes did by themselves. */
export interface LocalRow {
  readonly type: 'local';
  readonly at: number;
  readonly step: number;
  /** By node, in order of first appearance: what was done and how often in a row. */
  readonly notes: ReadonlyMap<string, readonly Note[]>;
}

/** One thing done, once or several times in a row. */
export interface Note {
  readonly text: string;
  readonly count: number;
}

/** A timer, an input or a fault of one node. */
export interface MarkRow {
  readonly type: 'mark';
  readonly at: number;
  readonly step: number;
  readonly lane: string;
  readonly mark:
    | 'timer'
    | 'input'
    | 'crash'
    | 'restart'
    | 'pause'
    | 'resume'
    | 'duplicate'
    | 'early';
  readonly label: string;
}

/** The network splits or heals. */
export interface SplitRow {
  readonly type: 'split';
  readonly at: number;
  readonly step: number;
  readonly label: string;
}

/** How nodes and messages are named. */
export interface RowOptions {
  /** The node of an actor; the declared actor above it unless given. */
  readonly laneOf?: (address: Address) => string;
  readonly label?: Label;
}

/** How nodes and messages are named, all of it. */
export type Naming = Required<RowOptions>;
