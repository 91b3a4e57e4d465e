/** What could happen next. */
import type { Address, NodeId } from '../core/brand.ts';
import { SimulationError, unreachable } from '../core/errors.ts';
import type { EventObject } from './effect.ts';

/** A delivery, a timer, an input or a fault. `name` is causal: it means the same in every run that has it. */
export type Choice = MessageChoice | TimerChoice | InputChoice | NodeChoice | PartitionChoice;

/** What happens to the message `name`. */
export interface MessageChoice {
  readonly type: 'deliver' | 'drop' | 'duplicate';
  readonly name: string;
  /** Virtual microseconds that pass first. */
  readonly after: number;
  readonly event: EventObject;
  readonly from: Address;
  readonly to: Address;
}

/** A timer of `actor` fires, when it is due or `early`, with one of the events that it may have. */
export interface TimerChoice {
  readonly type: 'fire' | 'early';
  readonly name: string;
  readonly actor: Address;
  readonly after: number;
  readonly event: EventObject;
  readonly id?: string;
}

/** The environment gives `actor` an event. */
export interface InputChoice {
  readonly type: 'input';
  readonly name: string;
  readonly actor: Address;
  readonly event: EventObject;
}

/** A node crashes, restarts, stands still or goes on. */
export interface NodeChoice {
  readonly type: 'crash' | 'restart' | 'pause' | 'resume';
  readonly name: string;
  /** Virtual microseconds that pass first; more than 0 only where the fault was planned. */
  readonly after: number;
  readonly node: NodeId;
  /** Set where the fault plan makes it, not misfortune. */
  readonly planned?: true;
}

/** The network splits, or is whole again. */
export interface PartitionChoice {
  readonly type: 'partition' | 'heal';
  readonly name: string;
  readonly after: number;
  readonly partition: string;
  /** Set where the fault plan makes it, not misfortune. */
  readonly planned?: true;
}

/** Whether the environment or misfortune makes it: never owed, and never taken by the empty tape. */
export function isExternal(choice: Choice): boolean {
  return choice.type !== 'deliver' && choice.type !== 'fire' && !('planned' in choice);
}

/** Whether it is misfortune, or the end of one: not the environment's input, and not planned. */
export function isFault(choice: Choice): boolean {
  return choice.type !== 'input' && isExternal(choice);
}

/** The error for a choice that the world does not offer. */
export function notOffered(choice: Choice): SimulationError {
  return new SimulationError(
    'kernel/not-offered',
    `This world does not offer "${describeChoice(choice)}" (${choice.name}). ` +
      'Take one that `choices(world)` lists for this very world.',
  );
}

/** Where it takes place: the actor that it is for, the node, or the partition. */
export function placeOf(choice: Choice): string {
  switch (choice.type) {
    case 'deliver':
    case 'drop':
    case 'duplicate':
      return choice.to;
    case 'fire':
    case 'early':
    case 'input':
      return choice.actor;
    case 'partition':
    case 'heal':
      return choice.partition;
    case 'crash':
    case 'restart':
    case 'pause':
    case 'resume':
      return choice.node;
    default:
      return unreachable(choice);
  }
}

/** One line for people. */
export function describeChoice(choice: Choice): string {
  switch (choice.type) {
    case 'deliver':
    case 'drop':
    case 'duplicate':
      return `${choice.type} ${choice.event.type} ${choice.from} -> ${choice.to}`;
    case 'fire':
    case 'early':
      return `${choice.type === 'fire' ? 'fire' : 'fire early'} ${choice.event.type} at ${choice.actor}`;
    case 'input':
      return `input ${choice.event.type} to ${choice.actor}`;
    case 'partition':
    case 'heal':
      return `${choice.type} ${choice.partition}`;
    case 'crash':
    case 'restart':
    case 'pause':
    case 'resume':
      return `${choice.type} ${choice.node}`;
    default:
      return unreachable(choice);
  }
}
