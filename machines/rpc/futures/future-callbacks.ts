/**
 * Completing a future: who waits goes on, and the callbacks run one after the other on the thread that
 * completes it. What that thread does next is kept as data, because each callback is an actor of its own.
 *
 * @see PyTorch, `ivalue_inl.h`, `Future::markCompleted`, `invokeCallback`; `torch/csrc/jit/python/pybind_utils.h`,
 * `PythonFutureWrapper::then`.
 */
import { unreachable } from '../../../src/core/errors.ts';
import { setIn } from '../../../src/core/persistent-map.ts';
import { torchCheck } from '../../engine/torch-error.ts';
import type { RRefKey } from '../../rref/ids.ts';
import { closeCall } from '../agent/call.ts';
import { leavePool } from '../agent/pool.ts';
import type { WorkerContext } from '../context.ts';
import { bothReady } from '../devices/device-streams.ts';
import type { Readiness } from '../devices/devices.ts';
import { awaitReadiness, guardThread } from '../devices/thread-streams.ts';
import { endCallRange } from '../profiling/profiled-calls.ts';
import { frameFor } from '../profiling/profiling.ts';
import { settleRequest } from '../serving/settle-request.ts';
import type { Step } from '../step.ts';
import { andThen, chain, stepOf } from '../step.ts';
import {
  forgetFuture,
  giveFutures,
  giveHandles,
  holdFuturesIn,
  holdHandlesIn,
  releaseFutures,
  releaseHandles,
} from '../threads/holding.ts';
import { newThread, putThread } from '../threads/thread.ts';
import { raisedBy } from '../user/failure.ts';
import type { FutureId } from '../user/handles.ts';
import { futuresIn, rrefsIn } from '../user/handles.ts';
import type { AfterCallbacks, Future, FutureCallback, Outcome } from './futures.ts';
import { answer, answerCopy, answerSole, completed, contextOfRunner, futureOf } from './futures.ts';

/** How a future came out, and what follows. */
export interface Completion {
  readonly after: AfterCallbacks;
  readonly future: FutureId;
  /** The handles to the references in the value, each with one handle. */
  readonly keys: readonly RRefKey[];
  readonly outcome: Outcome;
  /** When the value is ready on its devices. */
  readonly ready?: Readiness | undefined;
}

/**
 * Completes a future: whoever waits goes on, the callbacks run, and then comes what follows.
 *
 * @throws {TorchError} if it was complete.
 */
export function completeFuture(context: WorkerContext, completion: Completion): Step {
  const { after, future: id, keys, outcome, ready } = completion;
  const future = futureOf(context, id);
  if (future === undefined) {
    return andThen(releaseHandles(context, keys), (now) => runAfter(now, after));
  }
  torchCheck(
    future.outcome === undefined,
    'Attempting to mark a completed Future as complete again. Note that a Future can only be marked ' +
      'completed once.',
  );
  const { awaiters, callbacks, holders } = future;
  const [waiter] = awaiters;
  const done = { ...completed(future, outcome), ...(ready === undefined ? {} : { ready }) };
  if (waiter !== undefined && awaiters.length === 1 && holders + callbacks.length === 0) {
    return chain(
      putFuture(context, done),
      (now) => answerSole(now, { keys, outcome: done.outcome, ready, thread: waiter }),
      (now) => forgetFuture(now, { ...done, outcome: nothing }),
      (now) => runAfter(now, after),
    );
  }
  return andThen(
    tellAwaiters(holdFuturesIn(putFuture(context, done), outcomeValue(outcome)), future, done),
    (now) => runCallbacks(now, { after, callbacks, future: id }),
  );
}

/** The callbacks of a future that are still to run. */
export interface Callbacks {
  readonly after: AfterCallbacks;
  readonly callbacks: readonly FutureCallback[];
  readonly future: FutureId;
}

/** Runs callbacks in their order; a user function interrupts this until it has ended. */
export function runCallbacks(
  context: WorkerContext,
  { after, callbacks, future }: Callbacks,
): Step {
  const [callback, ...rest] = callbacks;
  if (callback === undefined) return leaveFuture(context, { after, future });
  const resumed = { type: 'callbacks-resumed', after, callbacks: rest, future } as const;
  switch (callback.type) {
    case 'function':
      return startCallback(context, { after: resumed, callback, future });
    case 'collected':
      return collect(context, { after: resumed, future, into: callback.into });
    case 'range-ended': {
      const { outcome = nothing, ready } = futureOf(context, future) ?? {};
      return endRangeOf(context, { after: resumed, callback, outcome, ready });
    }
    case 'request-settled': {
      const { outcome = nothing, ready } = futureOf(context, future) ?? {};
      const { thread } = callback;
      const waited = awaitReadiness(context, { ready, thread });
      return andThen(settleRequest(waited, { outcome, thread }), (now) => runAfter(now, resumed));
    }
    default:
      return unreachable(callback);
  }
}

