/**
 * A logical thread of a worker: the user's own, or one that serves a request. It holds the remote references
 * that its user function made or received until the function ends.
 */
import { invariant } from '../../../src/core/errors.ts';
import type { PersistentMap } from '../../../src/core/persistent-map.ts';
import { emptyMap, getIn, setIn } from '../../../src/core/persistent-map.ts';
import type { Frame } from '../../engine/frame.ts';
import { newFrame } from '../../engine/frame.ts';
import type { AutogradContextId, GraphTaskId, LoopId } from '../../engine/ids.ts';
import { threadId } from '../../engine/ids.ts';
import type { SessionId } from '../../profiler/table.ts';
import type { OwnerKey } from '../../rref/ids.ts';
import type { Request } from '../agent/messages.ts';
import type { WorkerContext } from '../context.ts';
import type { CurrentStreams } from '../devices/device-streams.ts';
import type { AfterCallbacks, Outcome } from '../futures/futures.ts';
import type { ProfiledScope } from '../profiling/profiling.ts';
import type { SettledFork } from '../references/fork-requests.ts';
import type { FunctionEvent } from '../step.ts';
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
