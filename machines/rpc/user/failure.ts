/**
 * Errors as user code sees them. An error of a remote function travels as an ordinary value, and what the
 * caller makes of it depends on how it asked.
 *
 * @see PyTorch, `torch/distributed/rpc/internal.py`, `_run_function`, `_handle_exception`;
 * `torch/csrc/distributed/rpc/python_functions.cpp`, `toPyJitFuture`.
 */
import { TorchError } from '../../engine/torch-error.ts';
import type { Outcome } from '../futures/futures.ts';
import type { ErrorClass } from './error-classes.ts';
import { isErrorOf, moduleNameOf, rebuildError } from './error-classes.ts';

/** An error by the name of its class in Python. */
export interface Failure extends ErrorClass {
  readonly message: string;
}

/** What a remote function that raised gives in place of its result. */
export interface RemoteException {
  readonly type: 'rpc.remote-exception';
  readonly exceptionType: string;
  readonly message: string;
  /** What else is known of the class, which the caller has too. */
  readonly ofClass?: Omit<ErrorClass, 'name'>;
}

/** Where and how a remote function raised. */
export interface RaisedError {
  readonly error: Failure;
  /** The worker, as texts of errors name it. */
  readonly workerInfo: string;
}

/** The value that says that a function raised. */
export function remoteException({ error, workerInfo }: RaisedError): RemoteException {
  const { message, name, ...ofClass } = error;
  const [args, text] = message === '' ? ['', ''] : [pythonRepr(message), `: ${pythonStr(error)}`];
  const traceback = `Traceback (most recent call last):\n${moduleNameOf(name)}${text}\n`;
  return {
    type: 'rpc.remote-exception',
    exceptionType: name,
    message: `On ${workerInfo}:\n${name}(${args})\n${traceback}`,
    ...(Object.keys(ofClass).length === 0 ? {} : { ofClass }),
  };
}

/** Whether a value says that a function raised. */
export function isRemoteException(value: unknown): value is RemoteException {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    value.type === 'rpc.remote-exception'
  );
}

/**
 * The error of a remote function in its own class: what `to_here` and `local_value` raise. A class that is not
 * constructed from one text cannot be.
 */
export function originalFailure(exception: RemoteException): Failure {
  const { exceptionType: name, ofClass = {} } = exception;
  const message = unicodeUnescape(exception.message);
  const error = rebuildError({ ...ofClass, name });
  if (error === undefined) return { ...ofClass, message, name };
  return runtimeError(
    `Failed to create original exception type. Error msg was ${error}` +
      ` Original exception on remote side was ${message}`,
  );
}

/**
 * The error of a remote function as `rpc_sync` raises it: two classes survive, of those derived from them that
 * one remains, and all others become text. The name of the class stands before the text in any case.
 */
export function convertedFailure(exception: RemoteException): Failure {
  const original = originalFailure(exception);
  // The text of PyTorch names files in double quotes, so Python quotes all of it in single ones.
  const isKey = isErrorOf(original, 'KeyError');
  const text = isKey ? quote(original.message, "'") : original.message;
  const kept = ['ValueError', 'TypeError'].find((name) => isErrorOf(original, name));
  return { message: `${original.name}: ${text}`, name: kept ?? 'RuntimeError' };
}

/** An exception that user code set as the value of a future: who waits raises it, who is sent it gets it. */
export interface ExceptionValue {
  readonly type: 'rpc.exception';
  readonly message: string;
  readonly name: string;
}

/** What a caller sees of a result: an error of the remote function came as a value, and is raised. */
export function seenAs(
  outcome: Outcome,
  { keepsErrorClass }: { readonly keepsErrorClass: boolean },
): Outcome {
  if (outcome.type === 'threw' || !isRemoteException(outcome.value)) return outcome;
  const { value } = outcome;
  const error = keepsErrorClass ? originalFailure(value) : convertedFailure(value);
  return { type: 'threw', error };
}

/** What waiting for a future raises, if it does. */
export function raisedBy(outcome: Outcome): Outcome | undefined {
  if (outcome.type === 'threw') return outcome;
  const { isRaised, value } = outcome;
  if (isRaised !== true || !isExceptionValue(value)) return undefined;
  return { type: 'threw', error: { message: value.message, name: value.name } };
}

/** What a callback raised, as who waits for its future sees it. @see PyTorch, `pybind_utils.h`, `PythonFutureWrapper`. */
export function callbackError(error: Failure): Outcome {
  const text = `Got the following error when running the callback: ${error.name}: ${pythonStr(error)}\n\nAt:\n`;
  return { type: 'threw', error: runtimeError(text) };
}

function isExceptionValue(value: unknown): value is ExceptionValue {
  return (
    typeof value === 'object' && value !== null && 'type' in value && value.type === 'rpc.exception'
  );
}

/** An error of the framework itself. */
export function runtimeError(message: string): Failure {
  return { message, name: 'RuntimeError' };
}

/**
 * What PyTorch raises, as data.
 *
 * @throws whatever is no error of PyTorch: a mistake.
 */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof TorchError) return { message: thrown.message, name: thrown.type };
  throw thrown;
}

/** `str` of an error in Python: a `KeyError` is the `repr` of its key. */
export function pythonStr(error: Failure): string {
  const { message } = error;
  return isErrorOf(error, 'KeyError') && message !== '' ? pythonRepr(message) : message;
}

/** `repr` of a text in Python. */
export function pythonRepr(text: string): string {
  return quote(text, text.includes("'") && !text.includes('"') ? '"' : "'");
}

function quote(text: string, mark: string): string {
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replaceAll(mark, `\\${mark}`);
  return `${mark}${escaped}${mark}`;
}

/** What looks like an escape in the text is one, since PyTorch decodes the text as `unicode_escape`. */
function unicodeUnescape(text: string): string {
  return text.replaceAll(/\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|[\\'"nrt])/g, (escape) =>
    escape.length > 2
      ? String.fromCharCode(Number.parseInt(escape.slice(2), 16))
      : (escapes[escape.slice(1)] ?? escape.slice(1)),
  );
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };
