/**
 * What becomes of a request whose function has its result: it is answered, or its OwnerRRef gets the value. An
 * asynchronous function gives a future, and the request waits for it without a thread of the pool.
 *
 * @see PyTorch, `request_callback_impl.cpp`, `runPythonFunction`, `processPythonCall`.
 */
import { invariant } from '../../../src/core/errors.ts';
import { setIn } from '../../../src/core/persistent-map.ts';
import { innerOf } from '../agent/inner-request.ts';
import type { WorkerContext } from '../context.ts';
import { awaitReadiness } from '../devices/thread-streams.ts';
import type { Outcome } from '../futures/futures.ts';
import { futureOf, giveCopy } from '../futures/futures.ts';
import type { Step } from '../step.ts';
import { andThen, queueWork, stepOf } from '../step.ts';
import { leavePoolOf } from '../threads/request-end.ts';
import { endFrame } from '../threads/thread-end.ts';
import { putThread, threadOf } from '../threads/thread.ts';
import type { FutureId } from '../user/handles.ts';
import { requestOf, respondWithError, respondWithValue } from './respond.ts';

/** A request and what its function came to. */
export interface Settled {
  readonly outcome: Outcome;
  readonly thread: string;
}

/** Answers a call; what its future raised is the bare text. A remote call goes on to give its owner the value. */
export function settleRequest(context: WorkerContext, { outcome, thread: name }: Settled): Step {
  const { type } = innerOf(requestOf(context, name));
  if (type === 'PYTHON_REMOTE_CALL' || type === 'SCRIPT_REMOTE_CALL') {
    return settleOwner(context, { outcome, thread: name });
  }
  if (outcome.type === 'threw') {
    const { message } = outcome.error;
    return respondWithError(context, { message, prefixed: false, thread: name });
  }
  const answer = type === 'SCRIPT_CALL' ? 'SCRIPT_RET' : 'PYTHON_RET';
  return respondWithValue(context, { thread: name, type: answer, value: outcome.value });
}

/** Waits for the future that a function gave: the function is over, and its thread of the pool is free. */
export function awaitResult(
  context: WorkerContext,
  { future: id, thread }: { readonly future: FutureId; readonly thread: string },
): Step {
  const future = futureOf(context, id);
  if (future?.outcome !== undefined) {
    const waited = awaitReadiness(context, { ready: future.ready, thread });
    return settleRequest(waited, { outcome: future.outcome, thread });
  }
  if (future === undefined) return stepOf(context);
  const callbacks = [...future.callbacks, { type: 'request-settled', thread } as const];
  const waiting = { ...context, futures: setIn(context.futures, id, { ...future, callbacks }) };
  return andThen(endFrame(waiting, thread), (now) => leavePoolOf(now, thread));
}

/** The owner gets its value in a section of its own; until then the thread holds what is in it. */
function settleOwner(context: WorkerContext, { outcome, thread: name }: Settled): Step {
  const value = outcome.type === 'returned' ? outcome.value : undefined;
  const held = giveCopy(context, { thread: name, value });
  const thread = threadOf(held, name);
  const { owner } = thread;
  invariant(
    owner !== undefined,
    'rpc/no-owner',
    `Thread "${name}" of ${context.name} has a value before it has an OwnerRRef.`,
  );
  const settled = putThread(held, { ...thread, result: outcome });
  return queueWork({ type: 'owner-fork.added', owner, thread: name })(settled);
}
