/**
 * Errors by the names of Python's classes, for user code to throw: between workers an error is its name and
 * text, so it is told apart by `error.name`.
 */

/** An error of the class `name`. */
export function pythonError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
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
