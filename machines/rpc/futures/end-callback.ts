import { keysOf } from '../../../src/core/persistent-map.ts';
import type { WorkerContext } from '../context.ts';
import { readinessOf } from '../devices/thread-streams.ts';
import type { Step } from '../step.ts';
import { andThen, stepOf } from '../step.ts';
import { holdHandlesIn } from '../threads/holding.ts';
import { endThread } from '../threads/thread-end.ts';
import { threadOf } from '../threads/thread.ts';
import { callbackError } from '../user/failure.ts';
import type { Failure } from '../user/failure.ts';
import type { FutureId } from '../user/handles.ts';
import { rrefsIn } from '../user/handles.ts';
import { completeFuture, outcomeValue, runAfter } from './future-callbacks.ts';
import type { AfterCallbacks, Outcome } from './futures.ts';
import { futureOf } from './futures.ts';

interface EndedCallback {
  readonly outcome: Outcome;
  readonly thread: string;
}

/** A callback that is a user function has ended: its result completes its child. */
export function endCallback(
  context: WorkerContext,
  { outcome, thread: name }: EndedCallback,
): Step {
  const { callback } = threadOf(context, name);
  const after: AfterCallbacks = callback?.after ?? { type: 'nothing' };
  const child = callback?.child;
  const value = outcomeValue(outcome);
  const kept = child === undefined ? context : holdHandlesIn(context, value);
  const ready = readinessOf(context, { thread: name, value });
  const logged =
    child === undefined && outcome.type === 'threw'
      ? breakPromises(kept, { error: outcome.error, thread: name })
      : stepOf(kept);
  return andThen(
    logged,
    (now) => endThread(now, name),
    (now) =>
      child === undefined
        ? runAfter(now, after)
        : completeFuture(now, {
            after,
            future: child,
            keys: rrefsIn(value),
            outcome: outcome.type === 'threw' ? callbackError(outcome.error) : outcome,
            ready,
          }),
  );
}

/**
 * A done callback raised. It has no result that could fail, so PyTorch only logs that, and whoever waits for a future
 * that the callback was to complete waits for ever. Else the futures that it held, and that user code was to
 * complete, fail by it.
 *
 * @see PyTorch, `torch/csrc/jit/python/pybind_utils.h`, `PythonFutureWrapper::add_done_callback`; C++,
 * `std::future_errc::broken_promise`.
 */
function breakPromises(
  context: WorkerContext,
  { error, thread }: { readonly error: Failure; readonly thread: string },
): Step {
  // cast -- the keys of `futures` are those that `giveFutures` was given
  const held = keysOf(threadOf(context, thread).futures) as readonly FutureId[];
  const logged = stepOf(context, {
    type: 'announced',
    announcement: { type: 'callback.failed', message: error.message },
  });
  return held.reduce<Step>((step, future) => {
    const found = futureOf(step.context, future);
    if (found?.isPromise !== true || found.outcome !== undefined) return step;
    const outcome = callbackError(error);
    return andThen(step, (now) =>
      completeFuture(now, { after: { type: 'nothing' }, future, keys: [], outcome }),
    );
  }, logged);
}
