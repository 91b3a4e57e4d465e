/**
 * Futures: values that are to come. User code holds them by handles; what runs when they are complete is in
 * `future-callbacks.ts`.
 *
 * @see PyTorch, `aten/src/ATen/core/ivalue_inl.h`, `Future`; `torch/futures/__init__.py`.
 */
import { getIn, hasIn, setIn } from '../../../src/core/persistent-map.ts';
import type { SessionId } from '../../profiler/table.ts';
import type { RRefKey } from '../../rref/ids.ts';
import type { FunctionCall, WorkerContext } from '../context.ts';
import type { Readiness } from '../devices/devices.ts';
import { awaitReadiness } from '../devices/thread-streams.ts';
import type { ProfiledScope } from '../profiling/profiling.ts';
import type { FunctionEvent, Step } from '../step.ts';
import { andThen, stepOf } from '../step.ts';
import { giveFutures, giveHandles, holdHandlesIn } from '../threads/holding.ts';
import { leaveInterpreter } from '../threads/interpreter.ts';
import { putThread, threadOf } from '../threads/thread.ts';
import { awaitPool } from '../threads/waiting-thread.ts';
import type { Failure } from '../user/failure.ts';
import { raisedBy, seenAs } from '../user/failure.ts';
import type { FutureId } from '../user/handles.ts';
import { futuresIn, rrefsIn } from '../user/handles.ts';

/** A value that is to come: of a call, of a callback, or that user code will set. */
export interface Future {
  /** The threads that wait for it. */
  readonly awaiters: readonly string[];
  /** What runs when it is complete, in the order in which it was registered. */
  readonly callbacks: readonly FutureCallback[];
  /** The devices that its value may lie on, where user code made it. */
  readonly devices?: readonly string[];
  /** How many threads, globals and callbacks hold it; who waits and who is to be told does not count. */
  readonly holders: number;
  readonly id: FutureId;
  /** The futures that it waits for, and how many of them are not complete. */
  readonly members?: { readonly ids: readonly FutureId[]; readonly left: number };
  /** Whether user code is to complete it, where somebody looks after that. */
  readonly isPromise?: true;
  /** Whether an error of the remote function keeps its class, as in `to_here`. */
  readonly keepsErrorClass: boolean;
  readonly outcome?: Outcome;
  /** When its value is ready on devices: who waits for it waits for that too. */
  readonly ready?: Readiness;
}

/** What runs when a future is complete. */
export type FutureCallback =
  /** A user function, given the future and `args`; its result completes `child`, if there is one. */
  | {
      readonly type: 'function';
      readonly call: FunctionCall;
      readonly child?: FutureId;
      /** The profiler of the thread that registered it. */
      readonly session?: SessionId;
    }
  /** A scope of a profiler ends, if one is on, and `child` comes out as the future did. */
  | { readonly type: 'range-ended'; readonly child: FutureId; readonly scope?: ProfiledScope }
  /** One member less that `into` waits for. */
  | { readonly type: 'collected'; readonly into: FutureId }
  /** A request is answered with the value, or its OwnerRRef gets it. */
  | { readonly type: 'request-settled'; readonly thread: string };

/** What follows when the callbacks of a future are through, on the thread that ran them. */
export type AfterCallbacks =
  | { readonly type: 'call-ended'; readonly call: number }
  /** The thread that completed the future, or registered a callback with a complete one, goes on. */
  | { readonly type: 'thread-answered'; readonly thread: string; readonly value: unknown }
  /** The callbacks of the future before. */
  | {
      readonly type: 'callbacks-resumed';
      readonly after: AfterCallbacks;
      readonly callbacks: readonly FutureCallback[];
      readonly future: FutureId;
    }
  | { readonly type: 'nothing' };

/** How a call ended. */
export type Outcome =
  | {
      readonly type: 'returned';
      /** Whether the value is an exception that user code set, which who waits raises. */
      readonly isRaised?: true;
      readonly value: unknown;
    }
  | { readonly type: 'threw'; readonly error: Failure };

/** A future that nobody has completed. */
export interface MadeFuture {
  readonly context: WorkerContext;
  readonly id: FutureId;
}

/** Makes a future, incomplete and held by nobody. */
export function makeFuture(
  context: WorkerContext,
  { awaiters = [], keepsErrorClass = false }: Partial<Pick<Future, 'awaiters' | 'keepsErrorClass'>>,
): MadeFuture {
  const id: FutureId = `future-${context.nextFuture}`;
  const future = { awaiters, callbacks: [], holders: 0, id, keepsErrorClass };
  const futures = setIn(context.futures, id, future);
  return { context: { ...context, futures, nextFuture: context.nextFuture + 1 }, id };
}