interface EndedRange {
  readonly after: AfterCallbacks;
  readonly callback: Extract<FutureCallback, { readonly type: 'range-ended' }>;
  readonly outcome: Outcome;
  readonly ready: Readiness | undefined;
}

/** The scope has ended; who waits for its future gets what the future before gave. */
function endRangeOf(context: WorkerContext, ended: EndedRange): Step {
  const { after, callback, outcome, ready } = ended;
  const { child, scope } = callback;
  const left = scope === undefined ? stepOf(context) : endCallRange(context, scope);
  const value = outcomeValue(outcome);
  return andThen(left, (now) =>
    completeFuture(holdHandlesIn(now, value), {
      after,
      future: child,
      keys: rrefsIn(value),
      outcome,
      ready,
    }),
  );
}

const nothing: Outcome = { type: 'returned', value: undefined };

function tellAwaiters(
  context: WorkerContext,
  { awaiters }: Future,
  { outcome, ready }: { readonly outcome: Outcome; readonly ready?: Readiness },
): Step {
  return awaiters.reduce<Step>(
    (step, thread) =>
      andThen(step, (now) =>
        answerCopy(awaitReadiness(now, { ready, thread }), { outcome, thread }),
      ),
    stepOf(context),
  );
}

interface Started {
  readonly after: AfterCallbacks;
  readonly callback: Extract<FutureCallback, { readonly type: 'function' }>;
  readonly future: FutureId;
}

/** A thread of its own name here, in the context of the thread that completed the future or found it so. */
function startCallback(context: WorkerContext, { after, callback, future }: Started): Step {
  const { call, child, session } = callback;
  const name = `callback-${context.nextFuture}`;
  const numbered = { ...context, nextFuture: context.nextFuture + 1 };
  const running = { after, ...(child === undefined ? {} : { child }) };
  const contextId = contextOfRunner(numbered, after);
  const thread = {
    ...newThread(numbered, name),
    callback: running,
    ...(contextId === undefined ? {} : { contextId }),
    ...(session === undefined ? {} : { session }),
  };
  const args = [{ type: 'future', id: future }, ...call.args];
  const ready = futureOf(context, future)?.ready;
  const guarded = awaitReadiness(guardThread(putThread(numbered, thread), name), {
    ready,
    thread: name,
  });
  const given = giveHandles(giveFutures(guarded, { ids: futuresIn(args), thread: name }), {
    keys: rrefsIn(call.args),
    thread: name,
  });
  return andThen(releaseFutures(given, futuresIn(call.args)), (now) =>
    stepOf(now, {
      type: 'function.started',
      input: { call: { ...call, args }, frame: frameFor(now, name), id: name },
    }),
  );
}

interface Collected {
  readonly after: AfterCallbacks;
  readonly future: FutureId;
  readonly into: FutureId;
}

/** The first error ends the wait; else the last member does. The value is the list of members. */
function collect(context: WorkerContext, { after, future, into }: Collected): Step {
  const whole = futureOf(context, into);
  if (whole === undefined || whole.outcome !== undefined) return runAfter(context, after);
  const { ids, left } = whole.members ?? { ids: [], left: 1 };
  const raised = raisedBy(futureOf(context, future)?.outcome ?? nothing);
  if (raised === undefined && left > 1) {
    return runAfter(putFuture(context, { ...whole, members: { ids, left: left - 1 } }), after);
  }
  const { members: _, ...rest } = whole;
  const value = ids.map((id) => ({ type: 'future', id }));
  const completion = {
    after,
    future: into,
    keys: [],
    outcome: raised ?? ({ type: 'returned', value } as const),
    ready: ids
      .map((id) => futureOf(context, id)?.ready)
      .reduce((all, each) => bothReady(all, each), undefined),
  };
  // The value holds the members from now on.
  return andThen(completeFuture(putFuture(context, rest), completion), (now) =>
    releaseFutures(now, [...new Set(ids)]),
  );
}

/** The callbacks are through. */
function leaveFuture(
  context: WorkerContext,
  { after, future: id }: { readonly after: AfterCallbacks; readonly future: FutureId },
): Step {
  const future = futureOf(context, id);
  return andThen(future === undefined ? stepOf(context) : forgetFuture(context, future), (now) =>
    runAfter(now, after),
  );
}

/** Goes on with what was to follow. */
export function runAfter(context: WorkerContext, after: AfterCallbacks): Step {
  switch (after.type) {
    case 'call-ended':
      return chain(context, (now) => closeCall(now, after.call), leavePool);
    case 'thread-answered': {
      const { thread, value } = after;
      return answer(context, { outcome: { type: 'returned', value }, thread });
    }
    case 'callbacks-resumed':
      return runCallbacks(context, after);
    case 'nothing':
      return stepOf(context);
    default:
      return unreachable(after);
  }
}

function putFuture(context: WorkerContext, future: Future): WorkerContext {
  return { ...context, futures: setIn(context.futures, future.id, future) };
}

/** What a future came out with, if it did not raise. */
export function outcomeValue(outcome: Outcome): unknown {
  return outcome.type === 'returned' ? outcome.value : undefined;
}
