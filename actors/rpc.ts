/**
 * Remote calls as user code writes them: `const y = yield* rpc.sync('worker1', matmul, [a, b])`.
 *
 * @see PyTorch, `torch.distributed.rpc`.
 */
import type { DebugInfo } from '../machines/rpc/agent/debug-info.ts';
import type { WorkerInfo, WorkerRef } from '../machines/rpc/user/user-request.ts';
import type { Program, UserFunction } from '../src/index.ts';
import { ask, callMode } from './ask.ts';
import { defineClass } from './classes.ts';
import { typeError } from './errors.ts';
import { collectAll, createFuture, waitAll, waitingForAll } from './futures.ts';
import { registerBackend } from './group/backends.ts';
import { allGather, barrier, waitAllWorkers } from './group/gather.ts';
import { initRpc } from './group/init.ts';
import {
  BackendType,
  faultyTensorPipeRpcBackendOptions,
  rpcBackendOptions,
  tensorPipeRpcBackendOptions,
} from './group/options.ts';
import { shutdown } from './group/shutdown.ts';
import { workerInfo } from './group/worker-info.ts';
import { asyncExecution, calleeOf, declare, script } from './marks.ts';
import type { RemoteResult } from './marks.ts';
import { deleteAllUsersAndUnforkedOwners, destroyRRefContext } from './rref-context.ts';
import { secondsOf, sleepOf, timeoutOf } from './seconds.ts';
import type { BoundFunction } from './seconds.ts';
import type { FunctionCallOptions, Future, RRef } from './types.ts';

/** The arguments of a call and its options. */
export type CallArguments<Fn extends UserFunction> = readonly [
  args: Readonly<Parameters<Fn>>,
  options?: FunctionCallOptions,
];

/** `torch.distributed.rpc`. */
export const rpc = Object.freeze({
  BackendType,
  allGather,
  async: callAsync,
  asyncExecution,
  barrier,
  collectAll,
  declare,
  defineClass,
  deleteAllUsersAndUnforkedOwners,
  destroyRRefContext,
  future: createFuture,
  faultyTensorPipeRpcBackendOptions,
  getDebugInfo,
  getRpcTimeout,
  getWorkerInfo,
  getWorkerInfos,
  enableGilProfiling,
  initRpc,
  registerBackend,
  rpcBackendOptions,
  setRpcTimeout,
  shutdown,
  sleep,
  remote,
  rref: createRRef,
  script,
  sync,
  tensorPipeRpcBackendOptions,
  waitAll,
  waitAllWorkers,
  waitingForAll,
  workerInfo,
});

/** Runs `fn` on a worker and waits for its result. */
function* sync<Fn extends UserFunction>(
  to: WorkerRef,
  fn: Fn,
  ...[args, options]: CallArguments<Fn>
): Program<RemoteResult<Fn>> {
  requireCall('rpc_sync', fn, options);
  const call = yield* callParts({ args, by: '_invoke_rpc_python_udf', fn, options, to });
  return yield* ask<RemoteResult<Fn>>({ type: 'rpc.sync', ...call });
}

/** Runs `fn` on a worker; `wait` gives its result. */
function* callAsync<Fn extends UserFunction>(
  to: WorkerRef,
  fn: Fn,
  ...[args, options]: CallArguments<Fn>
): Program<Future<RemoteResult<Fn>>> {
  requireCall('rpc_async', fn, options);
  const call = yield* callParts({ args, by: '_invoke_rpc_python_udf', fn, options, to });
  return yield* ask<Future<RemoteResult<Fn>>>({ type: 'rpc.async', ...call });
}

/** Runs `fn` on a worker, which keeps the result. */
function* remote<Fn extends UserFunction>(
  to: WorkerRef,
  fn: Fn,
  ...[args, options]: CallArguments<Fn>
): Program<RRef<RemoteResult<Fn>>> {
  requireCall('remote', fn, options);
  const call = yield* callParts({ args, by: '_invoke_remote_python_udf', fn, options, to });
  return yield* ask<RRef<RemoteResult<Fn>>>({ type: 'rpc.remote', ...call });
}

/** A reference to a value of one's own. */
function* createRRef<Value>(value: Value, { typeHint }: RRefOptions = {}): Program<RRef<Value>> {
  return yield* ask<RRef<Value>>({ type: 'rref.create', typeHint, value });
}

/** A worker by name or id; this one unless told. */
function* getWorkerInfo(worker?: WorkerRef): Program<WorkerInfo> {
  return yield* ask<WorkerInfo>({ type: 'rpc.worker-info', worker });
}

/** All workers that this one knows, by id. */
function* getWorkerInfos(): Program<readonly WorkerInfo[]> {
  return yield* ask<readonly WorkerInfo[]>({ type: 'rpc.worker-infos' });
}

/** How much there is of everything in this process; all but autograd's two are texts, as in PyTorch. */
function* getDebugInfo(): Program<DebugInfo> {
  return yield* ask<DebugInfo>({ type: 'rpc.debug-info' });
}

/** Whether `getDebugInfo` tells how long threads wait for the interpreter. */
function* enableGilProfiling(isOn: boolean): Program<void> {
  yield* ask<undefined>({ type: 'rpc.profile-gil', isOn });
}

/** The time-out of calls that have none of their own, in seconds. */
function* getRpcTimeout(): Program<number> {
  return yield* ask<number>({ type: 'rpc.get-timeout' });
}

/** Sets that time-out for later calls, in seconds; what is below a millisecond is cut off, and 0 is without end. */
function* setRpcTimeout(seconds: number): Program<void> {
  yield* ask<undefined>({
    type: 'rpc.set-timeout',
    seconds: secondsOf('_set_rpc_timeout', seconds),
  });
}

/** Blocks the thread for so many virtual seconds. */
function* sleep(seconds: number): Program<void> {
  yield* ask<undefined>({ type: 'time.sleep', seconds: sleepOf(seconds) });
}

/** How a reference to a local value is made. */
export interface RRefOptions {
  /** The interface by which a module of TorchScript is used; for such values only. */
  readonly typeHint?: string;
}

interface CallSource {
  readonly args: readonly unknown[];
  readonly by: BoundFunction;
  readonly fn: UserFunction;
  readonly options: FunctionCallOptions | undefined;
  readonly to: WorkerRef;
}

const callOptions: Readonly<Record<keyof FunctionCallOptions, true>> = {
  kwargs: true,
  timeout: true,
};

/** Told at once; only a type that was cast away, or that nobody checks, can lead here. */
function requireCall(by: string, fn: unknown, options: FunctionCallOptions | undefined): void {
  const unknown = Object.keys(options ?? {}).find((key) => !Object.hasOwn(callOptions, key));
  if (unknown !== undefined)
    throw typeError(`${by}() got an unexpected keyword argument '${unknown}'`);
  if (typeof fn !== 'function') throw typeError('function should be callable.');
}

function* callParts({ args, by, fn, options, to }: CallSource) {
  const { kwargs, timeout } = options ?? {};
  return {
    ...(yield* calleeOf(fn, { args, kwargs })),
    ...(yield* callMode()),
    timeout: timeoutOf(by, timeout),
    to,
  };
}
