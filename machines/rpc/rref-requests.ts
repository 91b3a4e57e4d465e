/**
 * What user code does with remote references.
 *
 * @see PyTorch, `torch/csrc/distributed/rpc/py_rref.cpp`; `rref_impl.cpp`, `UserRRef::toHere`.
 */
import { unreachable } from '../../src/core/errors.ts';
import { deleteIn, getIn } from '../../src/core/persistent-map.ts';
import { torchCheck } from '../engine/torch-error.ts';
import { pyObject } from '../rref/ids.ts';
import { createOwnerRRef, ownerRRef, setValue } from '../rref/owners.ts';
import type { UserRRef } from '../rref/tables.ts';
import { timedOutText, userText } from '../rref/texts.ts';
import type { WorkerContext } from './context.ts';
import { workerInfoText } from './context.ts';
import { creationFuture } from './creations.ts';
import { findOwner, findValue, hasValue } from './fetch.ts';
import { answer, makeFuture } from './futures.ts';
import type { RRefHandle } from './handles.ts';
import { handleOf } from './pickling.ts';
import { timeoutMsOf } from './process-requests.ts';
import { applyRRefs } from './rref-effects.ts';
import { sendWithAutograd } from './send.ts';
import type { Step } from './step.ts';
import { andThen, chain, queueWork, stepOf } from './step.ts';
import { giveHandles, holdHandlesIn, putThread, threadOf } from './thread.ts';
import type { Asked, RRefRequest } from './user-request.ts';

/** Serves a request about a remote reference. */
export function serveRRef(context: WorkerContext, { request, thread }: Asked<RRefRequest>): Step {
  switch (request.type) {
    case 'rref.confirmed-by-owner': {
      const user = getIn(context.rrefs.users, request.rref.key);
      const value = user === undefined || user.confirmedByOwner;
      return answer(context, { outcome: { type: 'returned', value }, thread });
    }
    case 'rref.get-future':
      return creationFuture(context, { rref: request.rref, thread });
    case 'rref.create':
      return create(context, { thread, value: request.value });
    case 'rref.drop':
      return drop(context, { rref: request.rref, thread });
    case 'rref.local-value':
      return readLocally(context, { rref: request.rref, thread });
    case 'rref.to-here':
      return request.rref.isOwner
        ? readLocally(context, { rref: request.rref, thread })
        : fetch(context, { request, thread });
    default:
      return unreachable(request);
  }
}

interface RRefOfThread {
  readonly rref: RRefHandle;
  readonly thread: string;
}

/** `RRef(value)`: nobody else knows of it before it is pickled. */
function create(
  context: WorkerContext,
  { thread, value }: { readonly thread: string; readonly value: unknown },
): Step {
  const { owner, ...done } = createOwnerRRef(context.rrefs);
  return andThen(
    applyRRefs(context, done),
    (now) => stepOf(holdHandlesIn(now, value)),
    (now) => applyRRefs(now, setValue(now.rrefs, { owner, value })),
    (now) => stepOf(giveHandles(now, { keys: [owner], thread })),
    (now) => answer(now, { outcome: { type: 'returned', value: handleOf(now, owner) }, thread }),
  );
}

/** The function lets go of all that it holds of the reference. */
function drop(context: WorkerContext, { rref, thread: name }: RRefOfThread): Step {
  const thread = threadOf(context, name);
  const { key } = rref;
  const count = getIn(thread.handles, key) ?? 0;
  const handles = deleteIn(thread.handles, key);
  return chain(
    putThread(context, { ...thread, handles }),
    queueWork({ type: 'handle.dropped', count, key }),
    (now) => answer(now, { outcome: { type: 'returned', value: undefined }, thread: name }),
  );
}

function readLocally(context: WorkerContext, { rref, thread }: RRefOfThread): Step {
  const user = getIn(context.rrefs.users, rref.key);
  torchCheck(
    user === undefined,
    `For ${user === undefined ? '' : userText(user)}, can't call localValue() on user ` +
      `${workerInfoText(context, context.id)}. Call it on owner ${workerInfoText(context, rref.ownerId)}`,
  );
  const { key, timedOut } = ownerRRef(context.rrefs, rref.key);
  torchCheck(!timedOut, timedOutText);
  return hasValue(context, key)
    ? findValue(context, { owner: key, thread })
    : findOwner(context, { owner: key, thread });
}

function fetch(
  context: WorkerContext,
  { request, thread }: Asked<Extract<RRefRequest, { readonly type: 'rref.to-here' }>>,
): Step {
  const { gradMode, rref, timeout } = request;
  checkUsable(getIn(context.rrefs.users, rref.key));
  const { context: awaited, id: future } = makeFuture(context, {
    awaiters: [thread],
    keepsErrorClass: true,
  });
  const type = rref.typeName === pyObject ? 'PYTHON_RREF_FETCH_CALL' : 'SCRIPT_RREF_FETCH_CALL';
  return sendWithAutograd(awaited, {
    body: { type, fromWorkerId: rref.ownerId, rrefId: rref.rrefId },
    contextId: threadOf(context, thread).contextId,
    force: true,
    gradMode,
    tensors: [],
    continuation: { type: 'future-completed', future },
    timeoutMs: timeout === undefined ? undefined : timeoutMsOf(timeout),
    to: rref.ownerId,
  });
}

function checkUsable(user: UserRRef | undefined): void {
  torchCheck(user?.timedOut !== true, timedOutText);
  torchCheck(
    user?.deletedOnOwner !== true,
    `${user === undefined ? '' : userText(user)} has been deleted. Cannot call to_here() on it after deletion.`,
  );
}
