/**
 * An interned world is a vector with one number for each actor: its cell, which is the actor's local
 * state with its mail and its timers. What an actor may do next depends on its cell alone, so that is
 * computed once for each cell. Slot 0 holds what belongs to no actor, slot 1 the states of monitors.
 */
import type { Address } from '../../../core/brand.ts';
import type { EventObject, Local, StartRequest } from '../../../kernel/effect.ts';
import type { Mail } from '../mail/mail.ts';

/** What is known of one actor. */
export interface Cell {
  /** The number of its logic and local state; 0 when there is no such actor now. */
  readonly actor: number;
  /** What it declared durable, while its node is down. */
  readonly durable?: unknown;
  readonly mail: Mail;
  readonly timers: TimerGroups;
}

/** Timers by number: groups in no order; the order within a group holds. */
export type TimerGroups = readonly (readonly number[])[];

/** A logic, a local state, and the other name of the actor. */
export interface ActorValue {
  readonly local: Local;
  readonly logic: string;
  readonly systemId?: string;
}

/** What belongs to no actor. */
export interface GlobalCell {
  /** Other names of children, and the addresses behind them. */
  readonly aliases: Readonly<Record<string, Address>>;
  readonly budgets: Readonly<Record<string, number>>;
  readonly nodes: Readonly<Record<string, NodeStatus>>;
  /** The partition in force, if there is one. */
  readonly partition?: string;
  /** How many faults of the plan are through, and what is left of the wait for the next. */
  readonly planned: number;
  readonly planLeft: number;
}

/** What a node is when it is not up. */
export type NodeStatus = 'down' | 'paused';

/** What one step of an actor does to one cell. */
export type Op =
  | { readonly type: 'post'; readonly parcel: number }
  /** What follows where there is an actor. */
  | { readonly type: 'if-present'; readonly calls: readonly Call[] }
  | { readonly type: 'start'; readonly start: StartRequest; readonly parcel: number }
  | { readonly type: 'stop'; readonly parcel: number }
  /** The actor has ended by itself. */
  | { readonly type: 'end' }
  /** The actor is stopped by its parent; its successor may wait. */
  | { readonly type: 'kill' }
  /** The actor goes with one above it. */
  | { readonly type: 'fell' }
  | { readonly type: 'start-waiting' }
  | { readonly type: 'crash' }
  | { readonly type: 'restart' }
  /** Timers for the other name `name` are for `to` from now on. */
  | { readonly type: 'redirect'; readonly name: string; readonly to: Address };

/** An operation that is to be carried out. */
export interface Call {
  /** The operation's number at its slot, or what reads or changes more than one slot. */
  readonly op: number | WideOp;
  readonly slot: number;
}

/** What concerns more than one slot. */
export type WideOp =
  /** All actors below that of the slot go. */
  | { readonly type: 'fell-below' }
  /** A message to another name of a child. */
  | {
      readonly type: 'alias-post';
      readonly event: EventObject;
      readonly from: Address;
      readonly name: Address;
    }
  /** The slot's timers for another name of a child are for that child. */
  | { readonly type: 'alias-timer'; readonly name: Address }
  | { readonly type: 'give-alias'; readonly name: string }
  | { readonly type: 'drop-alias'; readonly name: string }
  | NodeChange
  /** What the machine did there is an error, once it is done. */
  | { readonly type: 'throw'; readonly error: unknown };

/** A fault that concerns all actors of a node, or the network. */
export interface NodeChange {
  readonly type: 'crash' | 'restart' | 'pause' | 'resume' | 'partition' | 'heal';
  readonly isPlanned: boolean;
  /** A node or a partition; empty where a plan heals whatever is cut. */
  readonly subject: string;
}

/** What an actor may do next. */
export interface Move {
  /** Virtual microseconds that pass first. */
  readonly after: number;
  readonly calls: readonly Call[];
  /** The cell of the actor afterwards. */
  readonly cell: number;
  readonly deadline: number;
  /** Whether the environment or misfortune makes it. */
  readonly isExternal: boolean;
  /** Whether it does nothing but to give the actor another cell, at once. */
  readonly isPut: boolean;
  readonly label: Label;
  /** The calls as slots and operations in turn, where none of them is wide. */
  readonly ops: Int32Array | undefined;
  readonly slot: number;
}

/** What a move is, by contents: enough to find the same choice in a world of the kernel. */
export type Label =
  | {
      readonly type: 'deliver' | 'drop' | 'duplicate';
      readonly after: number;
      readonly parcel: number;
      /** Its place in its link; of equal ones in a link without order the first. */
      readonly position: number;
    }
  | {
      readonly type: 'fire' | 'early';
      readonly after: number;
      /** The timer and those that must come after it. */
      readonly group: readonly number[];
      readonly outcome: number;
      readonly slot: number;
    }
  | { readonly type: 'input'; readonly after: 0; readonly input: number; readonly slot: number }
  | { readonly type: 'node'; readonly after: number; readonly change: NodeChange };

/** The cell of an actor that is not there and has no mail; number 0 in every slot. */
export const emptyCell: Cell = { actor: 0, mail: [], timers: [] };
