/**
 * The type of a remote value, as a user asks for it: once, and then it is remembered with the reference.
 *
 * @see PyTorch, `py_rref.cpp`, `PyRRef::getRRefType`; `torch/distributed/rpc/api.py`, `_rref_typeof_on_user`.
 */
import { deleteIn, getIn, setIn } from '../../../src/core/persistent-map.ts';
import type { RRefKey } from '../../rref/ids.ts';
import type { WorkerContext } from '../context.ts';
import { answer, futureOf } from '../futures/futures.ts';
import type { Step } from '../step.ts';
import { andThen, stepOf } from '../step.ts';
import { giveFutures, holdFuturesIn, releaseFutures } from '../threads/holding.ts';
import { serveCall } from '../user/call-requests.ts';
import type { FutureId } from '../user/handles.ts';
import type { Asked, RRefRequest } from '../user/user-request.ts';

/** The function that tells the type of a value on its owner. */
export const typeofOnOwner = 'torch.distributed.rpc.api._rref_typeof_on_owner';

/** Gives the future of the type: of the first call that asked for it, also if that failed. */
export function typeOnUser(
  context: WorkerContext,
  { request, thread }: Asked<Extract<RRefRequest, { readonly type: 'rref.get-type' }>>,
): Step {
  const { gradMode, rref, timeout } = request;
  const known = getIn(context.rrefTypes, rref.key);
  if (known !== undefined) {
    const given = giveFutures(context, { ids: [known], thread });
    const value = { type: 'future', id: known };
    return answer(given, { outcome: { type: 'returned', value }, thread });
  }
  const asked = serveCall(context, {
    request: {
      type: 'rpc.async',
      args: [rref],
      callee: { type: 'function', fn: typeofOnOwner, isAsync: false },
      gradMode,
      timeout,
      to: rref.ownerId,
    },
    thread,
  });
  // The call takes the next name, unless the reference could not be pickled.
  const id: FutureId = `future-${context.nextFuture}`;
  return andThen(asked, (now) =>
    stepOf(futureOf(now, id) === undefined ? now : keepType(now, { id, key: rref.key })),
  );
}

/** The reference is gone, and with it what was known of its type. */
export function forgetType(context: WorkerContext, key: RRefKey): Step {
  const known = getIn(context.rrefTypes, key);
  if (known === undefined) return stepOf(context);
  const rrefTypes = deleteIn(context.rrefTypes, key);
  return releaseFutures({ ...context, rrefTypes }, [known]);
}

function keepType(
  context: WorkerContext,
  { id, key }: { readonly id: FutureId; readonly key: RRefKey },
): WorkerContext {
  const held = holdFuturesIn(context, { type: 'future', id });
  return { ...held, rrefTypes: setIn(held.rrefTypes, key, id) };
}
