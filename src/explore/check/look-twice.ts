/** Looks at a system, and whether its machines can be believed. */
import type { Failure } from '../../runtime/failures.ts';
import type { Property } from '../../runtime/property.ts';
import type { ObservedSystem } from '../../runtime/system.ts';
import { look } from './look.ts';
import type { Seen } from './look.ts';
import type { CheckOptions } from './options.ts';

/** What is asked of it, and how. */
export interface Task {
  readonly options: CheckOptions;
  readonly properties: readonly Property[];
}

/**
 * A machine that hides something makes what was seen worth nothing, and may be why a look goes wrong.
 * Runs that break something are made twice anyway, which tells more.
 */
export function lookTwice(
  { lookAgain, system }: ObservedSystem,
  { options, properties }: Task,
): Seen {
  let seen: Seen | undefined;
  try {
    seen = look({ properties, system }, options);
    return seen;
  } finally {
    if (seen === undefined || seen.violations.length === 0) lookAgain();
  }
}

/** What is said of an actor that failed. */
export function failureWords({ actor, error, machine }: Failure): string {
  const what = error instanceof Object && 'message' in error ? error.message : error;
  return `"${actor}" (${machine}) failed in some run, and took no more messages: ${String(what)}.`;
}
