import { autogradPartOf } from '../../machines/rpc/agent/inner-request.ts';
import type { Thread } from '../../machines/rpc/threads/thread.ts';
import { always, valuesOf } from '../../src/index.ts';
import type { Invariant, InvariantName } from './invariant.ts';
import { everyWorker } from './workers.ts';

/** P9. */
export const ambientContext: Invariant = isolationAs('P9');

/** S22. */
export const contextRestored: Invariant = isolationAs('S22');

function isolationAs(name: InvariantName): Invariant {
  return {
    name,
    about: 'a handler is in the autograd context of its own request, or in none',
    of: ({ addresses }) =>
      always(
        name,
        everyWorker(addresses, ({ threads }) => valuesOf(threads).every(isAtHome)),
      ),
  };
}

function isAtHome({ contextId, request }: Thread): boolean {
  if (request === undefined || contextId === undefined) return true;
  return autogradPartOf(request)?.contextId === contextId;
}
