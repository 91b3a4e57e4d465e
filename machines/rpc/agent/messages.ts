/** What workers send one another, field by field; the names of fields are PyTorch's. */
import type { SmartPass } from '../../autograd/container.ts';
import type { AutogradMetadata } from '../../autograd/recording.ts';
import type { DeviceMap } from '../../devices/maps.ts';
import type { Tensor } from '../../engine/graph.ts';
import type { AutogradContextId, AutogradMessageId, PassId } from '../../engine/ids.ts';
import type { ProfiledEvent } from '../../profiler/events.ts';
import type { ControlMessage } from '../../rref/effects.ts';
import type { ForkId, RRefId } from '../../rref/ids.ts';
import type { ForkData } from '../../rref/pickling.ts';
import type { Pickle } from '../references/pickle.ts';

/** What all calls of functions say. */
interface FunctionCallParts {
  readonly isAsyncExecution: boolean;
  readonly pickle: PickledFunction;
}

/** What all calls say whose result stays where it is made. */
interface RemoteCallParts {
  readonly forkId: ForkId;
  readonly rrefId: RRefId;
}

/** What calls to the interpreter of scripts say. */
interface ScriptCallParts {
  /** It names a function of Python, which that interpreter does not find. */
  readonly isOfPython?: true;
  readonly schema?: string;
}

/** A call of a user function. */
export interface PythonCall extends FunctionCallParts {
  readonly type: 'PYTHON_CALL';
}

/** A call whose result stays where it is made. `rrefId` equals `forkId` in a call to oneself alone. */
export interface PythonRemoteCall extends FunctionCallParts, RemoteCallParts {
  readonly type: 'PYTHON_REMOTE_CALL';
}

/** A call of a function of TorchScript, or of a built-in operator, which says its schema. */
export interface ScriptCall extends FunctionCallParts, ScriptCallParts {
  readonly type: 'SCRIPT_CALL';
}

/** The same, whose result stays where it is made. */
export interface ScriptRemoteCall extends FunctionCallParts, RemoteCallParts, ScriptCallParts {
  readonly type: 'SCRIPT_REMOTE_CALL';
}

/** A call whose result stays where it is made. */
export type RemoteCall = PythonRemoteCall | ScriptRemoteCall;

/** A call that runs a function. */
export type FunctionCallBody = PythonCall | ScriptCall | RemoteCall;

/** A function by its name, and its arguments. */
export interface PickledFunction {
  readonly args: Pickle;
  readonly fn: string;
  /** Why the function does not take these arguments. */
  readonly misfit?: string;
}

/** Asks for the value of a reference. PyTorch fills `fromWorkerId` with the owner's id and never reads it. */
export interface RRefFetchCall {
  readonly type: 'PYTHON_RREF_FETCH_CALL' | 'SCRIPT_RREF_FETCH_CALL';
  readonly fromWorkerId: number;
  /** The copy that asks, where the owner is to know that it was deleted meanwhile. */
  readonly forkId?: ForkId;
  readonly rrefId: RRefId;
}

/** The requests that can travel inside of a `FORWARD_AUTOGRAD_REQ`. */
export type WrappableCall = FunctionCallBody | RRefFetchCall;

/** A call that takes part in an autograd context. */
export interface ForwardAutogradReq extends AutogradMetadata {
  readonly type: 'FORWARD_AUTOGRAD_REQ';
  /** The sender's map for the receiver, if it has one. */
  readonly deviceMap?: DeviceMap;
  readonly fromWorkerId: number;
  readonly inner: WrappableCall;
}

/** A call whose handler is to be recorded: what it records comes back with the answer. */
export interface RunWithProfilingReq {
  readonly type: 'RUN_WITH_PROFILING_REQ';
  readonly inner: FunctionCallBody | ForwardAutogradReq;
  readonly profilingId: string;
}

/** Says to which send function the tensors of the message, which are gradients, come back. */
export interface BackwardAutogradReq {
  readonly type: 'BACKWARD_AUTOGRAD_REQ';
  readonly autogradMessageId: AutogradMessageId;
  readonly contextId: AutogradContextId;
  /** The pass that they belong to; in SMART mode alone. */
  readonly pass?: SmartPass;
  readonly retainGraph: boolean;
}

/** Asks the sender of a message to take part in a pass; answered when all that is behind it was asked. */
export interface SmartDiscoverReq {
  readonly type: 'SMART_DISCOVER_REQ';
  readonly autogradMessageId: AutogradMessageId;
  readonly contextId: AutogradContextId;
  readonly passId: PassId;
}

/** Tells that a pass has failed. */
export interface SmartAbortReq {
  readonly type: 'SMART_ABORT_REQ';
  readonly contextId: AutogradContextId;
  /** Why. */
  readonly message: string;
  readonly passId: PassId;
}

