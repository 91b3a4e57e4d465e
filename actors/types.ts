import type { AutogradContextId } from '../machines/engine/ids.ts';
/** What user code holds, with the types that the compiler follows through calls. */
import type { WorkerInfo } from '../machines/rpc/user-request.ts';
import type { Program } from '../src/index.ts';

/** A reference to a `Value` that some worker owns; valid in the function that made or received it. */
export interface RRef<Value> {
  /** Whether the owner knows of this copy of the reference. */
  confirmedByOwner(): Program<boolean>;
  /** Lets go of the reference before the function ends; to use it afterwards is a mistake. */
  drop(): Program<void>;
  /** Whether this worker owns the value. */
  isOwner(): boolean;
  /** The value, on its owner. */
  localValue(): Program<Value>;
  /** The worker that owns the value. */
  owner(): WorkerInfo;
  /** The name of the worker that owns the value. */
  ownerName(): string;
  /** A copy of the value, from wherever it is. */
  toHere(options?: CallOptions): Program<Value>;
  /** The reference as PyTorch prints it. */
  toString(): string;
}

/** A call under way that ends in a `Value`. */
export interface Future<Value> {
  /** The result; what the call raised is thrown. */
  wait(): Program<Value>;
}

/** A distributed autograd context. */
export type ContextId = AutogradContextId;

/** Options of a call. */
export interface CallOptions {
  /** In seconds; 0 is without end, absent the default of the cluster. */
  readonly timeout?: number;
}
