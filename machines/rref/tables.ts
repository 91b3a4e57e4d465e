/**
 * What one worker knows of remote references: PyTorch's `RRefContext`, table by table, and beside it the
 * objects themselves, because here nothing but data keeps an object alive. Every operation is
 * `(tables, args) => { tables, effects, ... }` and is one critical section of PyTorch.
 *
 * @see PyTorch, `torch/csrc/distributed/rpc/rref_context.h`.
 */
import type { PersistentMap } from '../../src/core/persistent-map.ts';
import { emptyMap } from '../../src/core/persistent-map.ts';
import type { Switches } from '../switches/switches.ts';
import { switchesOf } from '../switches/switches.ts';
import type { RRefEffect, Waiter } from './effects.ts';
import type { ForkId, OwnerKey, RRefId, RRefKey } from './ids.ts';

/** What an OwnerRRef holds. */
export type OwnerState =
  | { readonly type: 'no-value' }
  | { readonly type: 'value'; readonly value: unknown }
  | { readonly type: 'error'; readonly message: string };

/** The reference on its owner. */
export interface OwnerRRef {
  readonly key: OwnerKey;
  readonly rrefId: RRefId;
  readonly state: OwnerState;
  readonly timedOut: boolean;
  /** The type of its value: `PyObject`, or that of TorchScript. */
  readonly typeName: string;
  /** Who waits for the value, in order. */
  readonly waiters: readonly Waiter[];
}

/** The reference on a worker that does not own it. */
export interface UserRRef {
  readonly confirmedByOwner: boolean;
  /** Whether `tryDel` ran. */
  readonly deletedOnOwner: boolean;
  readonly forkId: ForkId;
  readonly ownerId: number;
  readonly rrefId: RRefId;
  readonly timedOut: boolean;
  /** The type of its value: `PyObject`, or that of TorchScript. */
  readonly typeName: string;
}

/** The tables of one worker; the keys are those of `ids.ts`. */
export interface RRefTables {
  /** Fork to true; PyTorch's weak pointers, so they keep nothing alive. */
  readonly confirmedUsers: PersistentMap<true>;
  /** Once set, never reset: nothing is told to owners any more. */
  readonly destroyed: boolean;
  /** The first reference whose creation timed out, where PyTorch flags that one each time. */
  readonly firstFailed?: RRefKey;
  /** Forks that were deleted, where the protocol remembers none: for whoever looks on. */
  readonly forgotten?: PersistentMap<true>;
  /** Reference to the set of its forks, which is never empty. */
  readonly forks: PersistentMap<PersistentMap<true>>;
  /** Whether copies were known when the process forgot what it owns, though its sweep had not given them up. */
  readonly hasLeaked?: true;
  /** How many handles outside of the tables point to a UserRRef or an OwnerRRef; never 0. */
  readonly handles: PersistentMap<number>;
  readonly nextLocalId: number;
  /** Control messages that are under way. */
  readonly numPendingFutures: number;
  /** The OwnerRRefs that are alive, in `owners` or held by handles alone. */
  readonly ownerRRefs: PersistentMap<OwnerRRef>;
  /** Reference to the OwnerRRef that peers reach; it holds the object. */
  readonly owners: PersistentMap<OwnerKey>;
  /** How many children of a fork are pending; never 0. */
  readonly parents: PersistentMap<number>;
  /** Child fork to the fork of its parent; it holds the parent. */
  readonly pendingChildren: PersistentMap<ForkId>;
  /** Reference to who waits until its OwnerRRef is created. */
  readonly pendingOwners: PersistentMap<readonly Waiter[]>;
  /** Fork to who waits for its confirmation; it holds the UserRRef. */
  readonly pendingUsers: PersistentMap<readonly Waiter[]>;
  /** Forks that were deleted, where that is remembered: who comes late with one is not believed. */
  readonly tombstones: PersistentMap<true>;
  /** The UserRRefs that are alive, by fork. */
  readonly users: PersistentMap<UserRRef>;
  /** Whether a sweep was over, in time, while copies of what this worker owns were known: it had not waited for them. */
  readonly sweptEarly?: true;
  /** Whether a sweep gave up waiting for the end of copies. */
  readonly sweptInVain?: true;
  readonly switches: Switches;
  readonly workerId: number;
}

/** What every operation gives. */
export interface Done {
  readonly effects: readonly RRefEffect[];
  readonly tables: RRefTables;
}

/** The tables of a worker that has just begun. */
export function newRRefTables(
  workerId: number,
  switches: Switches = switchesOf('pytorch-2.6'),
): RRefTables {
  return {
    confirmedUsers: emptyMap(),
    destroyed: false,
    forks: emptyMap(),
    handles: emptyMap(),
    nextLocalId: 0,
    numPendingFutures: 0,
    ownerRRefs: emptyMap(),
    owners: emptyMap(),
    parents: emptyMap(),
    pendingChildren: emptyMap(),
    pendingOwners: emptyMap(),
    pendingUsers: emptyMap(),
    switches,
    tombstones: emptyMap(),
    users: emptyMap(),
    workerId,
  };
}