/** Asks the owner of a value for backward from it. */
export interface RRefBackwardReq {
  readonly type: 'RREF_BACKWARD_REQ';
  readonly contextId: AutogradContextId;
  /** As in a fetch. */
  readonly forkId?: ForkId;
  readonly retainGraph: boolean;
  readonly rrefId: RRefId;
}

/** Tells that a context is over. */
export interface CleanupAutogradContextReq {
  readonly type: 'CLEANUP_AUTOGRAD_CONTEXT_REQ';
  readonly contextId: AutogradContextId;
}

/** Asks whoever made a context whether that is still there. PyTorch has no such message. */
export interface LeaseAutogradContextReq {
  readonly type: 'LEASE_AUTOGRAD_CONTEXT_REQ';
  readonly contextId: AutogradContextId;
}

/**
 * Says that whoever made a call has given it up, with all that a worker has to know which never saw it. PyTorch
 * has no such message.
 */
export interface CallOffReq {
  readonly type: 'CALL_OFF_REQ';
  /** The message that made the call. */
  readonly call: number;
  /** The reference that the call was to create. */
  readonly creates?: CreatedRRef;
  /** The copies of references that stood in it. */
  readonly forks: readonly ForkData[];
}

/** A reference that a remote call creates. */
export interface CreatedRRef {
  readonly forkId: ForkId;
  readonly rrefId: RRefId;
  readonly typeName: string;
}

/** What is asked of a worker. */
export type RequestBody =
  | WrappableCall
  | ForwardAutogradReq
  | RunWithProfilingReq
  | BackwardAutogradReq
  | CleanupAutogradContextReq
  | RRefBackwardReq
  | CallOffReq
  | LeaseAutogradContextReq
  | SmartDiscoverReq
  | SmartAbortReq
  | ControlMessage;

/** The responses that bring a value. */
export type ValueReturnType =
  | 'PYTHON_RET'
  | 'PYTHON_RREF_FETCH_RET'
  | 'SCRIPT_RET'
  | 'SCRIPT_RREF_FETCH_RET';

/** The responses that can travel inside of a `FORWARD_AUTOGRAD_RESP`. */
export type WrappableReturn =
  | { readonly type: ValueReturnType; readonly pickle: Pickle }
  | { readonly type: 'REMOTE_RET'; readonly forkId: ForkId; readonly rrefId: RRefId };

/** A response that takes part in an autograd context. */
export interface ForwardAutogradResp extends AutogradMetadata {
  readonly type: 'FORWARD_AUTOGRAD_RESP';
  readonly fromWorkerId: number;
  readonly inner: WrappableReturn;
}

/** A response, and what was recorded where it was made. */
export interface RunWithProfilingResp {
  readonly type: 'RUN_WITH_PROFILING_RESP';
  readonly events: readonly ProfiledEvent[];
  readonly inner: PlainResponseBody;
  readonly profilingId: string;
}

/** What a worker answers. */
export type ResponseBody = PlainResponseBody | RunWithProfilingResp;

/** An answer that brings no recorded events. */
export type PlainResponseBody =
  | WrappableReturn
  | ForwardAutogradResp
  | { readonly type: 'RREF_ACK' }
  | { readonly type: 'BACKWARD_AUTOGRAD_RESP' }
  | { readonly type: 'CLEANUP_AUTOGRAD_CONTEXT_RESP' }
  | { readonly type: 'RREF_BACKWARD_RESP' }
  | { readonly type: 'CALL_OFF_RESP' }
  | { readonly type: 'LEASE_AUTOGRAD_CONTEXT_RESP'; readonly isHeld: boolean }
  | { readonly type: 'SMART_DISCOVER_RESP' }
  | { readonly type: 'SMART_ABORT_RESP' }
  | { readonly type: 'EXCEPTION'; readonly payload: string };

/** What every message has beside its body. */
export interface Frame {
  /** The worker that sent it. */
  readonly from: number;
  /** Counted by the worker that asks; the response has that of its request. */
  readonly id: number;
  /** Whether its contents were lost: an attempt before took them along. */
  readonly isGutted?: true;
  /** Which start of its process sent a request, if that was not the first. */
  readonly fromLife?: number;
  /**
   * The process that is to be answered, in a group that was joined: its id may be given to another one, and who
   * starts again after a crash knows nobody.
   */
  readonly replyTo?: string;
  /** For which start of the process it is meant, if that is not the first. */
  readonly toLife?: number;
  /** The table of tensors, which the body names by their places. */
  readonly tensors: readonly Tensor[];
}

/** A request on its way. */
export type Request = RequestBody & Frame;

/** A response on its way. */
export type Response = ResponseBody & Frame;

/** Anything on its way from worker to worker. */
export type Message = Request | Response;
