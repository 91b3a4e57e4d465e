import type { ForkId, OwnerKey, RRefId } from './ids.ts';

/** A message of the protocol itself; it is sent with retries and answered by `RREF_ACK`. */
export type ControlMessage =
  | { readonly type: 'RREF_CHILD_ACCEPT'; readonly forkId: ForkId }
  | { readonly type: 'RREF_FORK_REQUEST'; readonly forkId: ForkId; readonly rrefId: RRefId }
  | { readonly type: 'RREF_USER_DELETE'; readonly forkId: ForkId; readonly rrefId: RRefId };

/** The worker's name for whatever is parked until something happens. */
export type Waiter = string;

/** What an operation on the tables asks of the worker, in order. */
export type RRefEffect =
  | { readonly type: 'control.sent'; readonly message: ControlMessage; readonly to: number }
  /** The owner knows the fork. */
  | {
      readonly type: 'user.confirmed';
      readonly forkId: ForkId;
      readonly waiters: readonly Waiter[];
    }
  /** The owner could not be asked about the fork. */
  | {
      readonly type: 'user.refused';
      readonly forkId: ForkId;
      readonly message: string;
      readonly waiters: readonly Waiter[];
    }
  /** Nothing holds the UserRRef any more: its destructor is to run `tryDel`. */
  | { readonly type: 'user.unreferenced'; readonly forkId: ForkId }
  /** The OwnerRRef exists. A waiter that goes on using it takes a handle with `holdHandle`. */
  | {
      readonly type: 'owner.available';
      readonly owner: OwnerKey;
      readonly rrefId: RRefId;
      readonly waiters: readonly Waiter[];
    }
  /** The OwnerRRef has a value or an error. */
  | {
      readonly type: 'value.available';
      readonly owner: OwnerKey;
      readonly rrefId: RRefId;
      readonly waiters: readonly Waiter[];
    }
  /** The OwnerRRef is gone; handles inside its value are to be dropped. */
  | {
      readonly type: 'owner.dropped';
      readonly owner: OwnerKey;
      readonly rrefId: RRefId;
      readonly value?: unknown;
    };
