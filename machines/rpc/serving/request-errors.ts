/**
 * What a request that raised is answered with. An error of the framework is answered at once; one of the
 * interpreter needs its lock first, to give the error back and to clear it.
 *
 * @see PyTorch, `request_callback_impl.cpp`, `processRpcWithErrors`; `request_callback_no_python.cpp`,
 * `handleError`.
 */
import { TorchError } from '../../engine/torch-error.ts';
import type { WorkerContext } from '../context.ts';
import type { Step } from '../step.ts';
import {
  awaitInterpreter,
  isInterpreterTaken,
  PythonError,
  raiseIn,
  restoreAndClear,
} from '../threads/interpreter.ts';
import { respondWithError } from './respond.ts';

/** A request and what it raised. */
export interface RaisedRequest {
  readonly thread: string;
  readonly thrown: unknown;
}

/**
 * Answers a request that raised: the text is taken first, then, for an error of the interpreter, its lock.
 *
 * @throws whatever is no error of PyTorch: a mistake.
 */
export function answerRaised(context: WorkerContext, { thread, thrown }: RaisedRequest): Step {
  if (!(thrown instanceof TorchError)) throw thrown;
  if (!(thrown instanceof PythonError)) {
    return respondWithError(context, { message: thrown.message, prefixed: true, thread });
  }
  const message = `${thrown.type}: ${thrown.message}`;
  return clearError(raiseIn(context, thrown), { message, thread });
}

/** The error of the interpreter is taken back, once its lock is free; then the request is answered. */
export function clearError(
  context: WorkerContext,
  { message, thread }: { readonly message: string; readonly thread: string },
): Step {
  if (isInterpreterTaken(context, thread)) {
    return awaitInterpreter(context, { type: 'request.raised', message, thread });
  }
  return respondWithError(restoreAndClear(context), { message, prefixed: true, thread });
}
