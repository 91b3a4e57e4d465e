/** Locks of a process: one thread holds each at a time, and who waits gets it in order. */
import { unreachable } from '../../../src/core/errors.ts';
import type { PersistentMap } from '../../../src/core/persistent-map.ts';
import { deleteIn, getIn, setIn } from '../../../src/core/persistent-map.ts';
import { torchCheck } from '../../engine/torch-error.ts';
import type { WorkerContext } from '../context.ts';
import { answer } from '../futures/futures.ts';
import type { Step } from '../step.ts';
import { andThen } from '../step.ts';
import type { Asked, LockRequest } from '../user/user-request.ts';

/** The lock of each name that somebody holds: first the holder, then who waits. */
export type Locks = PersistentMap<readonly string[]>;

const acquired = { type: 'returned', value: undefined } as const;

/** Serves a request about a lock. @see Python, `threading.Lock`. */
export function serveLock(context: WorkerContext, { request, thread }: Asked<LockRequest>): Step {
  const { name } = request;
  const line = getIn(context.locks, name) ?? [];
  switch (request.type) {
    case 'lock.acquire': {
      const locked = { ...context, locks: setIn(context.locks, name, [...line, thread]) };
      return line.length === 0
        ? answer(locked, { outcome: acquired, thread })
        : { context: locked, effects: [] };
    }
    case 'lock.release': {
      const [holder, ...waiting] = line;
      torchCheck(holder === thread, 'release unlocked lock');
      const [next] = waiting;
      const locks =
        next === undefined ? deleteIn(context.locks, name) : setIn(context.locks, name, waiting);
      const released = answer({ ...context, locks }, { outcome: acquired, thread });
      return next === undefined
        ? released
        : andThen(released, (now) => answer(now, { outcome: acquired, thread: next }));
    }
    default:
      return unreachable(request);
  }
}
