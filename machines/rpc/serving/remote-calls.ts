/**
 * What a remote call makes of its result: the function runs first, and only then does the owner get to know
 * the reference, section by section.
 *
 * @see PyTorch, `request_callback_no_python.cpp`, `assignOwnerRRef`.
 */
import { invariant } from '../../../src/core/errors.ts';
import { hasIn } from '../../../src/core/persistent-map.ts';
import { addForkOfOwner, releaseUnforkedOwner } from '../../rref/forks.ts';
import { holdHandle } from '../../rref/handles.ts';
import type { OwnerKey } from '../../rref/ids.ts';
import { selfFork } from '../../rref/ids.ts';
import {
  getForceCreatedOwner,
  getOrCreateOwnerRRef,
  setError,
  setValue,
} from '../../rref/owners.ts';
import { isOn } from '../../switches/switches.ts';
import { innerOf } from '../agent/inner-request.ts';
import type { RemoteCall } from '../agent/messages.ts';
import type { WorkerContext } from '../context.ts';
import { keepOwnerReadiness } from '../devices/thread-streams.ts';
import { applyRRefs } from '../references/rref-effects.ts';
import type { Step } from '../step.ts';
import { andThen, queueWork, stepOf } from '../step.ts';
import { giveHandles, holdIn } from '../threads/holding.ts';
import { putThread, threadOf } from '../threads/thread.ts';
import { answerRaised } from './request-errors.ts';
import { requestOf, respondWrapped } from './respond.ts';
import { typeOfResult } from './schemas.ts';
import { awaitResult } from './settle-request.ts';

/** Looks the OwnerRRef up or makes it; a call to oneself finds the one that it was announced with. */
export function createOwner(context: WorkerContext, { thread }: { readonly thread: string }): Step {
  const call = remoteCallOf(context, thread);
  const { forkId, rrefId } = call;
  if (forkId !== selfFork(rrefId)) {
    const { owner, ...done } = getOrCreateOwnerRRef(context.rrefs, rrefId, typeOfResult(call));
    return andThen(
      applyRRefs(context, done),
      (now) => stepOf(giveHandles(now, { keys: [owner], thread })),
      isOn(context.switches, 'rref.createForkNotAtomic')
        ? queueWork({ type: 'owner-rref.created', owner, thread })
        : (now) => addFork(now, { owner, thread }),
    );
  }
  if (
    !hasIn(context.rrefs.owners, rrefId) &&
    !isOn(context.switches, 'rref.selfRemoteRequiresOwner')
  ) {
    // The call timed out and its reference is gone: nobody is left to reach the value.
    return returnRemoteCall(context, { thread });
  }
  try {
    const owner = getForceCreatedOwner(context.rrefs, rrefId);
    const held = applyRRefs(context, holdHandle(context.rrefs, owner));
    return andThen(
      held,
      (now) => stepOf(giveHandles(now, { keys: [owner], thread })),
      queueWork({ type: 'owner-fork.added', owner, thread }),
    );
  } catch (thrown) {
    return answerRaised(context, { thread, thrown });
  }
}

/** An OwnerRRef and the thread whose function made its value. */
export interface OwnerOfThread {
  readonly owner: OwnerKey;
  readonly thread: string;
}

/** The owner knows the fork of the creator. */
export function addFork(context: WorkerContext, { owner, thread }: OwnerOfThread): Step {
  try {
    const fork = remoteCallOf(context, thread);
    return andThen(
      applyRRefs(context, addForkOfOwner(context.rrefs, fork)),
      queueWork({ type: 'owner-fork.added', owner, thread }),
    );
  } catch (thrown) {
    return answerRaised(context, { thread, thrown });
  }
}

/**
 * The OwnerRRef gets its value, which holds the references in it, or its error; an asynchronous function's
 * future is waited for first. If all forks were deleted before, nobody is left to reach it.
 */
export function assignValue(context: WorkerContext, { owner, thread }: OwnerOfThread): Step {
  const serving = threadOf(context, thread);
  const { result } = serving;
  if (result?.type === 'future') {
    return awaitResult(putThread(context, { ...serving, owner }), { future: result.id, thread });
  }
  const value = result?.type === 'returned' ? result.value : undefined;
  const held = keepOwnerReadiness(holdIn(context, value), { owner, thread, value });
  const done =
    result?.type === 'threw'
      ? setError(held.rrefs, { message: result.error.message, owner })
      : setValue(held.rrefs, { owner, value });
  return andThen(
    applyRRefs(held, done),
    (now) => applyRRefs(now, releaseUnforkedOwner(now.rrefs, owner)),
    queueWork({ type: 'owner-value.set', thread }),
  );
}

/** The creator learns that the reference exists. */
export function returnRemoteCall(
  context: WorkerContext,
  { thread }: { readonly thread: string },
): Step {
  const { forkId, rrefId } = remoteCallOf(context, thread);
  return respondWrapped(context, {
    body: { type: 'REMOTE_RET', forkId, rrefId },
    tensors: [],
    thread,
  });
}

function remoteCallOf(context: WorkerContext, thread: string): RemoteCall {
  const body = innerOf(requestOf(context, thread));
  invariant(
    body.type === 'PYTHON_REMOTE_CALL' || body.type === 'SCRIPT_REMOTE_CALL',
    'rpc/no-remote-call',
    `Thread "${thread}" of ${context.name} serves ${body.type}, which makes no OwnerRRef.`,
  );
  return body;
}
