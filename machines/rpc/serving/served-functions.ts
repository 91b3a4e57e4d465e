/**
 * The end of a function that serves a request: what it returned or raised becomes the result of the request.
 *
 * @see PyTorch, `torch/distributed/rpc/internal.py`, `_run_function`; `request_callback_impl.cpp`,
 * `runPythonFunction`; `request_callback_no_python.cpp`, `runJitFunction`.
 */
import { unreachable } from '../../../src/core/errors.ts';
import { pythonTypeOf, scriptTypeOf } from '../../engine/python-types.ts';
import { innerOf } from '../agent/inner-request.ts';
import type { FunctionCallBody } from '../agent/messages.ts';
import type { WorkerContext } from '../context.ts';
import { workerInfoText } from '../context.ts';
import type { Outcome } from '../futures/futures.ts';
import type { Step } from '../step.ts';
import { queueWork } from '../step.ts';
import type { ThreadResult } from '../threads/thread.ts';
import { putThread, threadOf } from '../threads/thread.ts';
import { isErrorOf, scriptNameOf } from '../user/error-classes.ts';
import { remoteException, runtimeError } from '../user/failure.ts';
import { isFutureHandle } from '../user/handles.ts';
import { requestOf } from './respond.ts';
import { awaitResult, settleRequest } from './settle-request.ts';

/** A function that served a request has ended. */
export function endServedFunction(
  context: WorkerContext,
  { outcome, thread: name }: { readonly outcome: Outcome; readonly thread: string },
): Step {
  // cast -- only requests that call a function start one
  const body = innerOf(requestOf(context, name)) as FunctionCallBody;
  const result = isScript(body)
    ? scriptResult(body, outcome)
    : pythonResult(context, { body, outcome });
  return settleResult(context, { body, result, thread: name });
}

interface Result {
  readonly body: FunctionCallBody;
  readonly result: ThreadResult;
  readonly thread: string;
}

function settleResult(context: WorkerContext, { body, result, thread: name }: Result): Step {
  if (body.type === 'PYTHON_REMOTE_CALL' || body.type === 'SCRIPT_REMOTE_CALL') {
    const thread = threadOf(context, name);
    return queueWork({ type: 'remote-call.ran', thread: name })(
      putThread(context, { ...thread, result }),
    );
  }
  return result.type === 'future'
    ? awaitResult(context, { future: result.id, thread: name })
    : settleRequest(context, { outcome: result, thread: name });
}

function isScript({ type }: FunctionCallBody): boolean {
  switch (type) {
    case 'PYTHON_CALL':
    case 'PYTHON_REMOTE_CALL':
      return false;
    case 'SCRIPT_CALL':
    case 'SCRIPT_REMOTE_CALL':
      return true;
    default:
      return unreachable(type);
  }
}

/**
 * The function of a request is not there: of Python, what runs instead raises; of TorchScript, none is found.
 *
 * @see PyTorch, `internal.py`, `_InternalRPCPickler.deserialize`; `script_call.cpp`.
 */
export function endMissingFunction(
  context: WorkerContext,
  { body, thread }: { readonly body: FunctionCallBody; readonly thread: string },
): Step {
  const { fn } = body.pickle;
  if (!isScript(body)) {
    const message =
      `Can't get attribute '${fn}' on <module '__main__'>. Default RPC pickler does not serialize ` +
      'function code. Ensure that UDFs are defined on both caller and callee modules.';
    const outcome = { type: 'threw', error: { message, name: 'AttributeError' } } as const;
    return endServedFunction(context, { outcome, thread });
  }
  const error = runtimeError(`attempted to get undefined function ${fn}`);
  return settleResult(context, { body, result: { type: 'threw', error }, thread });
}

interface Ended {
  readonly body: FunctionCallBody;
  readonly outcome: Outcome;
}

/** An error becomes a value; an asynchronous function is to give a future. */
function pythonResult(context: WorkerContext, { body, outcome }: Ended): ThreadResult {
  if (outcome.type === 'threw') {
    // `except Exception` does not catch it.
    if (!isErrorOf(outcome.error, 'Exception')) return { type: 'threw', error: outcome.error };
    const workerInfo = workerInfoText(context, context.id);
    return { type: 'returned', value: remoteException({ error: outcome.error, workerInfo }) };
  }
  if (!body.isAsyncExecution) return outcome;
  return (
    futureIn(outcome) ??
    threw(
      'Unable to cast Python instance to C++ type (compile in debug mode for details). Functions ' +
        'decorated with @rpc.async_function must return a torch.futures.Future object, but got ' +
        pythonTypeOf(outcome.value),
    )
  );
}

/** An error is that of the interpreter of scripts, as text. */
function scriptResult(body: FunctionCallBody, outcome: Outcome): ThreadResult {
  if (outcome.type === 'threw') {
    const { message, name } = outcome.error;
    return threw(
      'The following operation failed in the TorchScript interpreter.\n' +
        `Traceback of TorchScript (most recent call last):\n${scriptNameOf(name)}: ${message}\n`,
    );
  }
  if (!body.isAsyncExecution) return outcome;
  const type = scriptTypeOf(outcome.value);
  return (
    futureIn(outcome) ??
    threw(`Async functions must return an IValue of Future type, but got ${type}`)
  );
}

function futureIn({ value }: { readonly value: unknown }): ThreadResult | undefined {
  return isFuture(value) ? { type: 'future', id: value.id } : undefined;
}

function threw(message: string): ThreadResult {
  return { type: 'threw', error: runtimeError(message) };
}

function isFuture(
  value: unknown,
): value is { readonly type: 'future'; readonly id: `future-${number}` } {
  return typeof value === 'object' && value !== null && isFutureHandle(value);
}
