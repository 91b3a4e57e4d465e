/** Futures: what user code gets for a call and waits for. */
import { getIn, hasIn, setIn } from '../../src/core/persistent-map.ts';
import type { RRefKey } from '../rref/ids.ts';
import type { Future, Outcome, WorkerContext } from './context.ts';
import { convertedFailure, isRemoteException, originalFailure } from './failure.ts';
import type { FutureId } from './handles.ts';
import type { Step } from './step.ts';
import { chain, stepOf } from './step.ts';
import { giveHandles, releaseHandles } from './thread.ts';

/** The name of the future that the next call completes. */
export function nextFutureId({ agent }: WorkerContext): FutureId {
  return `future-${agent.nextMessageId}`;
}

/** A future that nobody completed. */
export function addFuture(context: WorkerContext, future: Future): WorkerContext {
  return { ...context, futures: setIn(context.futures, future.id, future) };
}

/** How a call came out, and the handles to the references in its value. */
export interface Completion {
  readonly future: FutureId;
  readonly keys: readonly RRefKey[];
  readonly outcome: Outcome;
}

/** Completes a future: whoever waits goes on. If its thread has ended, nobody wants the value any more. */
export function completeFuture(context: WorkerContext, completion: Completion): Step {
  const future = getIn(context.futures, completion.future);
  if (future === undefined) return releaseHandles(context, completion.keys);
  const { isAwaited, thread } = future;
  const outcome = seenBy(future, completion.outcome);
  const given = giveHandles(context, { keys: completion.keys, thread });
  const completed = addFuture(given, { ...future, isAwaited: false, outcome });
  return isAwaited ? answer(completed, { outcome, thread }) : stepOf(completed);
}

/** The thread waits for its future; at once it goes on if that is complete. */
export function awaitFuture(
  context: WorkerContext,
  { future: id, thread }: { readonly future: FutureId; readonly thread: string },
): Step {
  const future = getIn(context.futures, id);
  if (future?.outcome !== undefined) return answer(context, { outcome: future.outcome, thread });
  if (future === undefined) return stepOf(context);
  return stepOf(addFuture(context, { ...future, isAwaited: true }));
}

/** Whether the thread may wait for the future. */
export function ownsFuture(
  { futures }: WorkerContext,
  { future, thread }: { readonly future: FutureId; readonly thread: string },
): boolean {
  return hasIn(futures, future) && getIn(futures, future)?.thread === thread;
}

/** Lets the function of a thread go on. */
export function answer(
  context: WorkerContext,
  { outcome, thread }: { readonly outcome: Outcome; readonly thread: string },
): Step {
  return chain(context, (now) =>
    stepOf(now, {
      type: 'function.told',
      delayMs: 0,
      event:
        outcome.type === 'returned'
          ? { type: 'request.answered', value: outcome.value }
          : { type: 'request.failed', error: outcome.error },
      thread,
    }),
  );
}

/** An error of the remote function came as a value, and is raised here. */
function seenBy({ keepsErrorClass }: Future, outcome: Outcome): Outcome {
  if (outcome.type === 'threw' || !isRemoteException(outcome.value)) return outcome;
  const { value } = outcome;
  return {
    type: 'threw',
    error: keepsErrorClass ? originalFailure(value) : convertedFailure(value),
  };
}
