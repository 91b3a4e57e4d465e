/**
 * Errors by the names of Python's classes, for user code to throw: between workers an error is its name and
 * text, so it is told apart by `error.name`.
 */
import { TorchError } from '../machines/engine/torch-error.ts';
import type { Poison } from '../machines/rpc/references/pickle.ts';

/** What is known of a class of errors beside its name. */
export interface ErrorClassOptions {
  /** The classes that it is derived from, the nearest first; those that Python has are known. */
  readonly bases?: readonly string[];
  /** What it is constructed from, by name, if that is not one text: then no other worker can construct it. */
  readonly parameters?: readonly string[];
}

/** An error of the class `name`. */
export function pythonError(name: string, message: string, options: ErrorClassOptions = {}): Error {
  return Object.assign(new Error(message), { name, ...options });
}

/** A value that raises `error` when it is pickled, as a lambda of Python does. */
export function unpicklable({ message, name }: Error): Poison {
  return { type: 'rpc.poison', at: 'pickle', error: { message, name } };
}

/** A value that raises `error` where it arrives. */
export function undecodable({ message, name }: Error): Poison {
  return { type: 'rpc.poison', at: 'unpickle', error: { message, name } };
}

/** `ValueError`, which keeps its class on its way to the caller. */
export function valueError(message: string): Error {
  return pythonError('ValueError', message);
}

/** `TypeError`, which keeps its class on its way to the caller. */
export function typeError(message: string): Error {
  return pythonError('TypeError', message);
}

/** `RuntimeError`, which every other class becomes in `rpc.sync`. */
export function runtimeError(message: string): Error {
  return pythonError('RuntimeError', message);
}

/** What `go` gives; what PyTorch raises in it is as user code sees it. */
export function raising<Result>(go: () => Result): Result {
  try {
    return go();
  } catch (thrown) {
    if (thrown instanceof TorchError) throw pythonError(thrown.type, thrown.message);
    throw thrown;
  }
}
