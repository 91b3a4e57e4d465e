/** The module globals of a process: what its functions share between calls. */
import type { Program } from '../src/index.ts';
import { ask } from './ask.ts';

/** Globals by name; `set` and `get` are atomic. */
export const globals = Object.freeze({ entries, get, locked, remove, set });

/** The global of this name, or `undefined`. */
function* get<Value>(name: string): Program<Value | undefined> {
  return yield* ask<Value | undefined>({ type: 'globals.get', name });
}

/** `with lock:` runs `body` while no other thread of the process is under the lock of this name. */
function* locked<Result>(name: string, body: () => Program<Result>): Program<Result> {
  yield* ask<undefined>({ type: 'lock.acquire', name });
  try {
    return yield* body();
  } finally {
    yield* ask<undefined>({ type: 'lock.release', name });
  }
}

/** Sets a global. */
function* set(name: string, value: unknown): Program<void> {
  yield* ask<undefined>({ type: 'globals.set', name, value });
}

/** Forgets a global. */
function* remove(name: string): Program<void> {
  yield* ask<undefined>({ type: 'globals.remove', name });
}

/** The globals whose names begin with `prefix`, in the order of their names. */
function* entries<Value>(prefix = ''): Program<readonly (readonly [string, Value])[]> {
  return yield* ask<readonly (readonly [string, Value])[]>({ type: 'globals.entries', prefix });
}
