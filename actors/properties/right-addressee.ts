import type { Call } from '../../machines/rpc/agent/call.ts';
import type { WorkerContext } from '../../machines/rpc/context.ts';
import { always, getIn, keysOf, valuesOf } from '../../src/index.ts';
import type { Invariant } from './invariant.ts';
import { everyWorker } from './workers.ts';

/** P16. */
export const rightAddressee: Invariant = {
  name: 'P16',
  about:
    'the failure of a call that creates a reference is noted on that reference as long as it lives, and on ' +
    'none whose call is under way',
  of: ({ addresses }) =>
    always(
      'P16',
      everyWorker(
        addresses,
        (worker) =>
          valuesOf(worker.agent.calls).every((call) => isNotedRightly(worker, call)) &&
          failuresAreNoted(worker),
      ),
    ),
};

/** Each creation that is known to have failed left its mark on its own copy. */
function failuresAreNoted({ creationErrors, rrefs }: WorkerContext): boolean {
  return keysOf(creationErrors).every((key) => getIn(rrefs.users, key)?.timedOut !== false);
}

function isNotedRightly({ rrefs }: WorkerContext, call: Call): boolean {
  const { continuation, hasTimedOut, isOver, result } = call;
  if (continuation.type !== 'user-rref-confirmed') return true;
  const user = getIn(rrefs.users, continuation.forkId);
  if (user === undefined) return true;
  if (isOver && hasTimedOut) return user.timedOut;
  return result !== undefined || !user.timedOut;
}
