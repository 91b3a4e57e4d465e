import { invariant } from '../../src/core/errors.ts';
/**
 * A logical thread of a worker: the user's own, or one that serves a request. It holds the remote references
 * that its user function made or received until the function ends.
 */
import type { PersistentMap } from '../../src/core/persistent-map.ts';
import {
  deleteIn,
  emptyMap,
  entriesOf,
  getIn,
  setIn,
  valuesOf,
} from '../../src/core/persistent-map.ts';
import type { Frame } from '../engine/frame.ts';
import { newFrame } from '../engine/frame.ts';
import type { AutogradContextId } from '../engine/ids.ts';
import { threadId } from '../engine/ids.ts';
import { holdHandle } from '../rref/handles.ts';
import type { RRefKey } from '../rref/ids.ts';
import type { WorkerContext } from './context.ts';
import type { SettledFork } from './fork-requests.ts';
import { rrefsIn } from './handles.ts';
import type { Request } from './messages.ts';
import type { Step } from './step.ts';
import { stepOf } from './step.ts';

/** One logical thread. */
export interface Thread {
  /** Decoded arguments of the function that it is to run; tensors still stand in the table. */
  readonly args?: unknown;
  /** The autograd context that it is in. */
  readonly contextId?: AutogradContextId;
  /** Where recording on it stands, once its function has ended. */
  readonly frame: Frame;
  /** How many handles it holds to each RRef, by key. */
  readonly handles: PersistentMap<number>;
  /** Whether its request went on after the pool's thread had left it. */
  readonly isAsync: boolean;
  /** Whether it occupies a thread of the pool. */
  readonly isOnPool: boolean;
  /** Its name, and that of the actor that runs its function. */
  readonly name: string;
  /** What it serves; absent for the user's own thread. */
  readonly request?: Request;
  /** What its function gave. */
  readonly result?: unknown;
  /** The fork whose confirmation let it run: its parent is told once this thread is through. */
  readonly settles?: SettledFork;
  /** How many of the references in its arguments their owners do not yet know. */
  readonly unconfirmed: number;
}

/** The user's own thread. */
export const mainThread = 'main';

/** A thread that has done nothing. */
export function newThread(context: WorkerContext, name: string): Thread {
  return {
    frame: newFrame(threadId(`${context.name}/${name}`)),
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

/** Lets go of these handles: now, or at any time later. */
export function releaseHandles(context: WorkerContext, keys: readonly RRefKey[]): Step {
  return stepOf(
    context,
    ...keys.map(
      (key) => ({ type: 'work.queued', work: { type: 'handle.dropped', count: 1, key } }) as const,
    ),
  );
}

/** The end of a thread: its handles and futures are gone, and so is it. */
export function endThread(context: WorkerContext, name: string): Step {
  const { handles } = threadOf(context, name);
  const dropped = [...entriesOf(handles)].map(([held, count]) => {
    // cast -- the keys of `handles` are those that `giveHandles` was given
    const key = held as RRefKey;
    return { type: 'work.queued', work: { type: 'handle.dropped', count, key } } as const;
  });
  const futures = valuesOf(context.futures)
    .filter(({ thread }) => thread === name)
    .reduce((all, { id }) => deleteIn(all, id), context.futures);
  const ended = { ...context, futures, threads: deleteIn(context.threads, name) };
  return stepOf(ended, ...dropped);
}
