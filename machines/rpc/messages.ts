/** What workers send one another, field by field; the names of fields are PyTorch's. */
import type { AutogradMetadata } from '../autograd/recording.ts';
import type { Tensor } from '../engine/graph.ts';
import type { AutogradContextId, AutogradMessageId } from '../engine/ids.ts';
import type { ControlMessage } from '../rref/effects.ts';
import type { ForkId, RRefId } from '../rref/ids.ts';
import type { Pickle } from './pickle.ts';

/** A call of a user function. */
export interface PythonCall {
  readonly type: 'PYTHON_CALL';
  readonly isAsyncExecution: boolean;
  readonly pickle: PickledFunction;
}

/** A call whose result stays where it is made. `rrefId` equals `forkId` in a call to oneself alone. */
export interface PythonRemoteCall {
  readonly type: 'PYTHON_REMOTE_CALL';
  readonly forkId: ForkId;
  readonly isAsyncExecution: boolean;
  readonly pickle: PickledFunction;
  readonly rrefId: RRefId;
}

/** A function by its name, and its arguments. */
export interface PickledFunction {
  readonly args: Pickle;
  readonly fn: string;
}

/** Asks for the value of a reference. PyTorch fills `fromWorkerId` with the owner's id and never reads it. */
export interface RRefFetchCall {
  readonly type: 'PYTHON_RREF_FETCH_CALL';
  readonly fromWorkerId: number;
  readonly rrefId: RRefId;
}

/** The requests that can travel inside of a `FORWARD_AUTOGRAD_REQ`. */
export type WrappableCall = PythonCall | PythonRemoteCall | RRefFetchCall;

/** A call that takes part in an autograd context. */
export interface ForwardAutogradReq extends AutogradMetadata {
  readonly type: 'FORWARD_AUTOGRAD_REQ';
  readonly fromWorkerId: number;
  readonly inner: WrappableCall;
}

/** Says to which send function the tensors of the message, which are gradients, come back. */
export interface BackwardAutogradReq {
  readonly type: 'BACKWARD_AUTOGRAD_REQ';
  readonly autogradMessageId: AutogradMessageId;
  readonly contextId: AutogradContextId;
  readonly retainGraph: boolean;
}

/** Tells that a context is over. */
export interface CleanupAutogradContextReq {
  readonly type: 'CLEANUP_AUTOGRAD_CONTEXT_REQ';
  readonly contextId: AutogradContextId;
}

/** What is asked of a worker. */
export type RequestBody =
  | WrappableCall
  | ForwardAutogradReq
  | BackwardAutogradReq
  | CleanupAutogradContextReq
  | ControlMessage;

/** The responses that can travel inside of a `FORWARD_AUTOGRAD_RESP`. */
export type WrappableReturn =
  | { readonly type: 'PYTHON_RET'; readonly pickle: Pickle }
  | { readonly type: 'PYTHON_RREF_FETCH_RET'; readonly pickle: Pickle }
  | { readonly type: 'REMOTE_RET'; readonly forkId: ForkId; readonly rrefId: RRefId };

/** A response that takes part in an autograd context. */
export interface ForwardAutogradResp extends AutogradMetadata {
  readonly type: 'FORWARD_AUTOGRAD_RESP';
  readonly fromWorkerId: number;
  readonly inner: WrappableReturn;
}

/** What a worker answers. */
export type ResponseBody =
  | WrappableReturn
  | ForwardAutogradResp
  | { readonly type: 'RREF_ACK' }
  | { readonly type: 'BACKWARD_AUTOGRAD_RESP' }
  | { readonly type: 'CLEANUP_AUTOGRAD_CONTEXT_RESP' }
  | { readonly type: 'EXCEPTION'; readonly payload: string };

/** What every message has beside its body. */
export interface Frame {
  /** The worker that sent it. */
  readonly from: number;
  /** Counted by the worker that asks; the response has that of its request. */
  readonly id: number;
  /** The table of tensors, which the body names by their places. */
  readonly tensors: readonly Tensor[];
}

/** A request on its way. */
export type Request = RequestBody & Frame;

/** A response on its way. */
export type Response = ResponseBody & Frame;

/** Anything on its way from worker to worker. */
export type Message = Request | Response;
