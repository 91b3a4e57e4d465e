/** What user code asks its worker for, request by request. */
import type { Clock, Stamp } from '../../devices/clock.ts';
import type { Frame } from '../../engine/frame.ts';
import type {
  RecvRpcBackwardNode,
  SendRpcBackwardNode,
  Storage,
  Tensor,
} from '../../engine/graph.ts';
import type { UserCall } from '../../engine/hooks.ts';
import type { AutogradContextId, AutogradNodeId } from '../../engine/ids.ts';
import type { LocalRequest } from '../../engine/local-pass.ts';
import type { OperatorName } from '../../engine/operators.ts';
import type { ProfilerKind } from '../../profiler/table.ts';
import type { HookHandle, NewHook } from '../autograd/local-engine.ts';
import type { FunctionCall } from '../context.ts';
import type { GroupRequest } from '../group/group-request.ts';
import type { ProfiledScope } from '../profiling/profiling.ts';
import type { Failure } from './failure.ts';
import type { FutureHandle, RRefHandle } from './handles.ts';

/** A worker by its name, its id, or both. */
export type WorkerRef = string | number | WorkerInfo;

/** A worker. */
export interface WorkerInfo {
  readonly id: number;
  readonly name: string;
}

/** What is called: a function of Python or of TorchScript by its name, or a built-in operator. */
export type Callee =
  | {
      readonly type: 'function';
      readonly fn: string;
      readonly isAsync: boolean;
      /** Why the function does not take what it is given. */
      readonly misfit?: string;
    }
  | { readonly type: 'operator'; readonly op: OperatorName }
  | {
      readonly type: 'script';
      readonly fn: string;
      readonly isAsync: boolean;
      /** Whether it is one of Python, which a script calls all the same. */
      readonly isOfPython?: true;
      /** Its declaration, if it has one. */
      readonly schema?: string;
    };

/** The operators that a function ran since it told last, where a profiler is on. */
type Ops = readonly string[] | undefined;

interface CallParts {
  readonly args: readonly unknown[];
  readonly callee: Callee;
  /** What is given by name, where the callee has a schema. */
  readonly kwargs?: Readonly<Record<string, unknown>> | undefined;
  /** Whether gradients are recorded where the call is made. */
  readonly gradMode: boolean;
  readonly ops?: Ops;
  /** In seconds; 0 is without end, absent the default of the agent. */
  readonly timeout?: number | undefined;
  readonly to: WorkerRef;
}

/** Calls of functions. */
export type CallRequest =
  | ({ readonly type: 'rpc.async' } & CallParts)
  | ({ readonly type: 'rpc.remote' } & CallParts)
  | ({ readonly type: 'rpc.sync' } & CallParts);

/** What is asked of the process. */
export type ProcessRequest =
  | { readonly type: 'rpc.debug-info' | 'rpc.get-timeout' | 'rpc.worker-infos' }
  | { readonly type: 'rpc.profile-gil'; readonly isOn: boolean }
  | { readonly type: 'rpc.set-timeout' | 'time.sleep'; readonly seconds: number }
  | { readonly type: 'rpc.worker-info'; readonly worker?: WorkerRef | undefined };

/** What is done with futures. */
export type FutureRequest =
  | {
      readonly type: 'future.add-done-callback' | 'future.then';
      readonly call: FunctionCall;
      readonly future: FutureHandle;
    }
  | { readonly type: 'future.collect'; readonly futures: readonly FutureHandle[] }
  | {
      readonly type: 'future.create';
      readonly devices?: readonly (number | string)[] | undefined;
    }
  | { readonly type: 'future.done'; readonly future: FutureHandle }
  | {
      readonly type: 'future.set-exception';
      readonly error: Failure;
      readonly future: FutureHandle;
    }
  | { readonly type: 'future.set-result'; readonly future: FutureHandle; readonly value: unknown }
  | { readonly type: 'future.value' | 'future.wait'; readonly future: FutureHandle }
  /** The calls of this thread are collected from now on, or were until now. */
  | { readonly type: 'wait-all.begin' | 'wait-all.end' };

/** What is done with remote references. */
export type RRefRequest =
  | {
      readonly type: 'rref.backward';
      readonly contextId?: AutogradContextId | undefined;
      readonly retainGraph: boolean;
      readonly rref: RRefHandle;
    }
  | { readonly type: 'rref.confirmed-by-owner' | 'rref.get-future'; readonly rref: RRefHandle }
  | {
      readonly type: 'rref.create';
      readonly typeHint?: string | undefined;
      readonly value: unknown;
    }
  /** `isTogether`: all members have agreed that nothing is under way. */
  | {
      readonly type: 'rref.destroy-context';
      readonly ignoreLeak: boolean;
      readonly isTogether?: boolean;
    }
  | { readonly type: 'rref.drop' | 'rref.pickle-apart'; readonly rref: RRefHandle }
  | {
      readonly type: 'rref.get-type';
      readonly gradMode: boolean;
      readonly rref: RRefHandle;
      readonly timeout?: number | undefined;
    }
  | { readonly type: 'rref.sweep'; readonly timeout: number }
  /** Once nothing is under way: what came after the sweep. */
  | { readonly type: 'rref.sweep-late' }
  | { readonly type: 'rref.local-value'; readonly rref: RRefHandle }
  | {
      readonly type: 'rref.set-local-value';
      readonly rref: RRefHandle;
      readonly value: unknown;
    }
  | {
      readonly type: 'rref.to-here';
      readonly gradMode: boolean;
      readonly ops?: Ops;
      readonly rref: RRefHandle;
      readonly timeout?: number | undefined;
    };

