/**
 * What user code does with futures.
 *
 * @see PyTorch, `torch/futures/__init__.py`; `torch/csrc/jit/python/pybind_utils.h`, `PythonFutureWrapper`;
 * `torch/distributed/rpc/api.py`, `_wait_all`.
 */
import { unreachable } from '../../../src/core/errors.ts';
import { setIn } from '../../../src/core/persistent-map.ts';
import { torchCheck } from '../../engine/torch-error.ts';
import { isOn } from '../../switches/switches.ts';
import type { WorkerContext } from '../context.ts';
import { readinessOf } from '../devices/thread-streams.ts';
import { sessionFor } from '../profiling/profiled-calls.ts';
import type { AddedCallback, Step } from '../step.ts';
import { queueWork } from '../step.ts';
import { giveFutures, holdFuturesIn, holdHandlesIn } from '../threads/holding.ts';
import { putThread, threadOf } from '../threads/thread.ts';
import type { FutureId } from '../user/handles.ts';
import { futuresIn, rrefsIn } from '../user/handles.ts';
import type { Asked, FutureRequest } from '../user/user-request.ts';
import { completeFuture, runCallbacks } from './future-callbacks.ts';
import { checkResult, futureDevices } from './future-devices.ts';
import type { Future, FutureCallback } from './futures.ts';
import { answer, answerCopy, awaitFuture, futureOf, makeFutureFor, ownsFuture } from './futures.ts';

/** Serves a request about futures. */
export function serveFuture(
  context: WorkerContext,
  { request, thread }: Asked<FutureRequest>,
): Step {
  requireOwn(context, { request, thread });
  switch (request.type) {
    case 'future.add-done-callback':
    case 'future.then':
      return addCallback(context, { request, thread });
    case 'future.collect':
      return collectAll(context, { request, thread });
    case 'future.create':
      return create(context, { request, thread });
    case 'future.done': {
      const value = futureOf(context, request.future.id)?.outcome !== undefined;
      return give(context, { thread, value });
    }
    case 'future.set-exception':
    case 'future.set-result':
      return complete(context, { request, thread });
    case 'future.value': {
      const outcome = futureOf(context, request.future.id)?.outcome;
      torchCheck(outcome !== undefined, 'value() called on a Future that is not completed.');
      return answerCopy(context, { outcome, thread });
    }
    case 'future.wait':
      return awaitFuture(context, { future: request.future.id, thread });
    case 'wait-all.begin':
      return beginWaitAll(context, thread);
    case 'wait-all.end':
      return endWaitAll(context, thread);
    default:
      return unreachable(request);
  }
}

/** A future of user code; its value may lie on these devices. */
function create(
  context: WorkerContext,
  { request, thread }: Asked<Extract<FutureRequest, { readonly type: 'future.create' }>>,
): Step {
  const devices = futureDevices(request.devices);
  const { context: made, id } = makeFutureFor(context, thread);
  const value = { type: 'future', id };
  const future = futureOf(made, id);
  if (future === undefined) return give(made, { thread, value });
  const onDevices = devices === undefined ? {} : { devices };
  const futures = setIn(made.futures, id, { ...future, ...onDevices, ...promiseOf(made) });
  return give({ ...made, futures }, { thread, value });
}

/** Whether somebody looks after who is to complete it. */
function promiseOf({ switches }: WorkerContext): Pick<Future, 'isPromise'> {
  return isOn(switches, 'future.swallowCallbackErrors') ? {} : { isPromise: true };
}

function requireOwn(context: WorkerContext, { request, thread }: Asked<FutureRequest>): void {
  for (const future of futuresIn(request)) {
    torchCheck(
      ownsFuture(context, { future, thread }),
      `This function did not make ${future}, or it has ended. Wait for a call where it was made.`,
    );
  }
}

type CallbackRequest = Extract<
  FutureRequest,
  { readonly type: 'future.add-done-callback' | 'future.then' }
>;

/** A callback of a complete future runs at once, and whoever registers it waits. */
function addCallback(context: WorkerContext, { request, thread }: Asked<CallbackRequest>): Step {
  const { call, future, type } = request;
  const { context: made, id: child } =
    type === 'future.then' ? makeFutureFor(context, thread) : { context, id: undefined };
  const value = child === undefined ? undefined : { type: 'future', id: child };
  const session = sessionFor(context, thread);
  const callback = {
    type: 'function',
    call,
    ...(child === undefined ? {} : { child }),
    ...(session === undefined ? {} : { session }),
  } as const;
  const held = holdFuturesIn(holdHandlesIn(made, call.args), call.args);
  return addCallbackTo(held, { callback, future: future.id, thread, value });
}

