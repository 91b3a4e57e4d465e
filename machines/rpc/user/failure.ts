/**
 * Errors as user code sees them. An error of a remote function travels as an ordinary value, and what the
 * caller makes of it depends on how it asked.
 *
 * @see PyTorch, `torch/distributed/rpc/internal.py`, `_run_function`, `_handle_exception`;
 * `torch/csrc/distributed/rpc/python_functions.cpp`, `toPyJitFuture`.
 */
import { TorchError } from '../../engine/torch-error.ts';
import type { Outcome } from '../futures/futures.ts';

/** An error by the name of its class in Python. */
export interface Failure {
  readonly message: string;
  readonly name: string;
}

/** What a remote function that raised gives in place of its result. */
export interface RemoteException {
  readonly type: 'rpc.remote-exception';
  readonly exceptionType: string;
  readonly message: string;
}

/** Where and how a remote function raised. */
export interface RaisedError {
  readonly error: Failure;
  /** The worker, as texts of errors name it. */
  readonly workerInfo: string;
}

/** The value that says that a function raised. */
export function remoteException({ error, workerInfo }: RaisedError): RemoteException {
  const { message, name } = error;
  const [args, text] = message === '' ? ['', ''] : [pythonRepr(message), `: ${pythonStr(error)}`];
  return {
    type: 'rpc.remote-exception',
    exceptionType: name,
    message: `On ${workerInfo}:\n${name}(${args})\nTraceback (most recent call last):\n${name}${text}\n`,
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

/** The error of a remote function in its own class: what `to_here` and `local_value` raise. */
export function originalFailure({ exceptionType, message }: RemoteException): Failure {
  return { message: unicodeUnescape(message), name: exceptionType };
}

/** The error of a remote function as `rpc_sync` raises it: two classes survive, the others become text. */
export function convertedFailure(exception: RemoteException): Failure {
  const original = originalFailure(exception);
  if (original.name === 'ValueError' || original.name === 'TypeError') return original;
  // The text of PyTorch names files in double quotes, so Python quotes all of it in single ones.
  const text = original.name === 'KeyError' ? quote(original.message, "'") : original.message;
  return { message: `${original.name}: ${text}`, name: 'RuntimeError' };
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
export function pythonStr({ message, name }: Failure): string {
  return name === 'KeyError' && message !== '' ? pythonRepr(message) : message;
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
