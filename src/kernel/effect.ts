/** What a machine's step is to the kernel: a local state in, a local state and effects (data) out. */
import type { Duration } from '../core/duration.ts';

/** An event or a message: plain data with a type. */
export interface EventObject {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** A local state: canonical plain data. Beyond its status it is the runtime's own affair. */
export interface Local {
  readonly status: 'active' | 'done' | 'error';
  readonly [key: string]: unknown;
}

/** A child to be started. */
export interface StartRequest {
  readonly id: string;
  readonly input?: unknown;
  readonly logic: string;
  readonly systemId?: string;
}

/** What a step wants done, in order. Addresses are relative to the actor that made it. */
export type Effect =
  | { readonly type: 'send'; readonly to: string; readonly event: EventObject }
  | {
      readonly type: 'schedule';
      readonly id?: string;
      readonly to: string;
      readonly events: readonly EventObject[];
      readonly windows: readonly Duration[];
    }
  | { readonly type: 'cancel'; readonly id: string }
  | { readonly type: 'start'; readonly start: StartRequest }
  | { readonly type: 'stop'; readonly to: string }
  | { readonly type: 'emit'; readonly event: EventObject }
  | { readonly type: 'act'; readonly name: string; readonly params?: unknown }
  | { readonly type: 'log'; readonly label?: string; readonly value: unknown };

/** What came of one step. `local` is the very object that went in when nothing changed. */
export interface Outcome {
  readonly effects: readonly Effect[];
  readonly local: Local;
  /** Set when the machine asked for its own id, so that another place could give another outcome. */
  readonly readsId?: true;
  /** What a machine threw: it has status `error` and its effects are void. */
  readonly threw?: unknown;
}

/** Which logic runs, and where; outcomes depend on the place only where `readsId` says so. */
export interface Site {
  readonly address: string;
  readonly logic: string;
}

/** Computes steps; pure, so that equal arguments always give equal outcomes. */
export interface Stepper {
  /** The first step of an actor; `durable` is what survived its crash. */
  readonly start: (site: Site, input: unknown, durable?: unknown) => Outcome;
  readonly step: (site: Site, local: Local, event: EventObject) => Outcome;
  /** Whether the event would make this actor move. */
  readonly can: (site: Site, local: Local, event: EventObject) => boolean;
  /** What of a local state survives a crash. */
  readonly durable: (local: Local, keys: readonly string[]) => unknown;
  /** What a parent is told when its child `id` has ended. */
  readonly ended: (id: string, local: Local) => EventObject;
  /** What a sender is told when the node of the receiver is down and refuses. */
  readonly refused: (to: string, event: EventObject) => EventObject;
  /** References in `value`, made by `from`, as absolute ones. */
  readonly outward: <T>(value: T, from: string) => T;
  /** Absolute references in `value` as `to` sees them. */
  readonly inward: <T>(value: T, to: string) => T;
}