/** Registers it, or runs it at once with a future that is complete. */
export function addCallbackTo(context: WorkerContext, added: AddedCallback): Step {
  const { callback, future, thread, value } = added;
  if (futureOf(context, future)?.outcome !== undefined) {
    const after = { type: 'thread-answered', thread, value } as const;
    return runCallbacks(context, { after, callbacks: [callback], future });
  }
  return isOn(context.switches, 'future.checkThenAct')
    ? queueWork({ type: 'callback.added', ...added })(context)
    : appendCallback(context, added);
}

/** What has been seen incomplete gets its callback; if it is complete meanwhile, nobody runs that. */
export function appendCallback(context: WorkerContext, added: AddedCallback): Step {
  const { callback, future, thread, value } = added;
  return give(register(context, { callback, future }), { thread, value });
}

function register(
  context: WorkerContext,
  { callback, future: id }: { readonly callback: FutureCallback; readonly future: FutureId },
): WorkerContext {
  const future = futureOf(context, id);
  if (future === undefined) return context;
  const callbacks = [...future.callbacks, callback];
  return { ...context, futures: setIn(context.futures, id, { ...future, callbacks }) };
}

/** The future of all: complete when all are, failed as soon as one is. */
function collectAll(
  context: WorkerContext,
  { request, thread }: Asked<Extract<FutureRequest, { readonly type: 'future.collect' }>>,
): Step {
  const ids = request.futures.map(({ id }) => id);
  const each = futuresIn(request.futures);
  const { context: made, id: into } = makeFutureFor(context, thread);
  const value = { type: 'future', id: into };
  const whole = futureOf(made, into);
  if (whole === undefined) return give(made, { thread, value });
  const members = { ids, left: each.length };
  const held = holdFuturesIn(made, request.futures);
  const counted = { ...held, futures: setIn(held.futures, into, { ...whole, members }) };
  const callback = { type: 'collected', into } as const;
  const open = each.filter((id) => futureOf(counted, id)?.outcome === undefined);
  const waiting = open.reduce((now, future) => register(now, { callback, future }), counted);
  if (ids.length === 0) {
    const outcome = { type: 'returned', value: [] } as const;
    const after = { type: 'thread-answered', thread, value } as const;
    return completeFuture(waiting, { after, future: into, keys: [], outcome });
  }
  return collectComplete(waiting, { ids: each.filter((id) => !open.includes(id)), thread, into });
}

interface Collection {
  readonly ids: readonly FutureId[];
  readonly into: FutureId;
  readonly thread: string;
}

/** Members that are complete already are counted one after the other. */
function collectComplete(context: WorkerContext, { ids, into, thread }: Collection): Step {
  const callback = { type: 'collected', into } as const;
  const value = { type: 'future', id: into };
  const last = { type: 'thread-answered', thread, value } as const;
  const [first, ...rest] = ids;
  if (first === undefined) return give(context, { thread, value });
  const after = rest.reduceRight<Parameters<typeof runCallbacks>[1]['after']>(
    (next, future) => ({
      type: 'callbacks-resumed',
      after: next,
      callbacks: [callback],
      future,
    }),
    last,
  );
  return runCallbacks(context, { after, callbacks: [callback], future: first });
}

type SetRequest = Extract<
  FutureRequest,
  { readonly type: 'future.set-exception' | 'future.set-result' }
>;

function complete(context: WorkerContext, { request, thread }: Asked<SetRequest>): Step {
  const after = { type: 'thread-answered', thread, value: undefined } as const;
  const future = request.future.id;
  if (request.type === 'future.set-exception') {
    const value = { type: 'rpc.exception', ...request.error };
    const outcome = { type: 'returned', isRaised: true, value } as const;
    return completeFuture(context, { after, future, keys: [], outcome });
  }
  const { value } = request;
  checkResult(futureOf(context, future), value);
  const held = holdHandlesIn(context, value);
  const outcome = { type: 'returned', value } as const;
  const ready = readinessOf(context, { thread, value });
  return completeFuture(held, { after, future, keys: rrefsIn(value), outcome, ready });
}

function beginWaitAll(context: WorkerContext, name: string): Step {
  const begun = putThread(context, { ...threadOf(context, name), collects: [] });
  return give(begun, { thread: name, value: undefined });
}

/** The calls that were made since `wait-all.begin`. */
function endWaitAll(context: WorkerContext, name: string): Step {
  const { collects = [], ...thread } = threadOf(context, name);
  const value = collects.map((id) => ({ type: 'future', id }));
  const ended = giveFutures(putThread(context, thread), { ids: collects, thread: name });
  return give(ended, { thread: name, value });
}

function give(
  context: WorkerContext,
  { thread, value }: { readonly thread: string; readonly value: unknown },
): Step {
  return answer(context, { outcome: { type: 'returned', value }, thread });
}
