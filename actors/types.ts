import type { AutogradContextId } from '../machines/engine/ids.ts';
/** What user code holds, with the types that the compiler follows through calls. */
import type { FutureHandle, RRefHandle } from '../machines/rpc/handles.ts';

declare const valueType: unique symbol;

/** A reference to a `Value` that some worker owns: plain data, valid in the function that made or received it. */
export interface RRef<Value> extends RRefHandle {
  readonly [valueType]?: Value;
}

/** A call under way that ends in a `Value`: plain data, for the function that made it. */
export interface Future<Value> extends FutureHandle {
  readonly [valueType]?: Value;
}

/** A distributed autograd context. */
export type ContextId = AutogradContextId;

/** Options of a call. */
export interface CallOptions {
  /** In seconds; 0 is without end, absent the default of the cluster. */
  readonly timeout?: number;
}