/** What a context has recorded on a worker, in the order of messages. */
export interface RecordedFunctions {
  readonly recvFunctions: readonly RecvRpcBackwardNode[];
  readonly sendFunctions: readonly SendRpcBackwardNode[];
}

/** The gradient of a leaf in a context. */
export interface LeafGradient {
  readonly grad: Tensor;
  readonly variable: string;
}

/** Distributed autograd, and what of the local one is kept by the process. */
export type AutogradRequest =
  | {
      readonly type: 'autograd.backward';
      readonly contextId: AutogradContextId;
      readonly ops?: Ops;
      readonly retainGraph: boolean;
      readonly roots: readonly Tensor[];
    }
  | { readonly type: 'autograd.functions'; readonly contextId: AutogradContextId }
  | { readonly type: 'autograd.get-gradients'; readonly contextId: AutogradContextId }
  | { readonly type: 'autograd.new-context' }
  | { readonly type: 'autograd.release-context'; readonly contextId: AutogradContextId }
  | { readonly type: 'autograd.retrieve-context'; readonly contextId: AutogradContextId }
  | { readonly type: 'torch.grad'; readonly tensor: Tensor }
  /** The gradients of several leaves at once. */
  | { readonly type: 'torch.set-grads'; readonly gradients: readonly LeafGradient[] }
  | {
      readonly type: 'torch.set-grad';
      /** Nothing takes it away. */
      readonly grad?: Tensor | undefined;
      readonly tensor: Tensor;
    };

/** The local engine. */
export type EngineRequest =
  | { readonly type: 'engine.abandon'; readonly pass: string }
  | { readonly type: 'engine.add-hook'; readonly hook: NewHook; readonly node: AutogradNodeId }
  | { readonly type: 'engine.begin'; readonly frame?: Frame; readonly pass: LocalRequest }
  | { readonly type: 'engine.modified'; readonly by?: string; readonly storage: Storage }
  | { readonly type: 'engine.queue-callback'; readonly call: UserCall }
  | {
      readonly type: 'engine.retains-grad';
      readonly inputNr: number;
      readonly node: AutogradNodeId;
    }
  | { readonly type: 'engine.remove-hook'; readonly handle: HookHandle }
  | { readonly type: 'engine.set-anomaly-mode'; readonly isOn: boolean }
  | {
      readonly type: 'engine.turn';
      /** What user code gave that the pass asked for. */
      readonly answer?: unknown;
      readonly frame?: Frame;
      readonly pass: string;
    };

/** A stream in the hands of user code. */
export interface StreamHandle {
  readonly type: 'cuda.stream';
  readonly device: string;
  readonly name: string;
  readonly worker: string;
}

/** An event of a stream, recorded. */
export interface EventHandle {
  readonly type: 'cuda.event';
  readonly clock: Clock;
  readonly worker: string;
}

type GivenDevice = number | string;

/** What is done with devices. */
export type CudaRequest =
  | {
      readonly type: 'cuda.current-stream';
      readonly device: GivenDevice;
      readonly isDefault: boolean;
    }
  | { readonly type: 'cuda.device-count' }
  | {
      readonly type: 'cuda.launch';
      /** The operator. */
      readonly by: string;
      readonly reads: readonly { readonly device: string; readonly ready?: Stamp }[];
      /** The device of the result. */
      readonly to: string;
    }
  | { readonly type: 'cuda.make-stream'; readonly device: GivenDevice }
  | { readonly type: 'cuda.record-event'; readonly stream: StreamHandle }
  | { readonly type: 'cuda.set-stream'; readonly stream: StreamHandle }
  | { readonly type: 'cuda.synchronize'; readonly device: GivenDevice }
  | { readonly type: 'cuda.synchronize-event'; readonly event: EventHandle }
  | {
      readonly type: 'cuda.wait-event';
      readonly event: EventHandle;
      readonly stream: StreamHandle;
    };

/** What is recorded. */
export type ProfilerRequest =
  | { readonly type: 'profiler.begin'; readonly name: string; readonly ops: Ops }
  | { readonly type: 'profiler.creation-future'; readonly rref: RRefHandle }
  | { readonly type: 'profiler.disable'; readonly ops: Ops }
  | { readonly type: 'profiler.enable'; readonly kind: ProfilerKind }
  | { readonly type: 'profiler.end'; readonly ops: Ops; readonly scope: ProfiledScope }
  | {
      readonly type: 'profiler.end-on-future';
      readonly future: FutureHandle;
      readonly ops: Ops;
      readonly scope: ProfiledScope | undefined;
    }
  | { readonly type: 'profiler.enter-global' }
  | { readonly type: 'profiler.exit-global'; readonly range: number };

/** The module globals of the process. */
export type GlobalRequest =
  | { readonly type: 'globals.entries'; readonly prefix: string }
  | { readonly type: 'globals.get'; readonly name: string }
  | { readonly type: 'globals.remove'; readonly name: string }
  | { readonly type: 'globals.set'; readonly name: string; readonly value: unknown };

/** The locks of the process. */
export type LockRequest =
  | { readonly type: 'lock.acquire'; readonly name: string }
  | { readonly type: 'lock.release'; readonly name: string };

/** Anything that user code asks for. */
export type UserRequest =
  | CallRequest
  | FutureRequest
  | ProcessRequest
  | RRefRequest
  | AutogradRequest
  | EngineRequest
  | CudaRequest
  | GlobalRequest
  | ProfilerRequest
  | GroupRequest
  | LockRequest;

/** A request and the thread whose function makes it. */
export interface Asked<R extends UserRequest> {
  readonly request: R;
  readonly thread: string;
}
