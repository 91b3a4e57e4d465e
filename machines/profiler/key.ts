/**
 * The names under which calls are recorded.
 *
 * @see PyTorch, `torch/distributed/rpc/internal.py`, `_build_rpc_profiling_key`, `RPCExecMode`;
 * `remote_profiler_manager.cpp`, `REMOTE_PROFILING_KEY_PREFIX`.
 */

/** How a call was made; `async_jit` by a function of TorchScript. */
export type ExecMode = 'async' | 'async_jit' | 'remote' | 'sync';

/** What a key says. */
export interface ProfilingKeyParts {
  /** The name of the worker that calls. */
  readonly caller: string;
  /** The name of the worker that is called. */
  readonly callee: string;
  readonly fn: string;
  readonly mode: ExecMode;
}

/** The name of a call: `rpc_sync#f(worker0 -> worker1)`. */
export function profilingKey({ callee, caller, fn, mode }: ProfilingKeyParts): string {
  return `rpc_${mode}#${fn}(${caller} -> ${callee})`;
}

/** What stands between the name of a call and that of what happened where it went. */
export const remoteOpMark = '#remote_op: ';

/** The name under which a fetch is recorded. */
export function toHereKey({
  callee,
  caller,
}: Pick<ProfilingKeyParts, 'callee' | 'caller'>): string {
  return `to_here#(${caller})->(${callee})`;
}
