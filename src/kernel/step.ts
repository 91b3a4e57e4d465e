/** What happened in one step of a run, for people, traces and monitors. */
import type { Address } from '../core/brand.ts';
import type { Choice } from './choice.ts';
import type { EventObject, Local } from './effect.ts';

/** One choice and all that came of it. */
export interface Step {
  /** Virtual microseconds since the start of the run. */
  readonly at: number;
  /** Absent for the start of the system. */
  readonly choice?: Choice;
  readonly happened: readonly Happening[];
  /** Counts from 0; the start of the system is step 0. */
  readonly index: number;
}

/** Something that happened in a step, in order. */
export type Happening =
  | { readonly type: 'received'; readonly actor: Address; readonly event: EventObject }
  | {
      readonly type: 'moved';
      readonly actor: Address;
      readonly before: Local;
      readonly after: Local;
    }
  | SentHappening
  | {
      readonly type: 'scheduled';
      readonly actor: Address;
      readonly event: EventObject;
      readonly id?: string;
      readonly name: string;
      readonly windows: readonly number[];
    }
  | { readonly type: 'cancelled'; readonly actor: Address; readonly id: string }
  | { readonly type: 'started'; readonly actor: Address; readonly logic: string }
  | { readonly type: 'stopped'; readonly actor: Address }
  | { readonly type: 'emitted'; readonly actor: Address; readonly event: EventObject }
  | {
      readonly type: 'acted';
      readonly actor: Address;
      readonly name: string;
      readonly params?: unknown;
    }
  | {
      readonly type: 'logged';
      readonly actor: Address;
      readonly label?: string;
      readonly value: unknown;
    }
  | { readonly type: 'failed'; readonly actor: Address; readonly error: unknown }
  | {
      readonly type: 'lost';
      readonly event: EventObject;
      readonly from: Address;
      readonly to: Address;
      readonly why: LossReason;
    };

/** A message left its sender. */
export interface SentHappening {
  readonly type: 'sent';
  readonly event: EventObject;
  readonly from: Address;
  /** Its causal name. */
  readonly name: string;
  readonly to: Address;
}

/** Why a message reached nobody. */
export type LossReason = 'dead-letter' | 'dropped' | 'node-down' | 'partition' | 'rule';
