/**
 * What a shutdown does with references.
 *
 * @see PyTorch, `rref_context.cpp`, `delAllUsersAndUnforkedOwners`, `destroyInstance`.
 */
import type { Program } from '../src/index.ts';
import { ask } from './ask.ts';
import { secondsOf } from './seconds.ts';
import type { CallOptions } from './types.ts';

/** Once nothing is under way: owners are told of copies that came after the sweep. How many there were. */
export function* deleteLateUsers(): Program<number> {
  return yield* ask<number>({ type: 'rref.sweep-late' });
}

/** What to do about references that are left at the end. */
export interface LeakOptions {
  readonly ignoreLeak?: boolean;
}

/**
 * The sweep of a graceful shutdown: waits until no user is pending, deletes all users and the owners that
 * nobody else knows, and waits until peers have deleted the others. Each wait ends after `timeout` seconds.
 */
export function* deleteAllUsersAndUnforkedOwners({
  timeout = sweepTimeout,
}: CallOptions = {}): Program<void> {
  const by = '_delete_all_user_and_unforked_owner_rrefs';
  yield* ask<undefined>({ type: 'rref.sweep', timeout: secondsOf(by, timeout) });
}

const sweepTimeout = 100;

/**
 * The end of a process's references: owners are told of nothing any more. What is still forked is a leak: a
 * warning, and unless ignored an error.
 */
export function* destroyRRefContext({
  ignoreLeak = true,
  ...how
}: LeakOptions & { readonly isTogether?: boolean } = {}): Program<void> {
  yield* ask<undefined>({ type: 'rref.destroy-context', ignoreLeak, ...how });
}
