/**
 * The end of user functions, and what a remote call makes of its result: the function runs first, and only
 * then does the owner get to know the reference, section by section.
 *
 * @see PyTorch, `torch/distributed/rpc/internal.py`, `_run_function`; `request_callback_no_python.cpp`,
 * `assignOwnerRRef`.
 */
import { invariant } from '../../src/core/errors.ts';
import type { Frame } from '../engine/frame.ts';
import { TorchError } from '../engine/torch-error.ts';
import { addForkOfOwner, releaseUnforkedOwner } from '../rref/forks.ts';
import { holdHandle } from '../rref/handles.ts';
import type { OwnerKey } from '../rref/ids.ts';
import { selfFork } from '../rref/ids.ts';
import { getForceCreatedOwner, getOrCreateOwnerRRef, setValue } from '../rref/owners.ts';
import { isOn } from '../switches/switches.ts';
import type { Outcome, WorkerContext } from './context.ts';
import { workerInfoText } from './context.ts';
import { remoteException } from './failure.ts';
import { innerOf } from './inner-request.ts';
import type { PythonRemoteCall } from './messages.ts';
import { requestOf, respondWithError, respondWithValue, respondWrapped } from './respond.ts';
import { applyRRefs } from './rref-effects.ts';
import type { Step } from './step.ts';
import { andThen, queueWork, stepOf } from './step.ts';
import {
  endThread,
  giveHandles,
  holdHandlesIn,
  mainThread,
  newThread,
  putThread,
  threadOf,
} from './thread.ts';

/** Starts the function of the user's own thread, if there is one. */
export function startMain(context: WorkerContext): Step {
  if (context.main.type !== 'running') return stepOf(context);
  const thread = newThread(context, mainThread);
  return stepOf(putThread(context, thread), {
    type: 'function.started',
    input: { call: context.main.call, frame: thread.frame, id: mainThread },
  });
}

/** What the actor of a user function ends with. */
export type FunctionOutput = Outcome & { readonly frame: Frame };

/** The function of a thread is over: the user's own keeps its result, the others answer with it. */
export function endFunction(
  context: WorkerContext,
  { output, thread: name }: { readonly output: FunctionOutput; readonly thread: string },
): Step {
  const { frame, ...outcome } = output;
  if (name === mainThread) return endThread({ ...context, main: outcome }, name);
  const value =
    outcome.type === 'returned'
      ? outcome.value
      : remoteException({
          error: outcome.error,
          workerInfo: workerInfoText(context, context.id),
        });
  const after = putThread(context, { ...threadOf(context, name), frame, result: value });
  return innerOf(requestOf(after, name)).type === 'PYTHON_CALL'
    ? respondWithValue(after, { thread: name, type: 'PYTHON_RET', value })
    : queueWork({ type: 'remote-call.ran', thread: name })(after);
}

/** Looks the OwnerRRef up or makes it; a call to oneself finds the one that it was announced with. */
export function createOwner(context: WorkerContext, { thread }: { readonly thread: string }): Step {
  const { forkId, rrefId } = remoteCallOf(context, thread);
  if (forkId !== selfFork(rrefId)) {
    const { owner, ...done } = getOrCreateOwnerRRef(context.rrefs, rrefId);
    return andThen(
      applyRRefs(context, done),
      (now) => stepOf(giveHandles(now, { keys: [owner], thread })),
      isOn(context.switches, 'rref.createForkNotAtomic')
        ? queueWork({ type: 'owner-rref.created', owner, thread })
        : (now) => addFork(now, { owner, thread }),
    );
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
    if (!(thrown instanceof TorchError)) throw thrown;
    return respondWithError(context, { message: thrown.message, prefixed: true, thread });
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
    if (!(thrown instanceof TorchError)) throw thrown;
    return respondWithError(context, { message: thrown.message, prefixed: true, thread });
  }
}

/**
 * The OwnerRRef gets its value, which holds the references in it. If all forks were deleted before, nobody is
 * left to reach it.
 */
export function assignValue(context: WorkerContext, { owner, thread }: OwnerOfThread): Step {
  const { result: value } = threadOf(context, thread);
  const held = holdHandlesIn(context, value);
  return andThen(
    applyRRefs(held, setValue(held.rrefs, { owner, value })),
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

function remoteCallOf(context: WorkerContext, thread: string): PythonRemoteCall {
  const body = innerOf(requestOf(context, thread));
  invariant(
    body.type === 'PYTHON_REMOTE_CALL',
    'rpc/no-remote-call',
    `Thread "${thread}" of ${context.name} serves ${body.type}, which makes no OwnerRRef.`,
  );
  return body;
}
