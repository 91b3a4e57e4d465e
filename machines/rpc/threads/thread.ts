/**
 * A logical thread of a worker: the user's own, or one that serves a request. It holds the remote references
 * that its user function made or received until the function ends.
 */
import { invariant } from '../../../src/core/errors.ts';
import type { PersistentMap } from '../../../src/core/persistent-map.ts';
import {
  deleteIn,
  emptyMap,
  entriesOf,
  getIn,
  hasIn,
  keysOf,
  setIn,
} from '../../../src/core/persistent-map.ts';
import type { Frame } from '../../engine/frame.ts';
import { newFrame } from '../../engine/frame.ts';
import type { AutogradContextId, GraphTaskId, LoopId } from '../../engine/ids.ts';
import { threadId } from '../../engine/ids.ts';
import type { SessionId } from '../../profiler/table.ts';
import { dropHandle, holdHandle } from '../../rref/handles.ts';
import type { OwnerKey, RRefKey } from '../../rref/ids.ts';
import type { Request } from '../agent/messages.ts';
import type { WorkerContext } from '../context.ts';
import { leaveStreams } from '../devices/device-streams.ts';
import type { CurrentStreams } from '../devices/device-streams.ts';
import type { AfterCallbacks, Future, Outcome } from '../futures/futures.ts';
import type { ProfiledScope } from '../profiling/profiling.ts';
import type { SettledFork } from '../references/fork-requests.ts';
import type { FunctionEvent, Step } from '../step.ts';
import { andThen, queueWork, stepOf } from '../step.ts';
import { futuresIn, rrefsIn } from '../user/handles.ts';
import type { FutureId } from '../user/handles.ts';

/** One logical thread. */
export interface Thread {
  /** Decoded arguments of the function that it is to run; tensors still stand in the table. */
  readonly args?: unknown;
  /** The call of `backward` that it waits for, if a profiler records that. */
  readonly backward?: ProfiledScope;
  /** The autograd context that it is in. */
  readonly contextId?: AutogradContextId;
  /** Where recording on it stands, once its function has ended. */
  readonly frame: Frame;
  /** How many handles it holds to each RRef, by key. */
  readonly handles: PersistentMap<number>;
  /** Whether whoever made its request has given that up. */
  readonly isCalledOff?: true;
  /** Whether its request went on after the pool's thread had left it. */
  readonly isAsync: boolean;
  /** Whether it occupies a thread of the pool. */
  readonly isOnPool: boolean;
  /** Its name, and that of the actor that runs its function. */
  readonly name: string;
  /** What it does after its function, a callback of a future. */
  readonly callback?: RunningCallback;
  /** The loop of a backward pass that waits for its function. */
  readonly loop?: { readonly graphTask: GraphTaskId; readonly loop: LoopId };
  /** The futures of the calls made in `_wait_all`, if it is in one. */
  readonly collects?: readonly FutureId[];
  /** The futures that its function made or was given. */
  readonly futures: PersistentMap<true>;
  /** The name of its call that failed before it was sent, under a profiler. */
  readonly profilingKey?: string;
  /** The ranges of the process in which its request is recorded. */
  readonly ranges?: readonly number[];
  /** The profiler that records what it does, if one is on. */
  readonly session?: SessionId;
  /** Why the request cannot run. */
  readonly refusal?: string;
  /** What it serves; absent for the user's own thread and for callbacks. */
  readonly request?: Request;
  /** The OwnerRRef that its remote call made. */
  readonly owner?: OwnerKey;
  /** What its function gave, or the future that will give it. */
  readonly result?: ThreadResult;
  /** The fork whose confirmation let it run: its parent is told once this thread is through. */
  readonly settles?: SettledFork;
  /** Whether it sleeps before a write, and what it was told meanwhile. */
  readonly sleep?: { readonly answer?: FunctionEvent };
  /** The streams that it works on, by device; on others it works on the default stream. */
  readonly streams?: CurrentStreams;
  /** How many of the references in its arguments their owners do not yet know, as far as it waits for that. */
  readonly unconfirmed: number;
  /** While its function waits and has left the pool: the answer, once that is there. */
  readonly wait?: { readonly answer?: FunctionEvent };
}

/** A user function that runs because a future is complete. */
export interface RunningCallback {
  readonly after: AfterCallbacks;
  /** The future that its result completes, if any. */
  readonly child?: FutureId;
}

/** What the function of a request came to. */
export type ThreadResult = Outcome | { readonly type: 'future'; readonly id: FutureId };

/** The user's own thread. */
export const mainThread = 'main';

/** A thread that has done nothing. */
export function newThread(context: WorkerContext, name: string): Thread {
  return {
    frame: newFrame(threadId(`${context.name}/${name}`)),
    futures: emptyMap(),
    handles: emptyMap(),
    isAsync: false,
    isOnPool: false,
    name,
    unconfirmed: 0,
  };
}

/** The thread of this name; whoever asks knows that it runs. */
export function threadOf(context: WorkerContext, name: string): Thread {
  const found = getIn(context.threads, name);
  invariant(
    found !== undefined,
    'rpc/no-thread',
    `There is no thread "${name}" on ${context.name}. What it waited for came after its end.`,
  );
  return found;
}

