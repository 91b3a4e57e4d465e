/**
 * The end of remote calls as futures tell of it.
 *
 * @see PyTorch, `rref_interface.h`, `registerOwnerCreationFuture`, `getOwnerCreationFuture`.
 */
import { unreachable } from '../../../src/core/errors.ts';
import { getIn, setIn, valuesOf } from '../../../src/core/persistent-map.ts';
import type { RRefKey } from '../../rref/ids.ts';
import { ownerKey } from '../../rref/ids.ts';
import type { CreationOutcome } from '../../rref/users.ts';
import type { Call, Continuation } from '../agent/call.ts';
import { putCall } from '../agent/call.ts';
import type { WorkerContext } from '../context.ts';
import { completeFuture, runAfter } from '../futures/future-callbacks.ts';
import type { AfterCallbacks } from '../futures/futures.ts';
import { answer, makeFutureFor } from '../futures/futures.ts';
import type { Step } from '../step.ts';
import { andThen } from '../step.ts';
import { runtimeError } from '../user/failure.ts';
import type { RRefHandle } from '../user/handles.ts';

/** What a remote call leads to. */
export type CreationEnd = Extract<
  Continuation,
  { readonly type: 'owner-rref-finished' | 'user-rref-confirmed' }
>;

/** The future of the call that creates the value: it may be under way, or over. */
export function creationFuture(
  context: WorkerContext,
  { rref, thread }: { readonly rref: RRefHandle; readonly thread: string },
): Step {
  const { context: made, id } = makeFutureFor(context, thread);
  const value = { type: 'future', id };
  const call = valuesOf(made.agent.calls).find(({ continuation, isOver }) => {
    const key = isOver ? undefined : keyOf(continuation);
    return key === rref.key;
  });
  const end = call === undefined ? undefined : creationOf(call);
  if (call !== undefined && end !== undefined) {
    const observed = { ...call, continuation: { ...end, observers: [...end.observers, id] } };
    return answer(putCall(made, observed), { outcome: { type: 'returned', value }, thread });
  }
  const error = getIn(made.creationErrors, rref.key);
  return completeFuture(made, {
    after: { type: 'thread-answered', thread, value },
    future: id,
    keys: [],
    outcome:
      error === undefined
        ? { type: 'returned', value: undefined }
        : { type: 'threw', error: runtimeError(error) },
  });
}

/** The call has ended; its futures are completed one after the other. */
export interface SettledCreation {
  readonly after: AfterCallbacks;
  readonly continuation: CreationEnd;
  readonly outcome: CreationOutcome;
}

/** Tells the futures of a remote call of its end, and remembers an error. */
export function settleCreation(context: WorkerContext, settled: SettledCreation): Step {
  const { after, continuation, outcome } = settled;
  const key = keyOf(continuation);
  const remembered =
    outcome.type === 'failed' && key !== undefined
      ? { ...context, creationErrors: setIn(context.creationErrors, key, outcome.message) }
      : context;
  const [first, ...observers] = continuation.observers;
  if (first === undefined) return runAfter(remembered, after);
  const completion = {
    after: { type: 'nothing' } as const,
    future: first,
    keys: [],
    outcome:
      outcome.type === 'failed'
        ? ({ type: 'threw', error: runtimeError(outcome.message) } as const)
        : ({ type: 'returned', value: undefined } as const),
  };
  return andThen(completeFuture(remembered, completion), (now) =>
    settleCreation(now, { after, continuation: { ...continuation, observers }, outcome }),
  );
}

function creationOf({ continuation }: Call): CreationEnd | undefined {
  const { type } = continuation;
  return type === 'owner-rref-finished' || type === 'user-rref-confirmed'
    ? continuation
    : undefined;
}

function keyOf(continuation: Continuation): RRefKey | undefined {
  switch (continuation.type) {
    case 'owner-rref-finished':
      return ownerKey(continuation.rrefId);
    case 'user-rref-confirmed':
      return continuation.forkId;
    case 'future-completed':
    case 'gradient-settled':
    case 'lease-answered':
    case 'question-answered':
    case 'retry-settled':
      return undefined;
    default:
      return unreachable(continuation);
  }
}