/** Makes a future that a thread holds. */
export function makeFutureFor(context: WorkerContext, thread: string): MadeFuture {
  const made = makeFuture(context, {});
  return { ...made, context: giveFutures(made.context, { ids: [made.id], thread }) };
}

/** A future that is there. */
export function futureOf({ futures }: WorkerContext, id: FutureId): Future | undefined {
  return getIn(futures, id);
}

/** Whether the thread holds the future. */
export function ownsFuture(
  context: WorkerContext,
  { future, thread }: { readonly future: FutureId; readonly thread: string },
): boolean {
  return hasIn(threadOf(context, thread).futures, future);
}

/** The thread waits for its future; at once it goes on if that is complete. */
export function awaitFuture(
  context: WorkerContext,
  { future: id, thread }: { readonly future: FutureId; readonly thread: string },
): Step {
  const future = futureOf(context, id);
  if (future === undefined) return stepOf(context);
  if (future.outcome !== undefined) {
    const waited = awaitReadiness(context, { ready: future.ready, thread });
    return answerCopy(waited, { outcome: future.outcome, thread });
  }
  const awaited = { ...future, awaiters: [...future.awaiters, thread] };
  return stepOf({ ...context, futures: setIn(context.futures, id, awaited) });
}

/** Lets the function of a thread go on with what stays elsewhere too: it gets handles of its own. */
export function answerCopy(
  context: WorkerContext,
  { outcome, thread }: { readonly outcome: Outcome; readonly thread: string },
): Step {
  const raised = raisedBy(outcome);
  if (raised !== undefined) return answer(context, { outcome: raised, thread });
  const value = outcome.type === 'returned' ? outcome.value : undefined;
  return answer(giveCopy(context, { thread, value }), { outcome, thread });
}

/** The value goes to user code beside whoever keeps it: the handles in it are held twice. */
export function giveCopy(
  context: WorkerContext,
  { thread, value }: { readonly thread: string; readonly value: unknown },
): WorkerContext {
  const held = giveHandles(holdHandlesIn(context, value), { keys: rrefsIn(value), thread });
  return giveFutures(held, { ids: futuresIn(value), thread });
}

/** Lets the function of a thread go on. */
export function answer(
  context: WorkerContext,
  { outcome, thread }: { readonly outcome: Outcome; readonly thread: string },
): Step {
  const event: FunctionEvent =
    outcome.type === 'returned'
      ? { type: 'request.answered', value: outcome.value }
      : { type: 'request.failed', error: outcome.error };
  const asked = threadOf(context, thread);
  if (asked.wait !== undefined) {
    return andThen(awaitPool(context, { event, thread }), (now) => leaveInterpreter(now, thread));
  }
  return asked.sleep === undefined
    ? andThen(stepOf(context, { type: 'function.told', delayMs: 0, event, thread }), (now) =>
        leaveInterpreter(now, thread),
      )
    : stepOf(putThread(context, { ...asked, sleep: { answer: event } }));
}

/** The future with its outcome, as who waits will see it. */
export function completed(
  future: Future,
  outcome: Outcome,
): Future & { readonly outcome: Outcome } {
  return { ...future, awaiters: [], callbacks: [], outcome: seenAs(outcome, future) };
}

/** Who waits alone takes the handles in the value along. */
export function answerSole(
  context: WorkerContext,
  { keys, outcome, ready, thread }: SoleAnswer,
): Step {
  const waited = awaitReadiness(context, { ready, thread });
  return answer(giveHandles(waited, { keys, thread }), {
    outcome: raisedBy(outcome) ?? outcome,
    thread,
  });
}

/** The answer for the only thread that waits for a future which nobody holds. */
export interface SoleAnswer {
  readonly keys: readonly RRefKey[];
  readonly outcome: Outcome;
  readonly ready: Readiness | undefined;
  readonly thread: string;
}

/** The autograd context of the thread that completed a future, or found it complete. */
export function contextOfRunner(context: WorkerContext, after: AfterCallbacks) {
  let last = after;
  while (last.type === 'callbacks-resumed') last = last.after;
  return last.type === 'thread-answered' ? threadOf(context, last.thread).contextId : undefined;
}
