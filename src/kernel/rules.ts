/** What a system's network, clock and faults allow. Given once; the world holds only data. */
import type { Address, NodeId } from '../core/brand.ts';
import type { Duration } from '../core/duration.ts';
import type { EventObject } from './effect.ts';
import type { Monitor } from './monitor.ts';

/**
 * How a link treats what is in flight: `fifo` delivers in order, `unordered` holds a multiset,
 * `persistent` a set from which nothing is ever consumed.
 */
export type LinkKind = 'fifo' | 'unordered' | 'persistent';

/** A message between nodes, as rules see it. */
export interface Transit {
  readonly event: EventObject;
  readonly from: Address;
  readonly fromNode: NodeId;
  readonly to: Address;
  readonly toNode: NodeId;
}

/** The fate of a message: it arrives after one of these delays, is lost, or waits for a partition's end. */
export type Verdict =
  | { readonly type: 'deliver'; readonly after: readonly Duration[] }
  | { readonly type: 'drop' };

/** Nodes that cannot hear one another while it is in force: those of different groups. */
export interface Partition {
  readonly name: string;
  readonly groups: readonly (readonly NodeId[])[];
  /** What becomes of messages between groups. */
  readonly messages: 'drop' | 'hold';
}

/** A fault of the plan, `after` the fault before it (or the start). */
export interface PlannedFault {
  readonly after: Duration;
  readonly fault: NodeFault;
}

/** What can befall a node or the network as a whole. */
export type NodeFault =
  | { readonly type: 'crash' | 'restart' | 'pause' | 'resume'; readonly node: NodeId }
  | { readonly type: 'partition'; readonly partition: string }
  | { readonly type: 'heal' };

/** All kinds of them. */
export const nodeFaultTypes = [
  'crash',
  'restart',
  'pause',
  'resume',
  'partition',
  'heal',
] as const satisfies readonly NodeFault['type'][];

/** The budgets of faults, each a count over the whole run. */
export interface FaultBudget {
  readonly drop?: number;
  readonly duplicate?: number;
  readonly crash?: number;
  readonly restart?: number;
  readonly pause?: number;
  readonly partition?: number;
  /** Timers that fire before they are due, as by a clock that runs fast; only in `timed` mode. */
  readonly early?: number;
}

/** What may befall a run within a budget. */
export type FaultKind = keyof FaultBudget;

/** All of them. */
export const faultKinds = [
  'drop',
  'duplicate',
  'crash',
  'restart',
  'pause',
  'partition',
  'early',
] as const satisfies readonly FaultKind[];

/** An event that the environment may give an actor whenever its snapshot can take it. */
export interface Input {
  readonly event: EventObject;
  /** How often in a run; without limit when absent. */
  readonly budget?: number;
}

/** An actor as the system declared it. */
export interface Declared {
  readonly address: Address;
  readonly node: NodeId;
  readonly logic: string;
  readonly input: unknown;
  /** Keys of its context that survive a crash of its node. */
  readonly durable: readonly string[];
  readonly inputs: readonly Input[];
  /** Whether nothing befalls its node, nor a message from it or to it, but what is planned. */
  readonly isSteadfast?: true;
}

/** All rules of one system. */
export interface Rules {
  readonly actors: readonly Declared[];
  readonly budgets: FaultBudget;
  readonly linkKind: (transit: Pick<Transit, 'from' | 'to' | 'fromNode' | 'toNode'>) => LinkKind;
  readonly monitors: readonly Monitor[];
  readonly partitions: readonly Partition[];
  readonly plan: readonly PlannedFault[];
  /** In `timed` mode the clock goes from due moment to due moment; in `untimed` any set timer may fire. */
  readonly time: 'timed' | 'untimed';
  /** What a message to a node that is down becomes. */
  readonly toDownNode: 'lost' | 'refused';
  /** What a delivery that changes and sends nothing does: `consume` it, or `keep` it as no choice at all. */
  readonly unhandled: 'consume' | 'keep';
  readonly unknownActors: 'error' | 'dead-letter';
  readonly verdict: (transit: Transit) => Verdict;
}
