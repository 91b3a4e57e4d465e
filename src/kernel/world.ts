/**
 * A system at one moment, as an immutable value. What a later moment can depend on is hashed; the
 * ledger (the clock, names, and the order in which things were sent) belongs to the run that led here
 * and is not.
 */
import type { Address } from '../core/brand.ts';
import type { PersistentMap } from '../core/persistent-map.ts';
import type { Agenda } from './agenda.ts';
import type { EventObject, Local, StartRequest } from './effect.ts';
import type { MonitorStates } from './monitor.ts';
import type { PlannedFault } from './rules.ts';

/** All of it. */
export interface World {
  readonly actors: PersistentMap<Actor>;
  /** Other names of child actors (`systemId`) and the addresses behind them. */
  readonly aliases: PersistentMap<Address>;
  /** What is left of each budget, by fault or input; absent means without limit for inputs, none for faults. */
  readonly budgets: Readonly<Record<string, number>>;
  /** What the crashed nodes' actors had declared durable, by address. */
  readonly durable: PersistentMap<unknown>;
  readonly ledger: Ledger;
  /** Messages in flight, by `linkKey`; a link with nothing in flight has no entry. */
  readonly links: PersistentMap<Link>;
  /** The states of the system's monitors, in their order. */
  readonly monitors: MonitorStates;
  /** The nodes that are not up. */
  readonly nodes: PersistentMap<'down' | 'paused'>;
  /** The partition in force, by its name. */
  readonly partition?: string;
  /** What is left of the fault plan. */
  readonly plan: readonly PlannedFault[];
  /**
   * Set timers, by address: groups in no order. Within a group (one timer, or in untimed mode all
   * timers set in one step) the order of delays holds.
   */
  readonly timers: PersistentMap<readonly TimerGroup[]>;
}

/** One actor: the name of its logic and its local state. */
export interface Actor {
  readonly local: Local;
  readonly logic: string;
  /** The other name under which the system knows it. */
  readonly systemId?: string;
}

/** What is in flight from one actor to another, oldest first. */
export interface Link {
  readonly from: Address;
  readonly queue: readonly Envelope[];
  readonly to: Address;
}

/** A message in flight. Only `content` and `windows` are hashed. */
export interface Envelope {
  readonly content: Content;
  /** Its causal name: made of its sender, its receiver, the step that sent it and which send it was. */
  readonly name: string;
  /** Its place in the order of sending. */
  readonly seq: number;
  /** Microseconds from now at which it may arrive, ascending; the last is its deadline. */
  readonly windows: readonly number[];
}

/** What an envelope holds: an event, or a parent's signal to a child. */
export type Content =
  | { readonly type: 'event'; readonly event: EventObject }
  | { readonly type: 'start'; readonly start: StartRequest }
  | { readonly type: 'stop' };

/** Timers whose order of delays holds. */
export type TimerGroup = readonly Timer[];

/** A set timer. Only `events`, `id`, `to` and `windows` are hashed. */
export interface Timer {
  /** What may happen when it fires, dullest first: one event, or the outcomes of a stand-in. */
  readonly events: readonly EventObject[];
  readonly id?: string;
  readonly name: string;
  readonly seq: number;
  /** Where its event goes. */
  readonly to: Address;
  /** Microseconds from now at which it may fire, ascending; the last is its deadline. */
  readonly windows: readonly number[];
}

/** The bookkeeping of the run that led to a world; never hashed, never seen by a machine. */
export interface Ledger {
  readonly agenda: Agenda;
  /** Virtual microseconds since the start of the run. */
  readonly clock: number;
  /** How often each input or fault that has no causal name of its own was taken. */
  readonly counts: Readonly<Record<string, number>>;
  readonly nextSeq: number;
  readonly steps: number;
}

/** Receiver first, so that all mail of one actor lies side by side. */
export function linkKey(from: Address, to: Address): string {
  return `${to}<${from}`;
}
