/**
 * Backward from a value that a peer owns: the owner runs the pass, and whoever asked waits for its end.
 *
 * @see PyTorch, `py_rref.cpp`, `PyRRef::backward`; `request_callback_impl.cpp`, `processRRefBackward`.
 */
import type { AutogradContextId } from '../../engine/ids.ts';
import { isTensor } from '../../engine/tensor.ts';
import { TorchError, torchCheck } from '../../engine/torch-error.ts';
import type { OwnerState } from '../../rref/tables.ts';
import type { RRefBackwardReq } from '../agent/messages.ts';
import { send } from '../agent/send.ts';
import type { WorkerContext } from '../context.ts';
import { makeFuture } from '../futures/futures.ts';
import { askingCopy } from '../references/asking-copy.ts';
import { respondWithError } from '../serving/respond.ts';
import type { Step } from '../step.ts';
import type { RRefHandle } from '../user/handles.ts';
import { callBackward } from './discovery.ts';

/** What a user asks the owner for. */
export interface UserBackward {
  readonly contextId: AutogradContextId | undefined;
  readonly retainGraph: boolean;
  readonly rref: RRefHandle;
  readonly thread: string;
}

/** Asks the owner, with the default time-out, and waits. */
export function askForBackward(context: WorkerContext, asked: UserBackward): Step {
  const { contextId, retainGraph, rref, thread } = asked;
  torchCheck(contextId !== undefined, "User RRefs require 'dist_autograd_ctx_id' to be specified");
  const { context: awaited, id: future } = makeFuture(context, { awaiters: [thread] });
  return send(awaited, {
    body: {
      type: 'RREF_BACKWARD_REQ',
      ...askingCopy(context, rref),
      contextId,
      retainGraph,
      rrefId: rref.rrefId,
    },
    continuation: { type: 'future-completed', future },
    to: rref.ownerId,
  });
}

/** The value that a peer asks backward of is there: its pass keeps the thread of the pool to its end. */
export function backwardForPeer(
  context: WorkerContext,
  { body, state, thread }: PeerBackward,
): Step {
  const { contextId, retainGraph } = body;
  try {
    torchCheck(state.type !== 'error', state.type === 'error' ? state.message : '');
    const value = state.type === 'value' ? state.value : undefined;
    torchCheck(isTensor(value), noTensorText);
    return callBackward(context, { contextId, retainGraph, roots: [value], thread });
  } catch (thrown) {
    if (!(thrown instanceof TorchError)) throw thrown;
    return respondWithError(context, { message: thrown.message, prefixed: false, thread });
  }
}

/** A request of a peer for backward, and what its OwnerRRef holds. */
export interface PeerBackward {
  readonly body: RRefBackwardReq;
  readonly state: OwnerState;
  readonly thread: string;
}

/** What backward says of any other value. */
export const noTensorText = 'RRef should contain a tensor for .backward()';
