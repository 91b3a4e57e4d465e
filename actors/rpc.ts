import type { WorkerInfo, WorkerRef } from '../machines/rpc/user-request.ts';
/**
 * Remote calls as user code writes them: `const y = yield* rpc.sync('worker1', matmul, [a, b])`.
 *
 * @see PyTorch, `torch.distributed.rpc`.
 */
import type { Program, ResultOf, UserFunction } from '../src/index.ts';
import { named } from '../src/index.ts';
import { ask, gradMode } from './ask.ts';
import type { CallOptions, Future, RRef } from './types.ts';

/** The arguments of a call and its options. */
export type CallArguments<Fn extends UserFunction> = readonly [
  args: Readonly<Parameters<Fn>>,
  options?: CallOptions,
];

/** `torch.distributed.rpc`. */
export const rpc = Object.freeze({
  async: callAsync,
  getWorkerInfo,
  remote,
  rref: createRRef,
  sync,
});

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

/** A reference to a value of one's own. */
function* createRRef<Value>(value: Value): Program<RRef<Value>> {
  return yield* ask<RRef<Value>>({ type: 'rref.create', value });
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
