/** Spans of time that user code gives, as Python and pybind11 take them: whatever is no number is an error at once. */
import { classNameOf, pythonTypeOf } from '../machines/engine/python-types.ts';
import { reprOf } from '../machines/rpc/signatures/python-repr.ts';
import { incompatible } from './bound.ts';
import { pythonError, typeError, valueError } from './errors.ts';

/** A time-out as a bound function of PyTorch takes it; its texts are those of pybind11. */
export function timeoutOf(fn: BoundFunction, timeout: unknown): number | undefined {
  return timeout === undefined ? undefined : secondsOf(fn, timeout);
}

/** The same, of what must be given. */
export function secondsOf(fn: BoundFunction, timeout: unknown): number {
  if (typeof timeout === 'number') return timeout;
  if (typeof timeout === 'boolean') return Number(timeout);
  const given = reprOf(timeout);
  const shown = fn === '_set_rpc_timeout' ? given : `timeout=${given}`;
  throw incompatible(fn, signatures[fn], shown);
}

const onReference = '(self: torch._C._distributed_rpc.PyRRef, timeout: float = -1.0) -> object';

/** @see PyTorch, `torch/csrc/distributed/rpc/init.cpp`. */
const signatures = {
  _delete_all_user_and_unforked_owner_rrefs:
    '(timeout: datetime.timedelta = datetime.timedelta(seconds=100)) -> None',
  _get_type:
    '(self: torch._C._distributed_rpc.PyRRef, timeout: float = -1.0, blocking: bool = True) -> object',
  _invoke_remote_python_udf:
    '(arg0: torch._C._distributed_rpc.WorkerInfo, arg1: str, arg2: List[at::Tensor], arg3: float, ' +
    'arg4: bool) -> torch._C._distributed_rpc.PyRRef',
  _invoke_rpc_python_udf:
    '(arg0: torch._C._distributed_rpc.WorkerInfo, arg1: str, arg2: List[at::Tensor], arg3: float, ' +
    'arg4: bool) -> torch.Future',
  _set_rpc_timeout: '(arg0: float) -> None',
  join: '(self: torch._C._distributed_rpc.TensorPipeAgent, shutdown: bool = False, timeout: float = 0) -> None',
  remote: onReference,
  rpc_async: onReference,
  rpc_sync: onReference,
  to_here: onReference,
} as const;

/** One that takes seconds. */
export type BoundFunction = keyof typeof signatures;

/** What `time.sleep` takes, in seconds. */
export function sleepOf(length: unknown): number {
  if (typeof length === 'boolean') return Number(length);
  if (typeof length !== 'number') {
    throw typeError(
      `'${classNameOf(pythonTypeOf(length))}' object cannot be interpreted as an integer`,
    );
  }
  if (Number.isNaN(length)) throw valueError('Invalid value NaN (not a number)');
  if (length < 0) throw valueError('sleep length must be non-negative');
  if (length <= secondsMax) return length;
  throw pythonError('OverflowError', 'timestamp too large to convert to C _PyTime_t');
}

// 2^63 ns, which `_PyTime_t` counts.
const secondsMax = 9_223_372_036;
