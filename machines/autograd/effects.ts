import type { AutogradContextId, AutogradMessageId, GraphTaskId, PassId } from '../engine/ids.ts';

/** Tells a worker that a context is over; it is sent with retries. */
export interface CleanupMessage {
  readonly type: 'CLEANUP_AUTOGRAD_CONTEXT_REQ';
  readonly contextId: AutogradContextId;
}

/** The worker's name for whatever is parked until something happens. */
export type Waiter = string;

/** What belongs to a pass that has a name. */
interface OfPass {
  readonly contextId: AutogradContextId;
  readonly passId: PassId;
}

/** What an operation on the container asks of the worker, in order. */
export type AutogradEffect =
  | { readonly type: 'cleanup.sent'; readonly message: CleanupMessage; readonly to: number }
  /** Its context was released under it: the child is to get `context.released`. */
  | { readonly type: 'graph-task.bereft'; readonly graphTask: GraphTaskId }
  /** A gradient that was sent met an error: the child is to get `task.failed`. */
  | {
      readonly type: 'graph-task.poisoned';
      readonly graphTask: GraphTaskId;
      readonly message: string;
    }
  /** The pass is ended from outside. */
  | { readonly type: 'pass.ended'; readonly graphTask: GraphTaskId; readonly message: string }
  /** The pass is over: the child is to be stopped. */
  | { readonly type: 'graph-task.dropped'; readonly graphTask: GraphTaskId }
  /** The worker is to say whether it sent this message, and what is behind it. */
  | ({
      readonly type: 'discover.sent';
      readonly autogradMessageId: AutogradMessageId;
      readonly to: number;
      readonly waiter: Waiter;
    } & OfPass)
  /** All that `waiter` asked is answered, or there was an error. */
  | ({
      readonly type: 'discovery.settled';
      readonly message?: string;
      readonly waiter: Waiter;
    } & OfPass)
  /** The pass has failed: the worker is to give it up. */
  | ({ readonly type: 'abort.sent'; readonly message: string; readonly to: number } & OfPass)
  /** Who waited for gradients that were sent goes on; with the first error, if one failed. */
  | {
      readonly type: 'outstanding-rpcs.settled';
      readonly message?: string;
      readonly waiter: Waiter;
    };
