/** The end of a function and of its thread: what that held is gone. */
import { deleteIn, emptyMap, entriesOf, keysOf } from '../../../src/core/persistent-map.ts';
import type { RRefKey } from '../../rref/ids.ts';
import type { WorkerContext } from '../context.ts';
import { leaveStreams } from '../devices/device-streams.ts';
import type { Step } from '../step.ts';
import { andThen, stepOf } from '../step.ts';
import type { FutureId } from '../user/handles.ts';
import { releaseFutures } from './holding.ts';
import { putThread, threadOf } from './thread.ts';

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
