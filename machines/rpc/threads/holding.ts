/**
 * Who holds references and futures: threads while their functions run, and whatever keeps a value. What nobody holds
 * any more is let go.
 */
import { deleteIn, getIn, hasIn, setIn } from '../../../src/core/persistent-map.ts';
import { dropHandle, holdHandle } from '../../rref/handles.ts';
import type { RRefKey } from '../../rref/ids.ts';
import type { WorkerContext } from '../context.ts';
import type { Future } from '../futures/futures.ts';
import type { Step } from '../step.ts';
import { andThen, queueWork, stepOf } from '../step.ts';
import { futuresIn, rrefsIn } from '../user/handles.ts';
import type { FutureId } from '../user/handles.ts';
import { putThread, threadOf } from './thread.ts';

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

function holdFuture(context: WorkerContext, id: FutureId): WorkerContext {
  const future = getIn(context.futures, id);
  if (future === undefined) return context;
  const held = { ...future, holders: future.holders + 1 };
  return { ...context, futures: setIn(context.futures, id, held) };
}
