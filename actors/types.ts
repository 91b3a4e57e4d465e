/** What user code holds, with the types that the compiler follows through calls. */
import type { AutogradContextId } from '../machines/engine/ids.ts';
import type { WorkerInfo } from '../machines/rpc/user/user-request.ts';
import type { Program, ResultOf, UserFunction } from '../src/index.ts';
import type { RRefProxy } from './class-types.ts';
import type { BackwardOptions } from './dist-autograd.ts';

/** A reference to a `Value` that some worker owns; valid in the function that made or received it. */
export interface RRef<Value> {
  /**
   * Backward from the value, which is to be a scalar tensor; a user has its owner do it. Without a context
   * the gradients go to `.grad` of the owner's leaves.
   */
  backward(contextId?: ContextId, options?: BackwardOptions): Program<void>;
  /** Whether the owner knows of this copy of the reference. */
  confirmedByOwner(): Program<boolean>;
  /** Lets go of the reference before the function ends; to use it afterwards is a mistake. */
  drop(): Program<void>;
  /** The future of the call that creates the value; it gives nothing. */
  getFuture(): Program<Future<undefined>>;
  /** The future of the creation as the profiler records it; there is none where it was not on. */
  getProfilingFuture(): Program<Future<undefined>>;
  /** The type of the value, as `module.name`; a user asks the owner for it once. */
  getType(options?: CallOptions): Program<string>;
  /** The future of the type. */
  getTypeFuture(options?: CallOptions): Program<Future<string>>;
  /** Whether this worker owns the value. */
  isOwner(): boolean;
  /** The value, on its owner. */
  localValue(): Program<Value>;
  /** Methods of the value, as `rref.remote().forward(x)`: the results stay on the owner. */
  remote(options?: CallOptions): RRefProxy<Value, 'remote'>;
  /** Methods of the value that give futures. */
  rpcAsync(options?: CallOptions): RRefProxy<Value, 'async'>;
  /** Methods of the value that are waited for. */
  rpcSync(options?: CallOptions): RRefProxy<Value, 'sync'>;
  /** Puts another value in the place of this one, on its owner: how an object changes. */
  setLocalValue(value: Value): Program<void>;
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
  /** Runs a registered function, given the future and `args`, when it is complete; its errors are logged. */
  addDoneCallback<Fn extends FutureCallback<Value>>(
    callback: Fn,
    ...args: ExtraArguments<Fn>
  ): Program<void>;
  /** Whether it has a value or an error. */
  done(): Program<boolean>;
  /** Completes it with an exception: who waits raises it. */
  setException(error: Error): Program<void>;
  /** Completes it. */
  setResult(value: Value): Program<void>;
  /**
   * The future of a registered function's result, which runs when this one is complete: it is given this
   * future and `args`.
   */
  then<Fn extends FutureCallback<Value>>(
    callback: Fn,
    ...args: ExtraArguments<Fn>
  ): Program<Future<ResultOf<Fn>>>;
  /** The result of a future that is complete. */
  value(): Program<Value>;
  /** The result; what the call raised is thrown. */
  wait(): Program<Value>;
}

/** A function that runs when a future is complete; what it needs beside is given when it is registered. */
export type FutureCallback<Value> = (future: Future<Value>, ...args: never[]) => unknown;

/** What a callback takes beside its future. */
export type ExtraArguments<Fn extends UserFunction> =
  Parameters<Fn> extends readonly [unknown, ...infer Extra] ? Extra : readonly [];

/** A distributed autograd context. */
export type ContextId = AutogradContextId;

/** Options of a call. */
export interface CallOptions {
  /** In seconds; 0 is without end, absent the default of the cluster. */
  readonly timeout?: number;
}

/** Options of a call of a function. */
export interface FunctionCallOptions extends CallOptions {
  /** What is given by name. */
  readonly kwargs?: Readonly<Record<string, unknown>>;
}