/** The worker with the thread as it is now. */
export function putThread(context: WorkerContext, thread: Thread): WorkerContext {
  return { ...context, threads: setIn(context.threads, thread.name, thread) };
}

/** Gives the handles that the tables counted for somebody to the thread. */
export function giveHandles(
  context: WorkerContext,
  { keys, thread }: { readonly keys: readonly RRefKey[]; readonly thread: string },
): WorkerContext {
  if (keys.length === 0) return context;
  const owner = threadOf(context, thread);
  const handles = keys.reduce(
    (all, key) => setIn(all, key, (getIn(all, key) ?? 0) + 1),
    owner.handles,
  );
  return putThread(context, { ...owner, handles });
}

/** Counts one more handle for each reference in the value, for whoever keeps it. */
export function holdHandlesIn(context: WorkerContext, value: unknown): WorkerContext {
  return rrefsIn(value).reduce(
    (now, key) => ({ ...now, rrefs: holdHandle(now.rrefs, key).tables }),
    context,
  );
}

/** Lets go of these handles: the last one of each now, or at any time later. */
export function releaseHandles(context: WorkerContext, keys: readonly RRefKey[]): Step {
  return keys.reduce<Step>(
    (step, key) => andThen(step, (now) => releaseHandle(now, key)),
    stepOf(context),
  );
}

/** Only the last handle has a destructor, whose moment matters. */
function releaseHandle(context: WorkerContext, key: RRefKey): Step {
  const count = getIn(context.rrefs.handles, key) ?? 0;
  if (count > 1) {
    return stepOf({ ...context, rrefs: dropHandle(context.rrefs, key).tables });
  }
  return queueWork({ type: 'handle.dropped', count: 1, key })(context);
}

/** The thread holds these futures from now on. */
export function giveFutures(
  context: WorkerContext,
  { ids, thread: name }: { readonly ids: readonly FutureId[]; readonly thread: string },
): WorkerContext {
  return ids.reduce((now, id) => {
    const thread = threadOf(now, name);
    if (hasIn(thread.futures, id) || !hasIn(now.futures, id)) return now;
    return putThread(holdFuture(now, id), { ...thread, futures: setIn(thread.futures, id, true) });
  }, context);
}

/** One more that holds each future in the value. */
export function holdFuturesIn(context: WorkerContext, value: unknown): WorkerContext {
  return futuresIn(value).reduce(holdFuture, context);
}

/** Whoever keeps the value holds the references and the futures in it. */
export function holdIn(context: WorkerContext, value: unknown): WorkerContext {
  return holdFuturesIn(holdHandlesIn(context, value), value);
}

/** Whoever kept the value lets go of it. */
export function releaseIn(context: WorkerContext, value: unknown): Step {
  return andThen(releaseHandles(context, rrefsIn(value)), (now) =>
    releaseFutures(now, futuresIn(value)),
  );
}

/** One less that holds these futures: those that nobody holds, and that nobody is to be told of, are gone. */
export function releaseFutures(context: WorkerContext, ids: readonly FutureId[]): Step {
  return ids.reduce<Step>(
    (step, id) =>
      andThen(step, (now) => {
        const future = getIn(now.futures, id);
        if (future === undefined) return stepOf(now);
        return forgetFuture(now, { ...future, holders: future.holders - 1 });
      }),
    stepOf(context),
  );
}

/** Keeps the future as it is now, unless nothing needs it any more. */
export function forgetFuture(context: WorkerContext, future: Future): Step {
  const { awaiters, callbacks, holders, id, outcome } = future;
  const isNeeded = holders > 0 || (outcome === undefined && awaiters.length + callbacks.length > 0);
  if (isNeeded) return stepOf({ ...context, futures: setIn(context.futures, id, future) });
  const forgotten = { ...context, futures: deleteIn(context.futures, id) };
  if (outcome?.type !== 'returned') {
    return releaseFutures(forgotten, [...new Set(future.members?.ids)]);
  }
  return releaseIn(forgotten, outcome.value);
}

/** The end of a function: what its thread holds is gone, though the thread may go on to answer. */
export function endFrame(context: WorkerContext, name: string): Step {
  const thread = threadOf(context, name);
  const { futures, handles } = thread;
  const dropped = [...entriesOf(handles)].map(([held, count]) => {
    // cast -- the keys of `handles` are those that `giveHandles` was given
    const key = held as RRefKey;
    return { type: 'work.queued', work: { type: 'handle.dropped', count, key } } as const;
  });
  const bare = putThread(context, { ...thread, futures: emptyMap(), handles: emptyMap() });
  // casts -- the keys of `futures` are those that `giveFutures` was given
  const ids = keysOf(futures) as readonly FutureId[];
  return andThen(releaseFutures(bare, ids), (now) => stepOf(now, ...dropped));
}

/** The end of a thread: what it holds is gone, and so is it. */
export function endThread(context: WorkerContext, name: string): Step {
  const { streams } = threadOf(context, name);
  return andThen(endFrame(context, name), (now) =>
    stepOf(leaveStreams({ ...now, threads: deleteIn(now.threads, name) }, streams)),
  );
}

function holdFuture(context: WorkerContext, id: FutureId): WorkerContext {
  const future = getIn(context.futures, id);
  if (future === undefined) return context;
  const held = { ...future, holders: future.holders + 1 };
  return { ...context, futures: setIn(context.futures, id, held) };
}
