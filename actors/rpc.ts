import type { UserRequest, WorkerInfo, WorkerRef } from '../machines/rpc/user-request.ts';
/**
 * Remote calls as user code writes them: `const y = yield* rpc.sync('worker1', matmul, [a, b])`.
 *
 * @see PyTorch, `torch.distributed.rpc`.
 */
import type { Program, ResultOf, UserFunction } from '../src/index.ts';
import { named, perform } from '../src/index.ts';
import type { CallOptions, Future, RRef } from './types.ts';

/** The arguments of a call and its options. */
export type CallArguments<Fn extends UserFunction> = readonly [
  args: Readonly<Parameters<Fn>>,
  options?: CallOptions,
];

/** `torch.distributed.rpc`. */
export const rpc = Object.freeze({
  async: callAsync,
  confirmedByOwner,
  drop,
  getWorkerInfo,
  isOwner,
  localValue,
  owner,
  ownerName,
  remote,
  rref: createRRef,
  sync,
  toHere,
  wait,
});

/** Asks the worker for something. */
export function* ask<Answer>(request: UserRequest): Program<Answer> {
  return yield* perform<Answer>(request);
}

/** Whether gradients are recorded on this thread. */
export function* gradMode(): Program<boolean> {
  return yield* perform<boolean>({ type: 'torch.grad-mode' });
}

/** Runs `fn` on a worker and waits for its result. */
function* sync<Fn extends UserFunction>(
  to: WorkerRef,
  fn: Fn,
  ...[args, options = {}]: CallArguments<Fn>
): Program<ResultOf<Fn>> {
  const call = yield* callParts({ args, fn, options, to });
  return yield* ask<ResultOf<Fn>>({ type: 'rpc.sync', ...call });
}

/** Runs `fn` on a worker; `wait` gives its result. */
function* callAsync<Fn extends UserFunction>(
  to: WorkerRef,
  fn: Fn,
  ...[args, options = {}]: CallArguments<Fn>
): Program<Future<ResultOf<Fn>>> {
  const call = yield* callParts({ args, fn, options, to });
  return yield* ask<Future<ResultOf<Fn>>>({ type: 'rpc.async', ...call });
}

/** Runs `fn` on a worker, which keeps the result. */
function* remote<Fn extends UserFunction>(
  to: WorkerRef,
  fn: Fn,
  ...[args, options = {}]: CallArguments<Fn>
): Program<RRef<ResultOf<Fn>>> {
  const call = yield* callParts({ args, fn, options, to });
  return yield* ask<RRef<ResultOf<Fn>>>({ type: 'rpc.remote', ...call });
}

/** The result of a call under way. */
function* wait<Value>(future: Future<Value>): Program<Value> {
  return yield* ask<Value>({ type: 'future.wait', future });
}

/** A reference to a value of one's own. */
function* createRRef<Value>(value: Value): Program<RRef<Value>> {
  return yield* ask<RRef<Value>>({ type: 'rref.create', value });
}

/** A copy of the value, from wherever it is. */
function* toHere<Value>(rref: RRef<Value>, { timeout }: CallOptions = {}): Program<Value> {
  return yield* ask<Value>({
    type: 'rref.to-here',
    gradMode: yield* gradMode(),
    rref,
    timeout,
  });
}

/** The value, on its owner. */
function* localValue<Value>(rref: RRef<Value>): Program<Value> {
  return yield* ask<Value>({ type: 'rref.local-value', rref });
}

/** Whether the owner knows of this copy of the reference. */
function* confirmedByOwner(rref: RRef<unknown>): Program<boolean> {
  return yield* ask<boolean>({ type: 'rref.confirmed-by-owner', rref });
}

/** Lets go of a reference before the function ends; to use it afterwards is a mistake. */
function* drop(rref: RRef<unknown>): Program<void> {
  yield* ask<undefined>({ type: 'rref.drop', rref });
}

/** Whether this worker owns the value. */
function isOwner(rref: RRef<unknown>): boolean {
  return rref.isOwner;
}

/** The worker that owns the value. */
function owner({ ownerId, ownerName: name }: RRef<unknown>): WorkerInfo {
  return { id: ownerId, name };
}

/** The name of the worker that owns the value. */
function ownerName(rref: RRef<unknown>): string {
  return rref.ownerName;
}

/** A worker by name or id; this one unless told. */
function* getWorkerInfo(worker?: WorkerRef): Program<WorkerInfo> {
  return yield* ask<WorkerInfo>({ type: 'rpc.worker-info', worker });
}

interface CallSource {
  readonly args: readonly unknown[];
  readonly fn: UserFunction;
  readonly options: CallOptions;
  readonly to: WorkerRef;
}

function* callParts({ args, fn, options, to }: CallSource) {
  return {
    args,
    fn: yield* named(fn),
    gradMode: yield* gradMode(),
    timeout: options.timeout,
    to,
  };
}
